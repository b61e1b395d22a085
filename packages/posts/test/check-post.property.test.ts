import { decodePost, type Profile } from '@rookery/wire';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkPost, type PostContext } from '../src/index.ts';
import { backend, NOW, pieceOf, signedPosts, TIP, users } from './arbitraries.ts';
import { bytesOf, CAPTURED_TIP, capturedPosts, capturedUsers } from './captured.ts';

const PROFILES: readonly Profile[] = ['canonical', 'deployed'];

function contextOf(profile: Profile, user: string, k: number): PostContext {
  return { profile, user, k, tip: TIP, users, now: NOW, backend };
}

/** Bytes that often reach the later rules: pieces of a captured post in any order. */
const fragments = capturedPosts.map(({ raw }) => bytesOf(raw));
const nearlyPosts = fc
  .tuple(
    fc.constantFrom(...fragments),
    fc.array(fc.tuple(fc.nat(), fc.nat(), fc.uint8Array({ maxLength: 6 })), { maxLength: 4 }),
  )
  .map(([post, edits]) =>
    edits.reduce((bytes, [at, length, insert]) => {
      const start = at % (bytes.length + 1);
      return Uint8Array.of(...bytes.subarray(0, start), ...insert, ...bytes.subarray(start + (length % 6)));
    }, post),
  );

describe.each(PROFILES)('%s', (profile) => {
  test('no bytes make it throw', () => {
    const users = capturedUsers();
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), nearlyPosts), fc.nat({ max: 14 }), (bytes, k) => {
        const verdict = checkPost(bytes, { profile, user: 'alice', k, tip: CAPTURED_TIP, users, now: NOW, backend });
        if (!verdict.ok) expect(verdict.detail).not.toBe('');
      }),
    );
  });

  test('what is accepted is what was signed, and its flags are among those of the fields', () => {
    fc.assert(
      fc.property(signedPosts, ({ fields, signer }) => {
        const bytes = pieceOf(fields, signer);
        const verdict = checkPost(bytes, contextOf(profile, String(fields.n), Number(fields.k ?? 0)));
        if (!verdict.ok) return;
        expect(verdict.post.bytes).toBe(bytes);
        for (const flag of verdict.flags) expect(fields[flag]).toBeTypeOf('object');
      }),
    );
  });
});

test('what the canonical profile accepts, the deployed profile accepts with the same flags', () => {
  let accepted = 0;
  fc.assert(
    fc.property(signedPosts, fc.boolean(), ({ fields, signer }, judgeTime) => {
      const bytes = pieceOf(fields, signer);
      const { now, ...timeless } = contextOf('canonical', String(fields.n), Number(fields.k ?? 0));
      const canonical = checkPost(bytes, judgeTime && now !== undefined ? { ...timeless, now } : timeless);
      if (!canonical.ok) return;
      accepted += 1;
      const deployed = checkPost(bytes, { ...timeless, profile: 'deployed' });
      expect(deployed).toMatchObject({ ok: true, flags: canonical.flags });
    }),
  );
  expect(accepted).toBeGreaterThan(0);
});

test('the same at any tip, for any number and height', () => {
  const extreme = fc.oneof(fc.integer({ min: 0, max: 60 }), fc.constantFrom(2 ** 31 - 1, 2 ** 31, 2 ** 32 + 5));
  fc.assert(
    fc.property(extreme, extreme, extreme, (tip, k, height) => {
      const bytes = pieceOf({ n: 'alice', k, height }, 'alice');
      const context = { ...contextOf('canonical', 'alice', k), tip };
      const { now: _, ...timeless } = context;
      if (checkPost(bytes, timeless).ok)
        expect(checkPost(bytes, { ...timeless, profile: 'deployed' })).toMatchObject({ ok: true });
    }),
  );
});

describe('a flipped bit', () => {
  const captured = capturedPosts.filter(({ raw }) => raw.length < 1000);
  const flip = (bytes: Uint8Array, bit: number): Uint8Array => {
    const flipped = bytes.slice();
    flipped[bit >> 3]! ^= 1 << (bit & 7);
    return flipped;
  };

  /** Bytes of the root that no signature covers: the entry `sig_wort`. */
  function unsigned(bytes: Uint8Array): readonly [from: number, to: number] {
    const wort = decodePost(bytes).root.get('sig_wort');
    return wort === undefined ? [0, 0] : [wort.start - '8:sig_wort'.length, wort.end];
  }

  test('anywhere in a captured post makes the canonical profile refuse it, unless in the entry sig_wort', () => {
    const users = capturedUsers();
    fc.assert(
      fc.property(fc.constantFrom(...captured), fc.nat(), ({ user, k, raw }, at) => {
        const bytes = bytesOf(raw);
        const bit = at % (8 * bytes.length);
        const [from, to] = unsigned(bytes);
        fc.pre(bit < 8 * from || bit >= 8 * to);
        expect(checkPost(flip(bytes, bit), { user, k, tip: CAPTURED_TIP, users, backend }).ok).toBe(false);
      }),
    );
  });

  test.each(PROFILES)('in the signed bytes makes the %s profile refuse it', (profile) => {
    const users = capturedUsers();
    fc.assert(
      fc.property(fc.constantFrom(...captured), fc.nat(), ({ user, k, raw }, at) => {
        const bytes = bytesOf(raw);
        const { userpost } = decodePost(bytes);
        const bit = 8 * userpost.start + (at % (8 * (userpost.end - userpost.start)));
        expect(checkPost(flip(bytes, bit), { profile, user, k, tip: CAPTURED_TIP, users, backend }).ok).toBe(false);
      }),
    );
  });
});

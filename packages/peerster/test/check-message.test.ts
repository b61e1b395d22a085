import { expect, test } from 'vitest';
import {
  checkMessage,
  composePublic,
  type Draft,
  decodePacket,
  type MessageContext,
  mineNonce,
  nameBytes,
  PEERSTER_LIMITS,
  type Profile,
  type Rumor,
} from '../src/index.ts';
import { KEYS, RUMORS, unhex } from './captured.ts';
import { capturedIdentity, nodeRsa } from './identities.ts';
import { testRandom } from './mesh.ts';

const TARGET = 8;
const alice = capturedIdentity('A');

function context(profile: Profile, target = TARGET): MessageContext {
  return {
    profile,
    target,
    keyOf: (origin) => {
      const key = Object.values(KEYS).find(({ display_name }) => display_name === origin);
      return key === undefined ? undefined : nodeRsa.publicKey(unhex(key.serialized_public_key));
    },
  };
}

function mined(draft: Draft): Rumor {
  return { ...draft, nonce: mineNonce(draft, TARGET).nonce };
}

function signedBy(fields: Partial<Pick<Rumor, 'destination' | 'id' | 'content'>>): Rumor {
  const draft = composePublic(alice, fields.id ?? 1, fields.content ?? new Uint8Array(3), testRandom(1));
  if (fields.destination === undefined) return mined(draft);
  const origin = draft.origin;
  const unsigned = { origin, destination: fields.destination, id: draft.id, content: draft.content };
  const payload = new Uint8Array([...origin, ...fields.destination, draft.id, 0, 0, 0, ...draft.content]);
  return mined({ ...unsigned, signature: alice.sign(payload, new Uint8Array(222)) });
}

const code = (rumor: Rumor, profile: Profile, target = TARGET) => {
  const verdict = checkMessage(rumor, context(profile, target));
  return verdict.ok ? 'ok' : verdict.code;
};

test('every captured message of an honest node passes in both profiles', () => {
  for (const { packet, kind, content } of RUMORS) {
    const { rumor } = decodePacket(unhex(packet));
    // The probe sent one private message of its own making: six bytes, to a name that is none.
    const odd = kind === 'private' && content.length !== 2 * 514;
    expect(code(rumor!, 'compat', 18)).toBe('ok');
    expect(code(rumor!, 'strict', 18)).toBe(odd ? 'bad-name' : 'ok');
  }
});

test('names, nonce and work are checked before anything costly (PEERSTER-18, PEERSTER-21)', () => {
  const good = signedBy({});
  const { origin, nonce } = good;
  const strangers = { ...context('strict'), keyOf: () => expect.unreachable('no key is looked up') };
  const cases: readonly (readonly [string, Rumor])[] = [
    ['bad-name', { ...good, origin: origin.subarray(1) }],
    ['bad-name', { ...good, origin: nameBytes('ABCDEFGHIJKLMNOP') }],
    ['bad-name', { ...good, destination: nameBytes('abc') }],
    ['bad-nonce', { ...good, nonce: nonce.subarray(1) }],
    ['bad-nonce', { ...good, nonce: new Uint8Array(17) }],
    ['insufficient-work', { ...good, nonce: new Uint8Array(16).fill(0xee) }],
  ];
  for (const [expected, rumor] of cases) {
    expect(checkMessage(rumor, strangers)).toMatchObject({ ok: false, code: expected });
  }
});

test('a signature must be the announced key’s (PEERSTER-23)', () => {
  const good = signedBy({});
  expect(code(good, 'strict')).toBe('ok');
  const forged = mined({ ...good, signature: new Uint8Array(256) });
  expect(code(forged, 'strict')).toBe('bad-signature');
  expect(code(mined({ ...good, signature: new Uint8Array(0) }), 'compat')).toBe('bad-signature');
  expect(code(mined({ ...good, origin: nameBytes('aaaaaaaaaaaaaaaa') }), 'compat')).toBe('unknown-origin');
});

test('an announcement needs the key that its name certifies (PEERSTER-22)', () => {
  const own = unhex(KEYS.A!.serialized_public_key);
  const other = unhex(KEYS.B!.serialized_public_key);
  const origin = nameBytes(KEYS.A!.display_name);
  const none = new Uint8Array(0);
  const announcement = { origin, destination: none, id: 0, content: own, signature: none };
  expect(code(mined(announcement), 'strict')).toBe('ok');
  expect(code(mined({ ...announcement, content: other }), 'strict')).toBe('name-mismatch');
  expect(code(mined({ ...announcement, content: own.subarray(1) }), 'compat')).toBe('bad-key');
});

test('strict refuses announcements with a destination or a signature, compat keeps them (PEERSTER-22)', () => {
  const none = new Uint8Array(0);
  const content = unhex(KEYS.A!.serialized_public_key);
  const announcement = { origin: nameBytes(KEYS.A!.display_name), destination: none, id: 0, content, signature: none };
  for (const odd of [
    mined({ ...announcement, destination: nameBytes(KEYS.B!.display_name) }),
    mined({ ...announcement, signature: Uint8Array.from([1]) }),
  ]) {
    expect(code(odd, 'strict')).toBe('unexpected-field');
    expect(code(odd, 'compat')).toBe('ok');
  }
});

test('strict refuses numbers from 2^24 on (PEERSTER-19)', () => {
  const rumor = signedBy({ id: PEERSTER_LIMITS.messageNumber });
  expect(code(rumor, 'strict')).toBe('number-too-large');
  expect(code(rumor, 'compat')).toBe('ok');
  expect(code(signedBy({ id: PEERSTER_LIMITS.messageNumber - 1 }), 'strict')).toBe('ok');
});

test('strict refuses public texts over 1,024 bytes, both what fits no datagram (PEERSTER-20)', () => {
  expect(code(signedBy({ content: new Uint8Array(1_024) }), 'strict')).toBe('ok');
  const long = signedBy({ content: new Uint8Array(1_025) });
  expect(code(long, 'strict')).toBe('content-too-long');
  expect(code(long, 'compat')).toBe('ok');
  expect(code(signedBy({ content: new Uint8Array(59_690) }), 'compat')).toBe('ok');
  expect(code(signedBy({ content: new Uint8Array(59_710) }), 'compat')).toBe('content-too-long');
});

test('strict refuses private content of another form, compat keeps it (PEERSTER-24)', () => {
  const destination = nameBytes(KEYS.B!.display_name);
  const usual = new Uint8Array(514);
  usual[1] = 1;
  expect(code(signedBy({ destination, content: usual }), 'strict')).toBe('ok');
  for (const content of [new Uint8Array(6), new Uint8Array(514), usual.subarray(1)]) {
    expect(code(signedBy({ destination, content }), 'strict')).toBe('bad-private-content');
    expect(code(signedBy({ destination, content }), 'compat')).toBe('ok');
  }
});

test('what is stored already needs no second signature check', () => {
  const good = signedBy({});
  const seen = { ...context('strict'), isStored: () => true, keyOf: () => expect.unreachable('no key is looked up') };
  expect(checkMessage(good, seen).ok).toBe(true);
});

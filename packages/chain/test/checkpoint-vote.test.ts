import { hexToBytes } from '@noble/hashes/utils.js';
import { directoryOf } from '@rookery/keys';
import { decodeCheckpointVote } from '@rookery/wire';
import { describe, expect, test } from 'vitest';
import {
  checkCheckpointVote,
  decidesCheckpoint,
  VOTERS,
  type VoteContext,
  voteHeight,
  voteMessage,
} from '../src/index.ts';
import { fromPrinted, newUsers, readCaptured } from './captured.ts';

interface Step {
  readonly step: string;
  readonly sent?: string;
  readonly signedBytes?: string;
  readonly relayedToOtherClientOfNodeB?: string[];
  readonly soft?: { readonly a: { height?: number; hash?: string; usernames?: string[] } };
}
const { steps } = readCaptured<{ steps: Step[] }>('softcheckpoint-cp.json');
const users = directoryOf(
  newUsers.users.map(({ name, pubHex }) => ({ name, keys: [{ height: 39, publicKey: hexToBytes(pubHex) }] })),
);
const HEADER_BYTES = 24;

describe('the captured votes, in their order, on a daemon whose hard checkpoint was patched to 1', () => {
  let lastSoft: VoteContext['lastSoft'];
  const votes = new Map<string, Set<string>>([['42', new Set(['mf1', 'mf2'])]]);
  const codes: Record<string, string> = {
    'invalid: height not a multiple of 6': 'vote-off-period',
    'invalid: erin is not a voter': 'unknown-voter',
    'invalid: mf3 signed by wrong key': 'bad-vote-signature',
    'invalid: voter name not registered (omgasm)': 'bad-vote-signature',
    'duplicate of mf1 (own signature)': 'duplicate-vote',
    'mf3 again': 'duplicate-vote',
    'mf3 other hash at decided height': 'conflicting-vote',
    'mf3 lower height': 'vote-below-soft-checkpoint',
  };

  for (const { step, sent, signedBytes, relayedToOtherClientOfNodeB, soft } of steps) {
    if (sent === undefined) continue;
    test(step, () => {
      const { value: vote } = decodeCheckpointVote(hexToBytes(sent).subarray(HEADER_BYTES));
      expect(voteMessage(vote.height, vote.hash)).toEqual(hexToBytes(signedBytes!));
      const key = step === 'mf3 other hash at decided height' ? 'other' : String(vote.height);
      const voted = votes.get(key) ?? new Set();
      votes.set(key, voted);
      const tip = Math.max(48, vote.height);
      const verdict = checkCheckpointVote(vote, { network: 'main', hardHeight: 1, tip, users, lastSoft, voted });
      const relayed = (relayedToOtherClientOfNodeB ?? []).length > 0;
      expect(verdict.ok).toBe(relayed);
      if (!verdict.ok) {
        expect(verdict.code).toBe(codes[step]);
        expect(verdict).not.toHaveProperty('penalty');
        return;
      }
      voted.add(Buffer.from(vote.user).toString());
      if (decidesCheckpoint(voted.size)) lastSoft = { height: vote.height, hash: vote.hash };
      const { height, hash, usernames } = soft!.a;
      expect(lastSoft).toEqual({ height, hash: fromPrinted(hash!) });
      if (height === vote.height) expect([...voted].sort()).toEqual(usernames);
    });
  }
});

describe('votes', () => {
  const sent = steps.find(({ step }) => step === 'mf3 votes: third vote decides')!.sent!;
  const { value: vote } = decodeCheckpointVote(hexToBytes(sent).subarray(HEADER_BYTES));
  const context: VoteContext = { network: 'dev', tip: 48, users };

  test('stock nodes drop them below the last hard checkpoint, and while the tip lies below it', () => {
    expect(checkCheckpointVote(vote, { ...context, network: 'main' })).toMatchObject({ code: 'vote-below-checkpoint' });
    const above = { ...vote, height: 55452 };
    expect(checkCheckpointVote(above, { ...context, network: 'main' })).toMatchObject({ code: 'vote-too-early' });
    const late = { ...context, network: 'main' as const, tip: 55460 };
    expect(checkCheckpointVote(above, late)).toMatchObject({ code: 'bad-vote-signature' });
    expect(checkCheckpointVote({ ...vote, height: 540 }, { ...context, network: 'testnet' })).toMatchObject({
      code: 'vote-below-checkpoint',
    });
  });

  test('before the first decision, height 0 stands for a hash of zeros, and no height is negative', () => {
    const at = (height: number) => checkCheckpointVote({ ...vote, height }, context);
    expect(at(-6)).toMatchObject({ code: 'vote-below-checkpoint' });
    expect(at(-5)).toMatchObject({ code: 'vote-off-period' });
    expect(at(0)).toMatchObject({ code: 'bad-vote-signature' });
  });

  test('a key of the voter that was registered above the tip does not count', () => {
    const early = directoryOf(
      newUsers.users.map(({ name, pubHex }) => ({ name, keys: [{ height: 49, publicKey: hexToBytes(pubHex) }] })),
    );
    expect(checkCheckpointVote(vote, { ...context, users: early })).toMatchObject({ code: 'bad-vote-signature' });
    expect(checkCheckpointVote(vote, { ...context, users: early, tip: 49 })).toEqual({ ok: true });
  });

  test('without the hash of the last soft checkpoint nothing conflicts', () => {
    const lastSoft = { height: 42 };
    expect(checkCheckpointVote(vote, { ...context, lastSoft })).toEqual({ ok: true });
    expect(
      checkCheckpointVote(vote, { ...context, lastSoft: { ...lastSoft, hash: new Uint8Array(32) } }),
    ).toMatchObject({
      code: 'conflicting-vote',
    });
  });

  test('names that are no UTF-8 are no voters', () => {
    const user = new Uint8Array([0xff]);
    expect(checkCheckpointVote({ ...vote, user }, context)).toMatchObject({ code: 'unknown-voter' });
    expect(VOTERS).toHaveLength(10);
  });

  test('the signed bytes push the height as a number', () => {
    const id = new Uint8Array(32).fill(7);
    const hex = (height: number) => Buffer.from(voteMessage(height, id)).toString('hex').slice(0, -64);
    expect([0, 6, 12, 18, 60000].map(hex)).toEqual(['0020', '5620', '5c20', '011220', '0360ea0020']);
    expect(() => voteMessage(6, new Uint8Array(31))).toThrow(RangeError);
  });

  test('a voter votes every six blocks above the hard checkpoint, for the block six below', () => {
    expect(voteHeight(48, 'dev')).toBe(42);
    expect(voteHeight(47, 'dev')).toBeUndefined();
    expect(voteHeight(0, 'dev')).toBeUndefined();
    expect(voteHeight(48, 'dev', 48)).toBeUndefined();
    expect(voteHeight(55452, 'main')).toBe(55446);
    expect(voteHeight(55446, 'main')).toBeUndefined();
  });
});

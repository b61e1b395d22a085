import { type CurveBackend, type UserDirectory, verifySignature } from '@rookery/keys';
import {
  type CheckpointVote,
  decodeUtf8,
  encodeScript,
  type Network,
  reject,
  type Verdict,
  WIRE_LIMITS,
} from '@rookery/wire';
import type { ChainCode } from './codes.ts';
import { CHAIN_LIMITS } from './limits.ts';
import { highestCheckpoint } from './networks.ts';
import { compareHashes } from './target.ts';

/** The names whose votes count; deployed nodes call the first five active and the others upcoming, and count both (CHAIN-48). */
export const VOTERS: readonly string[] = Object.freeze([
  'mf1',
  'mf1a',
  'mf2',
  'mf3',
  'omgasm',
  'nobody',
  'mf2a',
  'lxoliva',
  'stman',
  'wrewolf',
]);

/** The last soft checkpoint that was decided. */
export interface SoftCheckpoint {
  readonly height: number;
  /** Block id, 32 bytes in wire order; undefined where it is not known, and then no vote conflicts with it. */
  readonly hash?: Uint8Array | undefined;
}

/** What {@link checkCheckpointVote} needs beside the vote. */
export interface VoteContext {
  readonly network: Network;
  /** Height of the best block. */
  readonly tip: number;
  readonly users: UserDirectory;
  /** The last soft checkpoint; before the first, deployed nodes hold height 0 and a hash of zeros. */
  readonly lastSoft?: SoftCheckpoint | undefined;
  /** Names that have voted for this very height and hash. */
  readonly voted?: ReadonlySet<string> | undefined;
  /** Height of the highest hard checkpoint; default the network's. */
  readonly hardHeight?: number | undefined;
  readonly backend?: CurveBackend | undefined;
}

/**
 * The bytes that a vote signs: a script of the height, pushed as a number, and the 32-byte hash (CHAIN-46).
 * Throws `RangeError` where the hash has another length.
 */
export function voteMessage(height: number, hash: Uint8Array): Uint8Array {
  if (hash.length !== WIRE_LIMITS.hashBytes) throw new RangeError(`a block id has ${WIRE_LIMITS.hashBytes} bytes`);
  return encodeScript([height, hash]);
}

/**
 * Decides whether a vote for a soft checkpoint counts (CHAIN-47 to CHAIN-50), in the order of deployed nodes, which drop
 * the others in silence and score nobody. Codes `vote-off-period`, `vote-below-checkpoint`, `vote-below-soft-checkpoint`,
 * `unknown-voter`, `vote-too-early`, `bad-vote-signature`, `duplicate-vote`, `conflicting-vote`.
 * Not checked: whether the block exists. A decision is a hint, never a rule about blocks (CHAIN-51).
 */
export function checkCheckpointVote(vote: CheckpointVote, context: VoteContext): Verdict<ChainCode> {
  const { backend, network, tip, users, voted } = context;
  const hardHeight = context.hardHeight ?? highestCheckpoint(network);
  const lastSoft = context.lastSoft ?? { height: 0, hash: new Uint8Array(WIRE_LIMITS.hashBytes) };
  if (vote.height % CHAIN_LIMITS.votePeriod !== 0)
    return reject('vote-off-period', `height ${vote.height} is no multiple of ${CHAIN_LIMITS.votePeriod}`);
  if (vote.height < hardHeight)
    return reject('vote-below-checkpoint', `height ${vote.height} lies below the hard checkpoint at ${hardHeight}`);
  if (vote.height < lastSoft.height)
    return reject('vote-below-soft-checkpoint', `height ${vote.height} lies below the last soft checkpoint`);
  const name = decodeUtf8(vote.user);
  if (name === undefined || !VOTERS.includes(name)) return reject('unknown-voter', 'the name is not one of the voters');
  if (tip < hardHeight) return reject('vote-too-early', 'the tip lies below the last hard checkpoint');
  const publicKey = users.keyAt(name, tip);
  const message = voteMessage(vote.height, vote.hash);
  const options = { profile: 'deployed', ...(backend === undefined ? {} : { backend }) } as const;
  if (publicKey === undefined || !verifySignature(message, vote.signature, publicKey, options).ok)
    return reject('bad-vote-signature', "the signature is not one by the voter's registered key");
  if (voted?.has(name)) return reject('duplicate-vote', 'the voter has voted for this block');
  const decided = vote.height === lastSoft.height ? lastSoft.hash : undefined;
  if (decided !== undefined && compareHashes(decided, vote.hash) !== 0)
    return reject('conflicting-vote', 'another block was decided at this height');
  return { ok: true };
}

/** Tells whether this many names that voted for the same height and hash decide it: three of either list (CHAIN-51). */
export function decidesCheckpoint(votes: number): boolean {
  return votes >= CHAIN_LIMITS.votes;
}

/**
 * The height that a voter votes for when its tip reaches `tip`, or undefined where it does not vote (CHAIN-47).
 * Every sixth block above the last hard checkpoint, for the block six below.
 */
export function voteHeight(tip: number, network: Network, lastSoftHeight = 0): number | undefined {
  const { votePeriod } = CHAIN_LIMITS;
  const due = tip % votePeriod === 0 && tip > highestCheckpoint(network) && tip >= lastSoftHeight + votePeriod;
  return due ? tip - votePeriod : undefined;
}

import { bytesToHex } from '@noble/hashes/utils.js';
import type { CurveBackend, UserDirectory } from '@rookery/keys';
import { type CheckpointVote, decodeUtf8, encodeCheckpointVote, type Network, type Verdict } from '@rookery/wire';
import { checkCheckpointVote, decidesCheckpoint, type SoftCheckpoint } from '../checkpoint-vote.ts';
import type { ChainCode } from '../codes.ts';
import { RecentMap } from './recent-map.ts';

/** Votes for one height and block, by voter: the payloads of `cp`. */
type Candidate = Map<string, Uint8Array>;

/** What came of a vote that counts. */
interface CountedVote {
  /** The payload of `cp` to pass on. */
  readonly payload: Uint8Array;
  /** The checkpoint that this vote decided. */
  readonly decided: SoftCheckpoint | undefined;
}

/**
 * Collects votes for soft checkpoints (CHAIN-46 to CHAIN-51). It decides nothing about blocks. At most `capacity` candidates;
 * the one that has gone longest without a vote is forgotten first.
 */
export class VoteBox {
  readonly #network: Network;
  readonly #backend: CurveBackend | undefined;
  readonly #candidates: RecentMap<Candidate>;
  #last: SoftCheckpoint | undefined;
  #lastVotes: readonly Uint8Array[] = [];

  constructor(network: Network, capacity: number, backend: CurveBackend | undefined) {
    this.#network = network;
    this.#backend = backend;
    this.#candidates = new RecentMap(capacity);
  }

  /** The last soft checkpoint. */
  get last(): SoftCheckpoint | undefined {
    return this.#last;
  }

  /** The payloads of `cp` that decided it. */
  get lastVotes(): readonly Uint8Array[] {
    return this.#lastVotes;
  }

  /** Counts a vote if the rules let it. */
  add(vote: CheckpointVote, tip: number, users: UserDirectory): Verdict<ChainCode, CountedVote> {
    const key = `${vote.height}:${bytesToHex(vote.hash)}`;
    const candidate = this.#candidates.get(key) ?? new Map<string, Uint8Array>();
    const voted = new Set(candidate.keys());
    const context = { network: this.#network, tip, users, lastSoft: this.#last, voted, backend: this.#backend };
    const verdict = checkCheckpointVote(vote, context);
    if (!verdict.ok) return verdict;
    const payload = encodeCheckpointVote(vote);
    candidate.set(decodeUtf8(vote.user) ?? '', payload);
    this.#candidates.set(key, candidate);
    if (!decidesCheckpoint(candidate.size)) return { ok: true, payload, decided: undefined };
    const isNew = this.#last === undefined || vote.height > this.#last.height;
    this.#last = { height: vote.height, hash: vote.hash.slice() };
    this.#lastVotes = [...candidate.values()];
    for (const [other] of [...this.#candidates.entries()]) if (other !== key) this.#candidates.delete(other);
    return { ok: true, payload, decided: isNew ? this.#last : undefined };
  }
}

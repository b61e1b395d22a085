import { type Profile, reject, type Verdict } from '@rookery/wire';
import type { SwarmCode } from './codes.ts';
import { SWARM_LIMITS } from './limits.ts';
import { checkPeek } from './peek.ts';

/** A request for a block: three signed 32-bit numbers. */
export interface PieceRequest {
  readonly piece: number;
  readonly begin: number;
  readonly length: number;
}

/** What the asked peer knows about itself and the asking one; see {@link checkRequest}. */
export interface RequestContext {
  /** Requests of this peer that wait already. */
  readonly waiting: number;
  /** Own count of pieces. */
  readonly pieces: number;
  /** Whether the own peer has this piece. */
  readonly owned: boolean;
  /** Whether the asking peer has said that it is interested. */
  readonly interested: boolean;
  /** Whether the own peer chokes the asking one. */
  readonly choked: boolean;
  /** Whether this piece is in the allowed-fast set that was sent. */
  readonly allowedFast: boolean;
  /** The asking peer's nonce and the difficulty that was last sent to it; undefined if it has sent no nonce. */
  readonly peek?: { readonly infoHash: Uint8Array; readonly nonce: Uint8Array; readonly nbits: number } | undefined;
  /** `canonical` if left out. */
  readonly profile?: Profile | undefined;
}

/** What a peer sends to ask for a piece: all of it, at once (SWARM-7). */
export function requestFor(piece: number): PieceRequest {
  return { piece, begin: 0, length: SWARM_LIMITS.blockBytes };
}

/**
 * Decides whether a peer gets what it asks for (SWARM-7). `byWork` tells whether it gets it for its nonce only.
 * Refuses with `queue-full`, `no-such-piece`, `bad-block`, `not-interested` and `choked`; a `reject` message is then due.
 * Not checked: the post itself, which is judged again before it is sent (SWARM-8).
 */
export function checkRequest(
  { piece, begin, length }: PieceRequest,
  context: RequestContext,
): Verdict<SwarmCode, { readonly byWork: boolean }> {
  const { blockBytes, waitingRequests } = SWARM_LIMITS;
  if (context.waiting > waitingRequests) return reject('queue-full', `${context.waiting} requests wait already`);
  if (piece < 0 || piece >= context.pieces || !context.owned) return reject('no-such-piece', `no piece ${piece} here`);
  const lastBegin = context.profile === 'deployed' ? blockBytes - 1 : 0;
  if (begin < 0 || begin > lastBegin || length <= 0 || begin + length > blockBytes) {
    return reject('bad-block', `no block of ${length} bytes at ${begin}`);
  }
  if (!context.interested) return reject('not-interested', 'the peer has not said that it is interested');
  if (!context.choked || context.allowedFast) return { ok: true, byWork: false };
  const { peek } = context;
  if (peek !== undefined && checkPeek(peek.infoHash, piece, peek.nonce, peek.nbits).ok)
    return { ok: true, byWork: true };
  return reject('choked', 'the peer is choked and has not worked for this piece');
}

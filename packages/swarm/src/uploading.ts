import { checkPost, type PostCode } from '@rookery/posts';
import { type BlockRange, decodePost, type Post } from '@rookery/wire';
import { sendPieces, wireCode } from './opening.ts';
import type { Peer } from './peer.ts';
import { checkRequest, type PieceRequest } from './request.ts';
import { close, isOffered, openPeers, type SwarmState, send, type Withheld, withhold } from './state.ts';

const SECOND_MS = 1000;
const NEVER = Number.POSITIVE_INFINITY;

/**
 * Answers a request (SWARM-7, SWARM-8): with the post, with `reject`, or with the end of the connection where a peer goes on asking
 * although it is choked. `answered` counts the requests of this peer that were answered by the same call; together with those that wait
 * they fill its queue.
 */
export function answerRequest(
  state: SwarmState,
  peer: Peer,
  request: PieceRequest,
  answered: number,
  now: number,
): void {
  const { piece } = request;
  const judged = checkRequest(request, {
    waiting: peer.waiting.length + answered,
    pieces: state.pieces,
    owned: isOffered(state, piece),
    interested: peer.peerInterested,
    choked: peer.amChoking,
    allowedFast: peer.allowedByUs.has(piece),
    peek: peer.nonce && { infoHash: state.infoHash, nonce: peer.nonce, nbits: peer.nbits },
    profile: state.profile,
  });
  if (!judged.ok) {
    if (state.owned.has(piece) && !isOffered(state, piece)) tellAgain(state, peer, now);
    rejectRequest(state, peer, request, now);
    if (judged.code === 'choked' && now - peer.chokedAt > state.bounds.chokedMs) close(state, peer, 'choked');
    return;
  }
  if (judged.byWork) state.work.count(now);
  if (peer.paused) peer.waiting.push(request);
  else sendPiece(state, peer, request, now);
}

/** Answers what has waited since the application could not write more. */
export function answerWaiting(state: SwarmState, peer: Peer, now: number): void {
  for (const request of peer.waiting.splice(0)) sendPiece(state, peer, request, now);
}

/** Forgets a request that waits; it is rejected, as BEP 6 has it. */
export function cancelWaiting(state: SwarmState, peer: Peer, { piece, begin, length }: BlockRange, now: number): void {
  const at = peer.waiting.findIndex(
    (other) => other.piece === piece && other.begin === begin && other.length === length,
  );
  if (at >= 0) for (const request of peer.waiting.splice(at, 1)) rejectRequest(state, peer, request, now);
}

/** The peer wants something: it is unchoked if it always is or a slot is free, else it waits for one (SWARM-17). */
export function becomeInterested(state: SwarmState, peer: Peer, now: number): void {
  if (!peer.peerInterested) peer.interestedAt = now;
  peer.peerInterested = true;
  if (!peer.amChoking) return;
  if (peer.isPrivate || slotsInUse(state) < state.bounds.uploadSlots) unchoke(state, peer, now);
  else state.nextRotation = Math.min(state.nextRotation, now + state.bounds.rotationMs);
}

/** The peer wants nothing more: it is choked, and its slot goes to who waits longest (SWARM-17). */
export function loseInterest(state: SwarmState, peer: Peer, now: number): void {
  peer.peerInterested = false;
  if (peer.amChoking) return;
  choke(state, peer, now);
  fillSlots(state, now);
}

/** Gives free slots to those who wait, the longest waiting first. */
export function fillSlots(state: SwarmState, now: number): void {
  let free = state.bounds.uploadSlots - slotsInUse(state);
  const waiting = waitingPeers(state);
  for (const peer of waiting) {
    free -= 1;
    if (free < 0) break;
    unchoke(state, peer, now);
  }
  if (free >= 0) state.nextRotation = Number.POSITIVE_INFINITY;
}

/** Gives the slots of those who have had them longest to those who wait (SWARM-17). */
export function rotateSlots(state: SwarmState, now: number): void {
  if (now < state.nextRotation) return;
  const waiting = waitingPeers(state).length;
  const holders = openPeers(state)
    .filter(({ amChoking, isPrivate }) => !amChoking && !isPrivate)
    .sort((left, right) => left.unchokedAt - right.unchokedAt);
  for (const peer of holders.slice(0, waiting)) {
    choke(state, peer, now);
    // Who loses its slot while it wants more waits from now on.
    peer.interestedAt = now;
  }
  fillSlots(state, now);
  state.nextRotation = waitingPeers(state).length > 0 ? now + state.bounds.rotationMs : Number.POSITIVE_INFINITY;
}

function slotsInUse(state: SwarmState): number {
  return openPeers(state).filter(({ amChoking, isPrivate }) => !amChoking && !isPrivate).length;
}

function waitingPeers(state: SwarmState): Peer[] {
  return openPeers(state)
    .filter(({ amChoking, peerInterested }) => amChoking && peerInterested)
    .sort((left, right) => left.interestedAt - right.interestedAt);
}

function unchoke(state: SwarmState, peer: Peer, now: number): void {
  peer.amChoking = false;
  peer.unchokedAt = now;
  send(state, peer, { id: 1, name: 'unchoke' }, now);
}

/** Requests that wait are rejected, but for those of the allowed-fast set. */
function choke(state: SwarmState, peer: Peer, now: number): void {
  peer.amChoking = true;
  peer.chokedAt = now;
  send(state, peer, { id: 0, name: 'choke' }, now);
  for (const request of peer.waiting.splice(0)) {
    if (peer.allowedByUs.has(request.piece)) peer.waiting.push(request);
    else rejectRequest(state, peer, request, now);
  }
}

function rejectRequest(state: SwarmState, peer: Peer, { piece, begin, length }: PieceRequest, now: number): void {
  if (peer.features.fast) send(state, peer, { id: 16, name: 'reject', piece, begin, length }, now);
}

/**
 * Tells what is offered to a peer that believes in more (SWARM-18): deployed nodes ask again at once for what is rejected, and leave off only when they
 * are told otherwise. Not too often, as a bitfield is longer than a request.
 */
function tellAgain(state: SwarmState, peer: Peer, now: number): void {
  if (peer.toldAt + state.bounds.tellAgainMs <= now) sendPieces(state, peer, now);
}

/** Sends the whole post, whatever part was asked for (SWARM-8). */
function sendPiece(state: SwarmState, peer: Peer, request: PieceRequest, now: number): void {
  const { piece, begin } = request;
  const data = state.store.get(piece);
  if (data === undefined || !isOffered(state, piece) || !isStillValid(state, piece, data, now)) {
    tellAgain(state, peer, now);
    rejectRequest(state, peer, request, now);
    return;
  }
  send(state, peer, { id: 7, name: 'piece', piece, begin, data }, now);
}

/**
 * Judges a stored post again, once for every setting of the tip: nothing else that the verdict depends on can turn against it. One that fails is
 * withheld: until the tip has passed it if it is only too early, else for good.
 */
function isStillValid(state: SwarmState, k: number, bytes: Uint8Array, now: number): boolean {
  if (state.judged.has(k)) return true;
  const verdict = checkPost(bytes, postContext(state, k, now));
  const until = verdict.ok
    ? tooEarly(state, verdict.post, now)
    : { tip: retriedFrom(state, bytes, verdict.code), at: NEVER };
  if (until === undefined) {
    state.judged.add(k);
    return true;
  }
  withhold(state, k, until);
  return false;
}

/**
 * The height of the tip from which on a stored post that was refused may pass: the one after its own, whatever it was refused for; below the tip none,
 * while the engine lives, but for its time.
 */
function retriedFrom(state: SwarmState, bytes: Uint8Array, code: PostCode): number {
  const height = heightOf(state, bytes);
  if (height >= state.tip) return height + 1;
  return code === 'bad-time' ? state.tip + 1 : NEVER;
}

/**
 * Until when an accepted post is withheld (SWARM-18), so that no peer that is one block behind has to refuse it: as from the future, or because it
 * hangs on what only the newest block has registered. Undefined if it may be told now.
 */
export function tooEarly(state: SwarmState, { userpost }: Post, now: number): Withheld | undefined {
  const height = userpost.getNumber('height') ?? 0;
  if (state.profile === 'deployed' || state.tip === 0 || height < state.tip) return undefined;
  if (height > state.tip) return { tip: height + 1, at: NEVER };
  return isOfNewestBlock(state, userpost) ? { tip: height + 1, at: now + state.bounds.newestBlockMs } : undefined;
}

/** Whether the newest block has replaced the key of the user, or registered that of a post inside. Who knows no key of the user is no peer. */
function isOfNewestBlock({ tip, user, users }: SwarmState, userpost: Post['userpost']): boolean {
  const isReplaced = users.registeredAt(user) === tip && users.firstRegisteredAt(user) !== tip;
  return (
    isReplaced || ['rt', 'fav'].some((key) => users.registeredAt(userpost.getDict(key)?.getText('n') ?? '') === tip)
  );
}

/** The height that a post of this swarm claims, or −1. */
export function heightOf(state: SwarmState, bytes: Uint8Array): number {
  try {
    return decodePost(bytes, state.profile).userpost.getNumber('height') ?? -1;
  } catch (error) {
    wireCode(error);
    return -1;
  }
}

/** What a post of this swarm is judged by. */
export function postContext(state: SwarmState, k: number, now: number): Parameters<typeof checkPost>[1] {
  const { user, tip, users, profile, backend, checkTime } = state;
  return {
    user,
    k,
    tip,
    users,
    profile,
    ...(backend === undefined ? {} : { backend }),
    ...(checkTime ? { now: Math.floor(now / SECOND_MS) } : {}),
  };
}

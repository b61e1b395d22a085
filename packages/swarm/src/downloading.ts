import { addBounded, type Peer } from './peer.ts';
import { requestFor } from './request.ts';
import { finish, openPeers, release, type SwarmState, send } from './state.ts';

/** Says whether a peer has anything that is wanted, if that has changed (SWARM-19). */
export function updateInterest(state: SwarmState, peer: Peer, now: number): void {
  const wanted = firstWanted(state, peer) >= 0;
  if (wanted === peer.amInterested) return;
  peer.amInterested = wanted;
  send(state, peer, wanted ? { id: 2, name: 'interested' } : { id: 3, name: 'not_interested' }, now);
}

/**
 * Asks a peer for as much as it may be asked for (SWARM-19): rising numbers that it has, that are not here and that nobody else is asked for;
 * while it chokes, only those of its allowed-fast set.
 */
export function fillRequests(state: SwarmState, peer: Peer, now: number): void {
  updateInterest(state, peer, now);
  if (!peer.amInterested) return;
  const most = peer.snubbed ? 1 : Math.min(state.bounds.openRequests, peer.requestQueue);
  const without = [state.owned, peer.refused, state.asked];
  if (peer.peerChoking) {
    for (const piece of [...peer.allowedByPeer].sort((left, right) => left - right)) {
      if (peer.requests.size >= most) return;
      const isFree = !without.some((set) => set.has(piece)) && !peer.postponed.has(piece);
      if (isFree && piece <= state.ceiling && peer.known.has(piece)) ask(state, peer, piece, now);
    }
    return;
  }
  if (peer.snubbed) {
    const piece = peer.requests.size < most ? nextOfSlow(state, peer, without) : -1;
    if (piece >= 0) ask(state, peer, piece, now);
    return;
  }
  if (peer.exhausted) return;
  let piece = peer.firstWanted - 1;
  while (peer.requests.size < most) {
    piece = nextFrom(state, peer, piece + 1, without);
    peer.exhausted = piece < 0;
    if (piece < 0) return;
    ask(state, peer, piece, now);
  }
}

/** Has everybody asked again for what is free. Peers that are not slow come first (SWARM-19). */
export function fillAll(state: SwarmState, now: number): void {
  const peers = openPeers(state);
  for (const peer of peers) peer.exhausted = false;
  for (const peer of peers) if (!peer.snubbed) fillRequests(state, peer, now);
  for (const peer of peers) if (peer.snubbed) fillRequests(state, peer, now);
}

/** A piece of a peer may be wanted from now on. */
export function reconsider(peer: Peer, piece: number): void {
  peer.firstWanted = Math.min(peer.firstWanted, piece);
  peer.exhausted = false;
}

/** Takes back what a peer has not answered in time; it may still answer (SWARM-19). */
export function expireRequests(state: SwarmState, peer: Peer, now: number): void {
  for (const [piece, askedAt] of peer.requests) {
    if (askedAt + state.bounds.requestMs > now) return;
    peer.snubbed = true;
    addBounded(peer.late, piece, state.bounds.lateRequests);
    release(state, peer, piece);
  }
}

/** Tells others who were asked for a piece that it is here (SWARM-19). */
export function cancelRequests(state: SwarmState, piece: number, now: number): void {
  for (const peer of openPeers(state)) {
    if (!peer.requests.has(piece)) continue;
    finish(state, peer, piece);
    addBounded(peer.late, piece, state.bounds.lateRequests);
    send(state, peer, { id: 8, name: 'cancel', ...requestFor(piece) }, now);
  }
}

function ask(state: SwarmState, peer: Peer, piece: number, now: number): void {
  state.asked.add(piece);
  peer.late.delete(piece);
  peer.requests.set(piece, now);
  send(state, peer, { id: 6, name: 'request', ...requestFor(piece) }, now);
}

/**
 * What a slow peer is asked for: what it was not asked for in vain, else what it was asked for longest ago. It may never answer for some piece, and
 * asking for the least one only would keep all others back.
 */
function nextOfSlow(state: SwarmState, peer: Peer, without: Parameters<Peer['known']['next']>[1]): number {
  let piece = peer.firstWanted - 1;
  do piece = nextFrom(state, peer, piece + 1, without);
  while (piece >= 0 && peer.late.has(piece));
  if (piece >= 0) return piece;
  for (const late of peer.late) if (nextFrom(state, peer, late, without) === late) return late;
  return -1;
}

/** The least wanted piece, whoever is asked for it already, or −1. Where none lies below is remembered. */
function firstWanted(state: SwarmState, peer: Peer): number {
  while (state.owned.has(state.firstMissing)) state.firstMissing += 1;
  const from = Math.max(peer.firstWanted, state.firstMissing);
  const piece = nextFrom(state, peer, from, [state.owned, peer.refused]);
  peer.firstWanted = piece < 0 ? state.ceiling + 1 : piece;
  return piece;
}

/** Skips what waits for a higher tip: at most as many as are remembered of those. */
function nextFrom(state: SwarmState, peer: Peer, from: number, without: Parameters<Peer['known']['next']>[1]): number {
  let piece = peer.known.next(from, without);
  while (piece >= 0 && peer.postponed.has(piece)) piece = peer.known.next(piece + 1, without);
  return piece > state.ceiling ? -1 : piece;
}

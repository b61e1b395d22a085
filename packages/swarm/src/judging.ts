import { checkPost, isEquivocation, isForged, type PostCode, type PostFlag } from '@rookery/posts';
import { decodePost, type Post } from '@rookery/wire';
import { cancelRequests, updateInterest } from './downloading.ts';
import { wireCode } from './opening.ts';
import type { Peer } from './peer.ts';
import { checkReceived } from './received.ts';
import { ban, close, finish, growWith, openPeers, release, type SwarmState, send, withhold } from './state.ts';
import { heightOf, postContext, tooEarly } from './uploading.ts';

/** Refusals that another tip or another clock may lift. */
const PASSING: ReadonlySet<PostCode> = new Set<PostCode>([
  'bad-height',
  'bad-time',
  'no-key',
  'too-many-posts',
  'unknown-user',
]);

/** Refusals of a post inside of a post, which say the same of the chain as it is here. */
const EMBEDDED: ReadonlySet<PostCode> = new Set<PostCode>([
  'bad-embedded-post',
  'bad-favourite-signature',
  'bad-retweet-signature',
]);

/** A `piece` message of a peer (SWARM-9, SWARM-20, SWARM-21). */
export function takePiece(
  state: SwarmState,
  peer: Peer,
  k: number,
  begin: number,
  data: Uint8Array,
  now: number,
): void {
  const isAsked = peer.requests.has(k);
  const received = checkReceived({ piece: k, begin, bytes: data.length }, () => isAsked || peer.late.has(k));
  if (!received.ok) {
    if (received.code === 'oversized-piece') close(state, peer, received.code);
    else if (k >= 0 && state.owned.has(k)) compareUninvited(state, peer, k, data, now);
    return;
  }
  if (data.length === 0) {
    takeNothing(state, peer, k);
    return;
  }
  peer.late.delete(k);
  peer.snubbed = false;
  if (state.owned.has(k)) {
    compare(state, peer, k, data, now);
    return;
  }
  const verdict = checkPost(data, postContext(state, k, now));
  if (verdict.ok) {
    finish(state, peer, k);
    accept(state, peer, k, data.slice(), verdict, now);
  } else {
    release(state, peer, k);
    refuse(state, peer, k, verdict.code, data);
  }
}

/** An own post (SWARM-6). */
export function publishPiece(state: SwarmState, k: number, bytes: Uint8Array, now: number): void {
  if (state.owned.has(k)) {
    compare(state, undefined, k, bytes, now);
    return;
  }
  const verdict = checkPost(bytes, postContext(state, k, now));
  if (verdict.ok && k <= state.ceiling) accept(state, undefined, k, bytes.slice(), verdict, now);
  else state.effects.push({ type: 'refused', peer: undefined, k, code: verdict.ok ? 'too-many-posts' : verdict.code });
}

/** Stores a post and tells everybody, unless it is to be told later (SWARM-6, SWARM-18). */
function accept(
  state: SwarmState,
  peer: Peer | undefined,
  k: number,
  bytes: Uint8Array,
  { post, flags }: { readonly post: Post; readonly flags: readonly PostFlag[] },
  now: number,
): void {
  state.store.put(k, bytes);
  state.owned.add(k);
  state.judged.add(k);
  growWith(state, k);
  state.effects.push({ type: 'piece', k, bytes, flags, peer: peer?.name });
  cancelRequests(state, k, now);
  const until = tooEarly(state, post, now);
  if (until !== undefined) withhold(state, k, until);
  for (const other of openPeers(state)) {
    updateInterest(state, other, now);
    if (until === undefined) send(state, other, { id: 4, name: 'have', piece: k }, now);
  }
}

/** A post that is not taken: only a forged one is its sender's fault, in the deployed profile every one (SWARM-20, weakness W57). */
function refuse(state: SwarmState, peer: Peer, k: number, code: PostCode, data: Uint8Array): void {
  if (state.profile === 'deployed' || isForged(code)) {
    ban(state, peer, code);
    return;
  }
  if (!isPassing(state, code, data) || peer.postponed.size >= state.bounds.postponedPieces) peer.refused.add(k);
  else peer.postponed.add(k);
  state.effects.push({ type: 'refused', peer: peer.name, k, code });
}

/**
 * Whether a refusal may be lifted when the tip or the clock moves. The author of a post knew the chain up to the block after its height; of what stands
 * inside of it more than that was not known either.
 */
function isPassing(state: SwarmState, code: PostCode, data: Uint8Array): boolean {
  if (!EMBEDDED.has(code)) return PASSING.has(code);
  return heightOf(state, data) >= state.tip;
}

/** Empty data is no post (SWARM-9): the piece may be asked for again, but not for ever. */
function takeNothing(state: SwarmState, peer: Peer, k: number): void {
  release(state, peer, k);
  peer.emptyAnswers += 1;
  if (peer.emptyAnswers > state.bounds.emptyAnswers) peer.known.delete(k);
}

/** Nobody asked for this, but it may be evidence; a peer has a budget for such, as judging costs more than sending. */
function compareUninvited(state: SwarmState, peer: Peer, k: number, data: Uint8Array, now: number): void {
  if (data.length === 0 || peer.uninvited >= state.bounds.uninvitedPieces) return;
  peer.uninvited += 1;
  compare(state, peer, k, data, now);
}

/** Keeps another post with the number of a stored one as evidence, if its author made it (SWARM-21). The stored one stays. */
function compare(state: SwarmState, peer: Peer | undefined, k: number, data: Uint8Array, now: number): void {
  const { evidence, bounds } = state;
  if (evidence.has(k) || evidence.size >= bounds.evidence) return;
  const other = state.store.get(k);
  if (other === undefined || isSame(data, other)) return;
  const verdict = checkPost(data, postContext(state, k, now));
  if (!verdict.ok) {
    if (peer !== undefined && isForged(verdict.code)) ban(state, peer, verdict.code);
    else state.effects.push({ type: 'refused', peer: peer?.name, k, code: verdict.code });
    return;
  }
  const stored = readPost(state, other);
  if (stored === undefined || !isEquivocation(verdict.post, stored)) return;
  const bytes = data.slice();
  evidence.set(k, { bytes, other });
  state.effects.push({ type: 'equivocation', k, bytes, other });
}

function readPost(state: SwarmState, bytes: Uint8Array): Post | undefined {
  try {
    return decodePost(bytes, state.profile);
  } catch (error) {
    wireCode(error);
    return undefined;
  }
}

function isSame(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, at) => byte === right[at]);
}

import { decodeExtensionHandshake, type ExtensionHandshake, type PeerMessage } from '@rookery/wire';
import { checkBitfield } from './bitfield.ts';
import { fillRequests, reconsider } from './downloading.ts';
import { takeExchange } from './exchange.ts';
import { checkHave } from './have.ts';
import { takePiece } from './judging.ts';
import { SWARM_LIMITS } from './limits.ts';
import { EXCHANGE_ID, wireCode } from './opening.ts';
import { addBounded, isPort, type Peer } from './peer.ts';
import { close, contextOf, release, type SwarmState } from './state.ts';
import { answerRequest, becomeInterested, cancelWaiting, loseInterest } from './uploading.ts';

const BYTE_BITS = 8;

/** Acts on one message. `answered` counts the requests that the same call has answered before. */
export function takeMessage(state: SwarmState, peer: Peer, message: PeerMessage, answered: number, now: number): void {
  switch (message.name) {
    case 'choke':
      peer.peerChoking = true;
      // Without the fast extension a choke says that no answer will come any more.
      if (!peer.features.fast) for (const piece of [...peer.requests.keys()]) release(state, peer, piece);
      break;
    case 'unchoke':
      peer.peerChoking = false;
      fillRequests(state, peer, now);
      break;
    case 'interested':
      becomeInterested(state, peer, now);
      break;
    case 'not_interested':
      loseInterest(state, peer, now);
      break;
    case 'have':
      takeHave(state, peer, message.piece, now);
      break;
    case 'bitfield':
      takeBitfield(state, peer, message.bitfield, now);
      break;
    case 'have_all':
      // Five bytes that make much work, and that nobody sends (SWARM-16): once is enough.
      if (peer.saidAll) break;
      peer.saidAll = true;
      peer.known.fill(Math.min(state.pieces, state.ceiling + 1));
      reconsider(peer, 0);
      fillRequests(state, peer, now);
      break;
    case 'have_none':
      peer.known.clear();
      fillRequests(state, peer, now);
      break;
    case 'request':
      answerRequest(state, peer, message, answered, now);
      break;
    case 'cancel':
      cancelWaiting(state, peer, message, now);
      break;
    case 'piece':
      takePiece(state, peer, message.piece, message.begin, message.data, now);
      if (!peer.closed) fillRequests(state, peer, now);
      break;
    case 'reject':
      takeReject(state, peer, message.piece, now);
      break;
    case 'allowed_fast':
      if (message.piece < 0 || message.piece > SWARM_LIMITS.pieceIndex) break;
      addBounded(peer.allowedByPeer, message.piece, state.bounds.rememberedFast);
      fillRequests(state, peer, now);
      break;
    case 'dht_port':
      state.effects.push({ type: 'dht-port', peer: peer.name, port: message.port });
      break;
    case 'hashcash_nonce':
      takeNonce(state, peer, message.nonce);
      break;
    case 'extended':
      takeExtended(state, peer, message.extId, message.payload, now);
      break;
    default:
      break;
  }
}

function takeHave(state: SwarmState, peer: Peer, piece: number, now: number): void {
  const judged = checkHave(piece, contextOf(state));
  if (!judged.ok) {
    close(state, peer, judged.code);
    return;
  }
  if (piece > SWARM_LIMITS.pieceIndex) return;
  state.pieces = Math.max(state.pieces, judged.pieces);
  if (peer.known.has(piece)) return;
  peer.known.add(piece);
  reconsider(peer, piece);
  fillRequests(state, peer, now);
}

function takeBitfield(state: SwarmState, peer: Peer, bitfield: Uint8Array, now: number): void {
  const judged = checkBitfield(bitfield, state.pieces, contextOf(state));
  if (!judged.ok) {
    close(state, peer, judged.code);
    return;
  }
  const most = SWARM_LIMITS.pieceIndex + 1;
  state.pieces = Math.min(judged.pieces, most);
  peer.known.load(judged.bitfield.subarray(0, most / BYTE_BITS));
  reconsider(peer, 0);
  fillRequests(state, peer, now);
}

/** While the peer chokes, a `reject` says nothing about what it has; the piece then just is not of its allowed-fast set. */
function takeReject(state: SwarmState, peer: Peer, piece: number, now: number): void {
  peer.late.delete(piece);
  if (!peer.requests.has(piece)) return;
  release(state, peer, piece);
  if (peer.peerChoking) peer.allowedByPeer.delete(piece);
  else peer.known.delete(piece);
  fillRequests(state, peer, now);
}

/** One nonce a connection (SWARM-13). */
function takeNonce(state: SwarmState, peer: Peer, nonce: Uint8Array): void {
  if (peer.nonce !== undefined) close(state, peer, 'second-nonce');
  else if (nonce.length > 0) peer.nonce = nonce.slice();
}

/** Extension messages under ids that were not offered are left aside, as BEP 10 has it. */
function takeExtended(state: SwarmState, peer: Peer, extId: number, payload: Uint8Array, now: number): void {
  if (extId === 0) takeExtensionHandshake(state, peer, payload, now);
  else if (extId === EXCHANGE_ID && peer.exchangeId !== 0) takeExchange(state, peer, payload, now);
}

function takeExtensionHandshake(state: SwarmState, peer: Peer, payload: Uint8Array, now: number): void {
  let handshake: ExtensionHandshake;
  try {
    handshake = decodeExtensionHandshake(payload, 'deployed');
  } catch (error) {
    wireCode(error);
    return;
  }
  const { port, requestQueue, extensions } = handshake;
  if (!peer.outgoing && port !== undefined && isPort(port)) peer.port = port;
  if (requestQueue !== undefined) peer.requestQueue = Math.max(1, requestQueue);
  peer.exchangeId = extensions.ut_pex ?? 0;
  // Whoever says it again and again is not told more often for that.
  if (peer.nextExchange === Number.POSITIVE_INFINITY) peer.nextExchange = now + state.bounds.firstExchangeMs;
}

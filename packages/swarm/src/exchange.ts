import { type CompactPeer, decodePeerExchange, encodePeerExchange, type PeerExchange } from '@rookery/wire';
import { isSamePeer, wireCode } from './opening.ts';
import type { Peer } from './peer.ts';
import { isPrivateAddress } from './private-address.ts';
import { close, openPeers, type SwarmState, send } from './state.ts';

/** Flag of a peer that was reached from here. */
const REACHED = 0x10;

/** Tells a peer who came and who went since it was last told, if anybody did (SWARM-22). */
export function sendExchange(state: SwarmState, peer: Peer, now: number): void {
  peer.nextExchange = now + state.bounds.exchangeMs;
  const told = peer.told;
  const current = new Map<string, CompactPeer & { readonly flags: number }>();
  for (const other of openPeers(state)) {
    const { ip, port, isPrivate, outgoing } = other;
    if (isSamePeer(other, peer) || ip === undefined || port === undefined) continue;
    if (isPrivate && !peer.isPrivate) continue;
    if (current.size < state.bounds.exchangedPeers)
      current.set(`${ip}:${port}`, { ip, port, flags: outgoing ? REACHED : 0 });
  }
  peer.told = current;
  const added = [...current].filter(([key]) => !told.has(key)).map(([, entry]) => entry);
  const dropped = [...told].filter(([key]) => !current.has(key)).map(([, entry]) => entry);
  if (added.length === 0 && dropped.length === 0) return;
  send(
    state,
    peer,
    { id: 20, name: 'extended', extId: peer.exchangeId, payload: encodePeerExchange({ added, dropped }) },
    now,
  );
}

/**
 * Takes what a peer tells about others (SWARM-22): at most so many messages in a time, else the connection ends; of each at most so many
 * addresses, and private ones only from private peers.
 */
export function takeExchange(state: SwarmState, peer: Peer, payload: Uint8Array, now: number): void {
  const { exchangeMs, exchangeMessages, exchangedPeers } = state.bounds;
  while (peer.exchanges.length > 0 && peer.exchanges[0]! + exchangeMs <= now) peer.exchanges.shift();
  if (peer.exchanges.length >= exchangeMessages) {
    close(state, peer, 'too-frequent-exchange');
    return;
  }
  peer.exchanges.push(now);
  let exchange: PeerExchange;
  try {
    exchange = decodePeerExchange(payload, 'deployed');
  } catch (error) {
    close(state, peer, wireCode(error));
    return;
  }
  const items = exchange.added
    .filter(({ ip, port }) => port !== 0 && (peer.isPrivate || !isPrivateAddress(ip)))
    .slice(0, exchangedPeers)
    .map(({ ip, port }) => ({ ip, port }));
  if (items.length > 0) state.effects.push({ type: 'peers', peer: peer.name, items });
}

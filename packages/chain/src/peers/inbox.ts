import { bytesToHex } from '@noble/hashes/utils.js';
import {
  decodeAddr,
  decodeCheckpointVote,
  decodeFilterAdd,
  decodeInventory,
  decodeLocator,
  decodePing,
  encodePing,
  INVENTORY_TYPE,
  type Message,
  WireError,
} from '@rookery/wire';
import type { ChainEffect } from '../chain-effect.ts';
import type { AddressGossip } from './address-gossip.ts';
import { type Fault, inventoryKey, type PeerContext } from './context.ts';
import type { Fetcher } from './fetcher.ts';
import type { Handshake } from './handshake.ts';
import type { Relay } from './relay.ts';
import type { Server } from './server.ts';
import type { PeerSession } from './session.ts';
import type { VoteBox } from './vote-box.ts';

/** Who takes what comes in. */
interface InboxParts {
  readonly fetcher: Fetcher;
  readonly gossip: AddressGossip;
  readonly handshake: Handshake;
  readonly relay: Relay;
  readonly server: Server;
  readonly votes: VoteBox;
}

/** Hands each message to what it is for; blocks, transactions and votes are given to the chain and passed on here. */
export class Inbox {
  readonly #context: PeerContext;
  readonly #parts: InboxParts;

  constructor(context: PeerContext, parts: InboxParts) {
    this.#context = context;
    this.#parts = parts;
  }

  /** Takes a message. One that cannot be read is dropped, as deployed nodes drop it. */
  receive(session: PeerSession, message: Message): Fault | undefined {
    try {
      return this.#handle(session, message);
    } catch (error) {
      if (error instanceof WireError) return undefined;
      throw error;
    }
  }

  #handle(session: PeerSession, { command, payload }: Message): Fault | undefined {
    const { limits, send } = this.#context;
    const { fetcher, gossip, handshake, server } = this.#parts;
    if (command === 'version') return handshake.receive(session, payload);
    if (session.version === undefined) return { code: 'version-expected', penalty: limits.penaltyOrder };
    switch (command) {
      case 'addr':
        return gossip.receive(session, decodeAddr(payload).value);
      case 'block':
        this.#receiveBlock(session, payload);
        return undefined;
      case 'cp':
        this.#receiveVote(session, payload);
        return undefined;
      case 'dhtgetreq':
      case 'dhtputreq':
        this.#refuseProxy(session);
        return undefined;
      case 'filteradd':
        return server.addToFilter(session, decodeFilterAdd(payload).value);
      case 'filterclear':
        session.filter = undefined;
        session.relay = true;
        return undefined;
      case 'filterload':
        return server.loadFilter(session, payload);
      case 'getaddr':
        gossip.answer(session);
        return undefined;
      case 'getblocks':
        server.tellBlocks(session, decodeLocator(payload).value);
        return undefined;
      case 'getdata':
        return server.request(session, decodeInventory(payload).value);
      case 'getheaders':
        server.tellHeaders(session, decodeLocator(payload).value);
        return undefined;
      case 'inv':
        return fetcher.receiveInventory(session, decodeInventory(payload).value);
      case 'mempool':
        server.tellPool(session);
        return undefined;
      case 'notfound':
        fetcher.receiveNotFound(session, decodeInventory(payload).value);
        return undefined;
      case 'ping':
        if (session.version.version > limits.plainPingVersion)
          send(session, 'pong', encodePing(decodePing(payload).value));
        return undefined;
      case 'tx':
        this.#receiveTransaction(session, payload);
        return undefined;
      default:
        return undefined;
    }
  }

  #receiveBlock(session: PeerSession, payload: Uint8Array): void {
    const { chain, networkNow } = this.#context;
    const { fetcher, relay } = this.#parts;
    const effects = chain.addBlock(payload, networkNow);
    const accepted = new Set<string>();
    for (const effect of effects) {
      if (effect.type === 'tip' || effect.type === 'disconnected' || effect.id === null) continue;
      const key = bytesToHex(effect.id);
      if (effect.type === 'accepted') {
        accepted.add(key);
        session.lastBlock = effect.id;
      }
      if (effect.type === 'connected' && accepted.has(key)) relay.announceBlock(effect.id);
    }
    this.#noteReceived(session, INVENTORY_TYPE.block, effects);
    if (accepted.size > 0) fetcher.noteProgress();
  }

  #receiveTransaction(session: PeerSession, payload: Uint8Array): void {
    const { chain, now } = this.#context;
    const effects = chain.addTransaction(payload, now);
    this.#noteReceived(session, INVENTORY_TYPE.transaction, effects);
    for (const effect of effects)
      if (effect.type === 'pooled') this.#parts.relay.announceTransaction(effect.id, effect.bytes);
  }

  /** The peer knows what it has sent; what that did is passed on, and scored. */
  #noteReceived(session: PeerSession, type: number, effects: readonly ChainEffect[]): void {
    const { punish, tell } = this.#context;
    const { fetcher } = this.#parts;
    const id = effects[0]?.id;
    let wasMissing = false;
    if (id !== null && id !== undefined) {
      session.known.add(inventoryKey(type, id));
      wasMissing = fetcher.settle(type, id);
    }
    for (const effect of effects) {
      tell(effect);
      if (effect.type === 'orphan') fetcher.askForMissing(session, effect.id, wasMissing);
      if (effect.type === 'rejected' && effect.penalty > 0)
        punish(session, { code: effect.code, penalty: effect.penalty });
    }
  }

  #receiveVote(session: PeerSession, payload: Uint8Array): void {
    const { chain, limits, send, sessions, tell } = this.#context;
    if (session.badVotes >= limits.badVotes) return;
    const vote = decodeCheckpointVote(payload).value;
    const counted = this.#parts.votes.add(vote, chain.tip.height, chain);
    if (!counted.ok) {
      if (counted.code === 'bad-vote-signature') session.badVotes += 1;
      return;
    }
    for (const other of sessions.values())
      if (other !== session && (other.version?.version ?? 0) >= limits.voteVersion) send(other, 'cp', counted.payload);
    const { decided } = counted;
    if (decided?.hash !== undefined) tell({ type: 'checkpoint', height: decided.height, id: decided.hash });
  }

  #refuseProxy(session: PeerSession): void {
    if (!session.refusedProxy) this.#context.send(session, 'nodhtproxy');
    session.refusedProxy = true;
  }
}

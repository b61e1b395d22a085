import { randomBytes } from 'node:crypto';
import type { Server } from 'node:net';
import { Chain, type ChainEffect, ChainPeers, type PeerEffect, type PeerInfo } from '@rookery/chain';
import type { CurveBackend } from '@rookery/keys';
import type { NetworkAddress } from '@rookery/wire';
import { Alarm } from '../alarm.ts';
import { nodePowHash } from '../backend.ts';
import { isLoopback } from '../endpoint.ts';
import type { Logger } from '../log.ts';
import type { NodeOptions } from '../options.ts';
import { type Progress, startProgress } from '../progress.ts';
import type { Store } from '../store/store.ts';
import { AddressBook } from './address-book.ts';
import { addressBytes } from './address-bytes.ts';
import { BlockArchive } from './block-archive.ts';
import { Dialler } from './dialler.ts';
import { type PeerLink, PeerLinks } from './peer-links.ts';

/** What the rest of the node wants to know of the chain. */
export interface ChainEvents {
  /** The active chain ends with another block. */
  tip(height: number): void;
  /** A block joined the active chain. */
  connected(id: Uint8Array, height: number): void;
  /** There is something new to mine. */
  pooled(): void;
  /** A peer that this node connected to has shown itself. */
  reached(link: PeerLink): void;
}

/** What a chain service is made of. */
export interface ChainServiceOptions {
  readonly options: NodeOptions;
  readonly store: Store;
  readonly log: Logger;
  readonly backend: CurveBackend;
  readonly server: Server;
  /** Where this node listens. */
  readonly port: number;
  readonly events: ChainEvents;
}

const SERVICES = 1n;
const SAVE_MS = 600_000;

/** The registration chain: the engine, its peers on TCP, its blocks on disk. */
export class ChainService {
  readonly chain: Chain;
  readonly book: AddressBook;
  readonly #peers: ChainPeers;
  readonly #links: PeerLinks;
  readonly #archive: BlockArchive;
  readonly #events: ChainEvents;
  readonly #log: Logger;
  readonly #alarm: Alarm;
  readonly #saver: NodeJS.Timeout;
  readonly #dialler: Dialler;
  readonly #port: number;
  #externalIp: string | undefined;
  #progress: Progress | undefined;

  private constructor(given: ChainServiceOptions, archive: BlockArchive, chain: Chain) {
    const { options, store, log, backend, server, port, events } = given;
    this.chain = chain;
    this.#archive = archive;
    this.#events = events;
    this.#log = log;
    this.book = new AddressBook(store);
    this.#port = port;
    this.#externalIp = options.externalIp;
    this.#peers = new ChainPeers({
      chain,
      random: (length) => new Uint8Array(randomBytes(length)),
      userAgent: '/rookery:0.0.0/',
      knownAddresses: () => this.book.known(),
      groupOf: (address) => (isLoopback(address) ? address : hostOf(address)),
      backend,
      publicAddress: this.#publicAddress(),
    });
    this.#links = new PeerLinks(server, {
      opened: (link) => this.#open(link),
      received: (link, bytes) => this.#apply(this.#peers.receive(link.name, bytes, Date.now())),
      full: (link, isFull) => this.#apply(this.#peers.setFull(link.name, isFull, Date.now())),
      closed: (link, wasOpen) => {
        if (wasOpen) this.#apply(this.#peers.disconnect(link.name, Date.now()));
      },
    });
    this.#alarm = new Alarm(() => this.#apply(this.#peers.tick(Date.now())));
    this.#dialler = new Dialler(this.#links, this.book, options);
    this.#saver = setInterval(() => this.book.save(), SAVE_MS);
  }

  /** Reads the chain from disk and starts to talk. */
  static async start(given: ChainServiceOptions): Promise<ChainService> {
    const { backend, log, options, store } = given;
    const archive = new BlockArchive(store, log);
    const { checkpoints, network } = options;
    const chain = new Chain({ network, checkpoints, powHash: nodePowHash, backend, source: archive });
    await archive.replay(chain, Date.now());
    return new ChainService(given, archive, chain);
  }

  /** The own address, as it was given or as others say; undefined while nobody has said. */
  get externalIp(): string | undefined {
    return this.#externalIp;
  }

  /** Tells the peers, from now on, that this node can be reached at an address. */
  setExternalIp(ip: string): void {
    this.#externalIp = ip;
    this.#apply(this.#peers.setPublicAddress(this.#publicAddress(), Date.now()));
  }

  /** Seconds since the Unix epoch, by the clocks of the peers. */
  adjustedTime(): number {
    return this.#peers.adjustedTime(Date.now());
  }

  /** What is known of each connection. */
  peers(): { readonly link: PeerLink; readonly info: PeerInfo }[] {
    return this.#peers.peers().flatMap((info) => {
      const link = this.#links.get(info.peer);
      return link === undefined ? [] : [{ link, info }];
    });
  }

  /** Peers that have shown themselves. */
  get peerCount(): number {
    return this.#peers.peers().filter(({ version }) => version !== undefined).length;
  }

  /** Whether the chain has come up to what the peers have, as far as they told. */
  isCaughtUp(): boolean {
    return this.chain.tip.height >= this.#bestKnown() && this.chain.isSynced(Date.now());
  }

  /** Seconds that the clocks of the peers are ahead of the own one. */
  get timeOffset(): number {
    return this.adjustedTime() - Math.floor(Date.now() / 1000);
  }

  /** Adds a block that was mined here. False where the chain refuses it, as for one that came too late. */
  addOwnBlock(bytes: Uint8Array): boolean {
    const now = Date.now();
    const effects = this.chain.addBlock(bytes, now);
    this.#applyChain(effects);
    const accepted = effects.find((effect) => effect.type === 'accepted');
    if (accepted === undefined) return false;
    this.#apply(this.#peers.announceBlock(accepted.id, now));
    return true;
  }

  /** Offers a registration of this node to the network, until it is mined. False where it is refused. */
  submit(bytes: Uint8Array): boolean {
    const effects = this.#peers.submitTransaction(bytes, Date.now());
    for (const effect of effects) if (effect.type === 'pooled') this.#archive.keepTransaction(effect.id, effect.bytes);
    this.#apply(effects);
    return !effects.some(({ type }) => type === 'rejected');
  }

  /** Stays connected to a peer, or no longer, or tries it once. False where nothing changed. */
  addNode(host: string, port: number, command: 'add' | 'remove' | 'onetry'): boolean {
    if (command === 'add') return this.#dialler.add(host, port);
    if (command === 'remove') return this.#dialler.remove(host, port);
    this.#dialler.tryOnce(host, port);
    return true;
  }

  stop(): void {
    this.#dialler.stop();
    this.#alarm.stop();
    clearInterval(this.#saver);
    this.#progress?.stop();
    this.book.save();
    this.#links.closeAll();
  }

  #publicAddress(): NetworkAddress | undefined {
    if (this.#externalIp === undefined) return undefined;
    return { services: SERVICES, ip: addressBytes(this.#externalIp), port: this.#port };
  }

  #open(link: PeerLink): void {
    this.#apply(this.#peers.connect(link.name, { outgoing: link.outgoing, address: link.name }, Date.now()));
  }

  #apply(effects: readonly PeerEffect[]): void {
    for (const effect of effects) this.#applyOne(effect);
    this.#alarm.set(this.#peers.nextDeadline());
  }

  #applyChain(effects: readonly ChainEffect[]): void {
    for (const effect of effects) this.#applyOne(effect);
  }

  #applyOne(effect: PeerEffect): void {
    switch (effect.type) {
      case 'send':
        this.#links.send(effect.peer, effect.bytes);
        return;
      case 'close':
        this.#log.debug({ peer: effect.peer, code: effect.code }, 'a chain peer was sent away');
        this.#links.close(effect.peer);
        return;
      case 'ban':
        this.#log.info({ peer: effect.peer, code: effect.code }, 'a chain peer was banned');
        return;
      case 'ready':
        this.#ready(effect);
        return;
      case 'addresses':
        this.book.add(effect.items, isLoopback(effect.peer));
        return;
      case 'need-block': {
        const bytes = this.#archive.blockBytes(effect.id);
        this.#apply(this.#peers.deliverBlock(effect.peer, effect.id, bytes, Date.now()));
        return;
      }
      case 'synced':
        this.#progress?.stop();
        this.#progress = undefined;
        this.#log.info({ height: effect.height }, 'the chain is up to date');
        return;
      case 'connected':
        this.#forgetMined(effect.id);
        this.#events.connected(effect.id, effect.height);
        return;
      case 'tip':
        this.#archive.record(effect);
        this.#showProgress(effect.height);
        this.#events.tip(effect.height);
        return;
      case 'pooled':
        this.#events.pooled();
        return;
      case 'rejected':
        this.#log.debug({ code: effect.code, detail: effect.detail }, 'a block or transaction was refused');
        return;
      default:
        if (effect.type === 'accepted') this.#archive.record(effect);
    }
  }

  #ready({ peer, outgoing, userAgent, startHeight }: PeerEffect & { readonly type: 'ready' }): void {
    this.#log.info({ peer, outgoing, userAgent, startHeight }, 'a chain peer is connected');
    for (const bytes of this.#archive.ownTransactions()) this.#offer(bytes);
    const link = this.#links.get(peer);
    if (link === undefined || !outgoing) return;
    this.#dialler.succeeded(link);
    this.#events.reached(link);
  }

  /** Offers a registration of this node once more; one that can no longer be mined is given up. */
  #offer(bytes: Uint8Array): void {
    const effects = this.#peers.submitTransaction(bytes, Date.now());
    for (const effect of effects)
      if (effect.type === 'rejected' && effect.id !== null) this.#archive.forgetTransaction(effect.id);
    this.#apply(effects);
  }

  #forgetMined(id: Uint8Array): void {
    for (const transaction of this.chain.entry(id)?.transactions ?? []) this.#archive.forgetTransaction(transaction);
  }

  #showProgress(height: number): void {
    const best = this.#bestKnown();
    if (height < best) {
      this.#progress ??= startProgress('getting the chain', this.#log);
      this.#progress.update(height, best);
    } else {
      this.#progress?.stop();
      this.#progress = undefined;
    }
  }

  /** The greatest height that a connected peer claims. */
  #bestKnown(): number {
    return Math.max(...this.#peers.peers().map(({ startHeight }) => startHeight), 0);
  }
}

function hostOf(address: string): string {
  return address.slice(0, address.lastIndexOf(':'));
}

import { bytesToHex } from '@noble/hashes/utils.js';
import { type CloseReason, formatAddress, type NodeEnv, type SimNode } from '@rookery/simnet';
import { encodeBlock, encodeTransaction, type Transaction } from '@rookery/wire';
import { Chain, ChainPeers, type ChainPeersOptions, type PeerEffect } from '../src/index.ts';
import { noWork } from './dev-chain.ts';

const RETRY_MS = 5000;

/** What a node of a simulated chain network is like. */
export interface HostOptions extends Partial<ChainPeersOptions> {
  /** Nodes that it connects to, and connects to again when it has lost them. */
  readonly links: readonly number[];
  /** Blocks that it has from the start. */
  readonly blocks?: readonly Uint8Array[];
  /** Whether its chain reads blocks back from the node's store, and peers wait for them. */
  readonly stores?: boolean;
}

/** A chain and its peers on a simulated node: sockets, a store that survives crashes, a miner without work. */
export class ChainHost implements SimNode {
  readonly chain: Chain;
  readonly peers: ChainPeers;
  /** How far the chain has come: everything but sends, by type. */
  readonly told: PeerEffect[] = [];
  readonly #env: NodeEnv;
  readonly #links: readonly number[];
  readonly #streams = new Map<number, number>();
  #retryAt: number;
  #saved = 0;

  constructor(env: NodeEnv, { blocks = [], links, stores = false, ...options }: HostOptions) {
    this.#env = env;
    this.#links = links;
    this.#retryAt = env.now;
    const source = stores ? { blockBytes: () => undefined } : undefined;
    this.chain = new Chain({ network: 'dev', powHash: noWork, source, limits: { recentBlocks: 1 } });
    for (const bytes of blocks) this.chain.addBlock(bytes, env.now, { trusted: true });
    for (let bytes = env.stored('0'); bytes !== undefined; bytes = env.stored(`${this.#saved}`)) {
      this.chain.addBlock(bytes, env.now, { trusted: true });
      this.#saved += 1;
    }
    const random = (length: number) => Uint8Array.from({ length }, () => env.random.uint32() & 255);
    this.peers = new ChainPeers({ chain: this.chain, random, ...options });
  }

  opened(stream: number, remote: number, now: number, inbound: boolean): void {
    this.#perform(this.peers.connect(`${stream}`, { outgoing: !inbound, address: formatAddress(remote) }, now));
  }

  data(stream: number, bytes: Uint8Array, now: number): void {
    this.#perform(this.peers.receive(`${stream}`, bytes, now));
  }

  closed(stream: number, _reason: CloseReason, now: number): void {
    this.#lost(stream, now);
    this.#perform(this.peers.disconnect(`${stream}`, now));
  }

  tick(now: number): void {
    if (now >= this.#retryAt) {
      this.#retryAt = now + RETRY_MS;
      for (const node of this.#links)
        if (!this.#streams.has(node)) this.#streams.set(node, this.#env.connect(this.#env.addressOf(node)));
    }
    this.#perform(this.peers.tick(now));
  }

  nextDeadline(): number {
    return Math.min(this.#retryAt, this.peers.nextDeadline() ?? Number.POSITIVE_INFINITY);
  }

  /** Mines a block and tells peers of it. */
  mine(now: number): void {
    const salt = Uint8Array.of(this.#env.node, this.#env.incarnation);
    const block = this.chain.blockTemplate({ now, message: 'mined', salt });
    const effects = this.chain.addBlock(encodeBlock(block), now);
    this.#perform(effects);
    const tip = effects.at(-1);
    if (tip?.type === 'tip') this.#perform(this.peers.announceBlock(tip.id, now));
  }

  /** Lets a registration wait and tells peers of it. */
  register(transaction: Transaction, now: number): void {
    this.#perform(this.peers.submitTransaction(encodeTransaction(transaction), now));
  }

  #lost(stream: number, now: number): void {
    for (const [node, open] of this.#streams) if (open === stream) this.#streams.delete(node);
    this.#retryAt = Math.min(this.#retryAt, now + RETRY_MS);
  }

  #perform(effects: readonly PeerEffect[]): void {
    for (const effect of effects) {
      if (effect.type !== 'send') this.told.push(effect);
      if (effect.type === 'send') this.#env.write(Number(effect.peer), effect.bytes);
      if (effect.type === 'close') {
        this.#lost(Number(effect.peer), this.#env.now);
        this.#env.reset(Number(effect.peer));
      }
      if (effect.type === 'accepted') this.#save(effect.id, effect.bytes);
      if (effect.type === 'need-block') {
        const bytes = this.#env.stored(bytesToHex(effect.id));
        this.#perform(this.peers.deliverBlock(effect.peer, effect.id, bytes, this.#env.now));
      }
    }
  }

  #save(id: Uint8Array, bytes: Uint8Array): void {
    this.#env.store(`${this.#saved}`, bytes);
    this.#env.store(bytesToHex(id), bytes);
    this.#saved += 1;
  }
}

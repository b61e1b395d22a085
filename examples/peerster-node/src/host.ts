import nodeCrypto, { createHash, randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import {
  createNodeRsaProvider,
  type DeliverEffect,
  type PeersterEffect,
  PeersterNode,
  type PeersterOptions,
  type StoredMessage,
} from '@rookery/peerster';
import { formatAddress, resolveAddress, splitAddress } from './address.ts';
import type { LevelStore } from './level-store.ts';

/** Hashes tried between two looks at the network: some ten milliseconds of work. */
const SLICE = 8_192;
/** Timers of Node reach no further. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** What happens to a message of our own that waits for its number. */
interface Waiting {
  resolve(message: StoredMessage): void;
  reject(error: Error): void;
}

/** An own text that the protocol refuses. */
export class RefusedText extends Error {
  override readonly name = 'RefusedText';
  readonly code: string;

  constructor(code: string, detail: string) {
    super(detail);
    this.code = code;
  }
}

export interface HostOptions {
  readonly gossipAddr: string;
  readonly powDifficulty: number;
  readonly profile: 'strict' | 'compat';
  /** PKCS#8 DER. */
  readonly keys: readonly Uint8Array[];
  readonly store: LevelStore;
  readonly overrides?: Partial<PeersterOptions>;
}

/** The hands of a node: a UDP socket, a timer, the disk, and slices of work between datagrams. */
export class Host {
  readonly node: PeersterNode;
  readonly store: LevelStore;
  /** Where the socket listens, `host:port`. */
  readonly address: string;
  private readonly socket: Socket;
  private readonly family: 4 | 6;
  private readonly waiting = new Map<number, Waiting>();
  private readonly listeners = new Set<(effect: DeliverEffect) => void>();
  private timer: NodeJS.Timeout | undefined;
  private slice: NodeJS.Immediate | undefined;
  private closed = false;

  private constructor(socket: Socket, family: 4 | 6, options: HostOptions) {
    const { address, port } = socket.address();
    this.socket = socket;
    this.family = family;
    this.store = options.store;
    this.address = formatAddress(address, port);
    const rsa = createNodeRsaProvider(nodeCrypto);
    this.node = new PeersterNode({
      now: Date.now(),
      random: (length) => new Uint8Array(randomBytes(length)),
      rsa,
      store: options.store.messages,
      profile: options.profile,
      target: options.powDifficulty,
      address: this.address,
      identities: options.keys.map((pkcs8) => rsa.privateKey(pkcs8)),
      ...options.overrides,
    });
    socket.on('message', (datagram, sender) => {
      const from = formatAddress(sender.address, sender.port);
      this.apply(this.node.receive(new Uint8Array(datagram), from, Date.now()));
    });
    // A peer that is gone shows as an error of the socket; the next datagram is tried all the same.
    socket.on('error', () => {});
    this.keepGoing();
  }

  /** Opens the socket; port 0 takes any. */
  static async open(options: HostOptions): Promise<Host> {
    const host = options.gossipAddr.slice(0, options.gossipAddr.lastIndexOf(':')).replace(/^\[|\]$/g, '');
    const port = Number(options.gossipAddr.slice(options.gossipAddr.lastIndexOf(':') + 1));
    const family = host.includes(':') ? 6 : 4;
    const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
    socket.bind(port, host);
    await once(socket, 'listening');
    return new Host(socket, family, options);
  }

  /** Calls back for every message that people may want to see; gives a function that ends it. */
  onDeliver(listener: (effect: DeliverEffect) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Adds a peer by hand. False where the address can not be resolved or is our own. */
  async addPeer(address: string): Promise<boolean> {
    const numeric = await resolveAddress(address, this.family);
    if (numeric === undefined || numeric === this.address || !this.node.addPeer(numeric)) return false;
    this.keepGoing();
    return true;
  }

  /** Removes a peer that is there, or adds one that is not. False where that is impossible. */
  async togglePeer(address: string): Promise<boolean> {
    const numeric = await resolveAddress(address, this.family);
    if (numeric !== undefined && this.node.removePeer(numeric)) return true;
    return this.addPeer(address);
  }

  /** Mines, stores and sends a public text; resolves when it is on disk. */
  publish(text: string, author: string = this.node.names()[0] ?? ''): Promise<StoredMessage> {
    return this.submitted(this.node.publish(author, utf8(text)));
  }

  /** Mines, stores and sends a private text; resolves when it is on disk. */
  sendPrivate(recipient: string, text: string, author: string = this.node.names()[0] ?? ''): Promise<StoredMessage> {
    return this.submitted(this.node.sendPrivate(author, recipient, utf8(text)));
  }

  /** SHA-256 over origin, number and hash of every message in the order of names: equal stores have equal digests. */
  digest(): string {
    const hash = createHash('sha256');
    const { messages } = this.store;
    for (const origin of messages.origins()) {
      for (let id = 0; id < messages.nextId(origin); id += 1) {
        hash.update(`${origin}/${id}/`).update(messages.hashOf(origin, id) ?? '');
      }
    }
    return hash.digest('hex');
  }

  /** Closes socket and disk; waiting texts are refused. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    clearTimeout(this.timer);
    clearImmediate(this.slice);
    for (const { reject } of this.waiting.values()) reject(new Error('the node stops'));
    await new Promise<void>((resolve) => this.socket.close(() => resolve()));
    await this.store.close();
  }

  private async submitted(verdict: ReturnType<PeersterNode['publish']>): Promise<StoredMessage> {
    if (!verdict.ok) throw new RefusedText(verdict.code, verdict.detail);
    const message = new Promise<StoredMessage>((resolve, reject) =>
      this.waiting.set(verdict.ticket, { resolve, reject }),
    );
    this.keepGoing();
    const stored = await message;
    await this.store.flush();
    return stored;
  }

  private apply(effects: readonly PeersterEffect[]): void {
    for (const effect of effects) {
      switch (effect.type) {
        case 'send':
          this.send(effect.to, effect.bytes);
          break;
        case 'stored':
          this.store.stored(effect.message);
          break;
        case 'pruned':
          this.store.pruned(effect);
          break;
        case 'deliver':
          for (const listener of this.listeners) listener(effect);
          break;
        case 'submitted':
          this.waiting.get(effect.ticket)?.resolve(effect.message);
          this.waiting.delete(effect.ticket);
          break;
        case 'learned':
        case 'dropped':
          break;
      }
    }
    this.keepGoing();
  }

  private send(to: string, bytes: Uint8Array): void {
    const parts = splitAddress(to);
    if (parts !== undefined && !this.closed) this.socket.send(bytes, parts.port, parts.host, () => {});
  }

  /** Sets the timer for the next deadline and a slice of work where there is any. */
  private keepGoing(): void {
    if (this.closed) return;
    clearTimeout(this.timer);
    const deadline = this.node.nextDeadline();
    if (deadline !== undefined) {
      const delay = Math.min(LONGEST_TIMER_MS, Math.max(0, deadline - Date.now()));
      this.timer = setTimeout(() => this.apply(this.node.tick(Date.now())), delay);
    }
    if (this.slice === undefined && this.node.mining() !== undefined) {
      this.slice = setImmediate(() => {
        this.slice = undefined;
        this.apply(this.node.work(SLICE, Date.now()));
      });
    }
  }
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

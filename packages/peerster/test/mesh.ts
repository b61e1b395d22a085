import {
  MemoryStore,
  type MessageStore,
  type PeersterEffect,
  PeersterNode,
  type PeersterOptions,
  type RandomSource,
  type RsaPrivateKey,
  seededRandom,
} from '../src/index.ts';
import { hex } from './captured.ts';
import { nodeRsa } from './identities.ts';

export const START = 1_700_000_000_000;

/** A source of test randomness that differs by label. */
export function testRandom(label: number): RandomSource {
  const seed = new Uint8Array(32);
  new DataView(seed.buffer).setUint32(0, label);
  return seededRandom(seed);
}

interface Member {
  readonly address: string;
  readonly node: PeersterNode;
  readonly store: MessageStore;
  /** Undefined: it listens to nobody and sends nothing. */
  alive: boolean;
}

interface Arrival {
  readonly at: number;
  readonly order: number;
  readonly from: string;
  readonly to: string;
  readonly bytes: Uint8Array;
}

export interface MeshOptions {
  readonly loss?: number;
  readonly duplication?: number;
  readonly delayMs?: readonly [number, number];
  readonly seed?: number;
  readonly node?: Partial<PeersterOptions>;
}

/** A whole network in one process, with a virtual clock: datagrams are delayed, lost and doubled by a seeded draw. */
export class Mesh {
  now = START;
  sentBytes = 0;
  sentDatagrams = 0;
  readonly members = new Map<string, Member>();
  readonly effects: { readonly address: string; readonly at: number; readonly effect: PeersterEffect }[] = [];
  /** Whether a datagram may pass; for partitions. */
  passes: (from: string, to: string) => boolean = () => true;

  private readonly options: Required<MeshOptions>;
  private readonly random: RandomSource;
  private queue: Arrival[] = [];
  private order = 0;

  constructor(options: MeshOptions = {}) {
    this.options = { loss: 0, duplication: 0, delayMs: [5, 25], seed: 1, node: {}, ...options };
    this.random = testRandom(this.options.seed);
  }

  join(address: string, identities: readonly RsaPrivateKey[], options: Partial<PeersterOptions> = {}): PeersterNode {
    const store = options.store ?? new MemoryStore();
    const node = new PeersterNode({
      now: this.now,
      random: testRandom(this.options.seed * 1_000 + this.members.size),
      rsa: nodeRsa,
      target: 0,
      miningTarget: 0,
      address,
      identities,
      ...this.options.node,
      ...options,
      store,
    });
    this.members.set(address, { address, node, store, alive: true });
    this.work(address);
    return node;
  }

  link(a: string, b: string): void {
    this.node(a).addPeer(b);
    this.node(b).addPeer(a);
  }

  node(address: string): PeersterNode {
    return this.members.get(address)!.node;
  }

  kill(address: string): void {
    this.members.get(address)!.alive = false;
  }

  /** Mines whatever a node has to say. */
  work(address: string): void {
    const { node } = this.members.get(address)!;
    while (node.mining() !== undefined) this.apply(address, node.work(100_000, this.now));
  }

  publish(address: string, text: string, identity?: string): void {
    const node = this.node(address);
    const verdict = node.publish(identity ?? node.names()[0]!, new TextEncoder().encode(text));
    if (!verdict.ok) throw new Error(verdict.code);
    this.work(address);
  }

  /** Hands a datagram of anybody to a node at once. */
  inject(bytes: Uint8Array, from: string, to: string): readonly PeersterEffect[] {
    const effects = this.node(to).receive(bytes, from, this.now);
    this.apply(to, effects);
    return effects;
  }

  /** Lets time pass. */
  run(ms: number): void {
    const end = this.now + ms;
    for (;;) {
      const tick = this.nextTick();
      const arrival = this.queue[0];
      const at = Math.min(tick?.at ?? Number.POSITIVE_INFINITY, arrival?.at ?? Number.POSITIVE_INFINITY);
      if (at > end) break;
      this.now = Math.max(this.now, at);
      if (arrival !== undefined && arrival.at === at) {
        this.pop();
        const member = this.members.get(arrival.to);
        if (member?.alive && this.passes(arrival.from, arrival.to)) {
          this.apply(arrival.to, member.node.receive(arrival.bytes, arrival.from, this.now));
        }
      } else if (tick !== undefined) this.apply(tick.address, this.node(tick.address).tick(this.now));
    }
    this.now = end;
  }

  /** Lets time pass until a condition holds; whether it came to hold. */
  runUntil(condition: () => boolean, ms: number, stepMs = 250): boolean {
    const end = this.now + ms;
    while (!condition()) {
      if (this.now >= end) return false;
      this.run(Math.min(stepMs, end - this.now));
    }
    return true;
  }

  /** All messages of a node by origin, number and hash, as one comparable text. */
  contents(address: string): string {
    return contentsOf(this.members.get(address)!.store);
  }

  /** Whether all living members hold the same messages. */
  converged(addresses: Iterable<string> = this.members.keys()): boolean {
    let first: string | undefined;
    for (const address of addresses) {
      if (!this.members.get(address)!.alive) continue;
      const contents = this.contents(address);
      first ??= contents;
      if (contents !== first) return false;
    }
    return true;
  }

  private apply(address: string, effects: readonly PeersterEffect[]): void {
    for (const effect of effects) {
      this.effects.push({ address, at: this.now, effect });
      if (effect.type === 'send') this.send(address, effect.to, effect.bytes);
    }
  }

  private send(from: string, to: string, bytes: Uint8Array): void {
    this.sentBytes += bytes.length;
    this.sentDatagrams += 1;
    const { loss, duplication, delayMs } = this.options;
    const draw = () => this.random(1)[0]! / 256;
    if (draw() < loss) return;
    const copies = draw() < duplication ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      const delay = delayMs[0] + Math.floor(draw() * (delayMs[1] - delayMs[0]));
      this.push({ at: this.now + delay, order: this.order++, from, to, bytes });
    }
  }

  private nextTick(): { readonly at: number; readonly address: string } | undefined {
    let found: { at: number; address: string } | undefined;
    for (const { address, node, alive } of this.members.values()) {
      const at = alive ? node.nextDeadline() : undefined;
      if (at !== undefined && (found === undefined || at < found.at)) found = { at, address };
    }
    return found;
  }

  private push(arrival: Arrival): void {
    let low = 0;
    let high = this.queue.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.queue[middle]!.at <= arrival.at) low = middle + 1;
      else high = middle;
    }
    this.queue.splice(low, 0, arrival);
  }

  private pop(): void {
    this.queue.shift();
  }
}

export function contentsOf(store: MessageStore): string {
  return store
    .origins()
    .flatMap((origin) =>
      Array.from({ length: store.nextId(origin) }, (_, id) => `${origin}/${id}/${hex(store.hashOf(origin, id)!)}`),
    )
    .join('\n');
}

import type { Address } from './address.ts';
import { Hosts, NODE_PORT, NOWHERE } from './hosts.ts';
import type { SimNode } from './node.ts';
import { KIND } from './record.ts';
import type { Transport } from './transport.ts';
import type { World } from './world.ts';

/** A datagram that waits for an entry of a schedule to deliver it. */
export interface Held {
  readonly sender: number;
  readonly near: number;
  readonly from: Address;
  readonly to: Address;
  readonly bytes: Uint8Array;
}

/** A stream of a replay: bytes that wait, in both directions. */
export interface HeldStream {
  readonly id: number;
  readonly first: number;
  readonly from: Address;
  readonly to: Address;
  second: number | undefined;
  /** Bytes on their way to side 0 and to side 1. */
  readonly waiting: readonly [Uint8Array[], Uint8Array[]];
  readonly gone: [boolean, boolean];
}

/** Holds all that nodes send, by the entry that was running, until an entry of the schedule wants it. */
export class Outbox<N extends SimNode> implements Transport {
  readonly hosts: Hosts;
  private readonly world: World<N>;
  private readonly datagrams = new Map<number, Held[]>();
  private readonly connects = new Map<number, HeldStream[]>();
  private readonly streams: HeldStream[] = [];
  private entry = 0;

  /** An outbox for the nodes of a world. */
  constructor(world: World<N>) {
    this.world = world;
    this.hosts = new Hosts(world.size, world.setup.scenario.nat);
  }

  /** What is sent from now on is sent by this entry. */
  enter(entry: number): void {
    this.entry = entry;
  }

  /** The nth datagram that an entry sent to a node. */
  find(entry: number, node: number, nth: number): Held | undefined {
    let left = nth;
    for (const held of this.datagrams.get(entry) ?? []) {
      if (held.near !== node) continue;
      if (left === 0) return held;
      left -= 1;
    }
    return undefined;
  }

  /** The nth stream that an entry connected. */
  findStream(entry: number, nth: number): HeldStream | undefined {
    return this.connects.get(entry)?.[nth];
  }

  addressOf(node: number): Address {
    return this.hosts.addressOf(node);
  }

  publicAddressOf(node: number): Address {
    return this.hosts.publicAddressOf(node);
  }

  datagram(node: number, to: Address, bytes: Uint8Array, port: number, forged: Address | undefined): void {
    const near = this.near(node, to);
    const from = forged ?? this.hosts.outward(node, port, to, this.world.elapsedMs);
    this.world.recent.note(KIND.send, node, this.world.elapsedMs, this.world.events, near, to, bytes, '');
    append(this.datagrams, this.entry, { sender: node, near, from, to, bytes: new Uint8Array(bytes) });
  }

  connect(node: number, to: Address): number {
    const near = this.near(node, to);
    const from = this.hosts.outward(node, NODE_PORT, to, this.world.elapsedMs);
    const id = this.streams.length;
    const stream: HeldStream = {
      id,
      first: node,
      from,
      to,
      second: undefined,
      waiting: [[], []],
      gone: [false, false],
    };
    this.world.recent.note(KIND.connect, node, this.world.elapsedMs, this.world.events, near, to, undefined, '');
    this.streams.push(stream);
    append(this.connects, this.entry, stream);
    return 2 * id;
  }

  write(node: number, number: number, bytes: Uint8Array): void {
    const { stream, side } = this.own(node, number);
    const peer = (side === 0 ? stream.second : stream.first) ?? -1;
    this.world.recent.note(
      KIND.write,
      node,
      this.world.elapsedMs,
      this.world.events,
      peer,
      0,
      bytes,
      `stream ${number}`,
    );
    if (!stream.gone[side] && bytes.length > 0) stream.waiting[side === 0 ? 1 : 0].push(new Uint8Array(bytes));
  }

  close(node: number, number: number): void {
    const { stream, side } = this.own(node, number);
    stream.gone[side] = true;
  }

  reset(node: number, number: number): void {
    this.close(node, number);
  }

  backlog(node: number, number: number): number {
    const { stream, side } = this.own(node, number);
    return stream.waiting[side === 0 ? 1 : 0].reduce((length, bytes) => length + bytes.length, 0);
  }

  stopped(node: number): void {
    for (const stream of this.streams) {
      if (stream.first === node) stream.gone[0] = true;
      if (stream.second === node) stream.gone[1] = true;
    }
  }

  deadlineChanged(): void {}

  private near(node: number, to: Address): number {
    const near = this.hosts.near(to, node, this.world.elapsedMs);
    if (near === NOWHERE && this.world.setup.scenario.nowhere !== 'drop') this.world.nowhere(node, to);
    return near;
  }

  private own(node: number, number: number): { readonly stream: HeldStream; readonly side: 0 | 1 } {
    const stream = Number.isSafeInteger(number) ? this.streams[Math.floor(number / 2)] : undefined;
    if (stream === undefined) this.world.badCall(node, `no stream: ${String(number)}`);
    const side = number % 2 === 0 ? 0 : 1;
    if ((side === 0 ? stream.first : stream.second) !== node) {
      this.world.badCall(node, `stream ${number} is not the node's own`);
    }
    return { stream, side };
  }
}

/** Takes at most so many bytes that wait for a side. */
export function takeWaiting(stream: HeldStream, side: 0 | 1, most: number): Uint8Array {
  const waiting = stream.waiting[side];
  const taken: number[] = [];
  while (taken.length < most && waiting.length > 0) {
    const bytes = waiting[0] as Uint8Array;
    const part = bytes.subarray(0, most - taken.length);
    for (const byte of part) taken.push(byte);
    if (part.length === bytes.length) waiting.shift();
    else waiting[0] = bytes.subarray(part.length);
  }
  return Uint8Array.from(taken);
}

function append<T>(lists: Map<number, T[]>, key: number, item: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}

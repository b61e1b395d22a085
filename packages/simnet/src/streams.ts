import type { Address } from './address.ts';
import { checksum } from './checksum.ts';
import type { CloseReason } from './codes.ts';
import { draw, drawKey, PURPOSE, scale } from './draw.ts';
import { WAITING } from './event-kinds.ts';
import type { EventQueue } from './event-queue.ts';
import {
  clearFlow,
  createFlow,
  type Flow,
  nextSegment,
  type Segment,
  type SegmentKind,
  takeBytes,
  takeSegment,
} from './flow.ts';
import { NODE_PORT } from './hosts.ts';
import { SIM_LIMITS } from './limits.ts';
import { type CompiledLink, sample } from './link.ts';
import type { Network } from './network.ts';
import type { SimNode } from './node.ts';
import { KIND } from './record.ts';
import type { World } from './world.ts';

/** Draws of a stream segment, by what they decide; 0 to 2 are the link's losses. */
const DRAW = { latency: 3, jitter: 4, cut: 5, cutAt: 6, merge: 7, retries: 8 };

const NO_BYTES = new Uint8Array(0);
const CUT_CHANCE = 0x4000_0000;
const MERGE_CHANCE = 0x8000_0000;

interface End {
  readonly node: number;
  readonly remote: Address;
  state: 'waiting' | 'open' | 'gone';
}

interface Stream {
  readonly id: number;
  readonly key: number;
  /** Whom the first end called, and from where. */
  readonly to: Address;
  readonly from: Address;
  /** The node at or next to the address that was called. */
  readonly near: number;
  readonly first: End;
  second: End | undefined;
  /** Flow 0 goes from the first end to the second. */
  readonly flows: readonly [Flow, Flow];
  /** What the first end wrote before the stream was open. */
  pending: Uint8Array[];
  severed: boolean;
}

/**
 * Ordered, reliable streams between nodes (SIM-5). Loss costs time instead of bytes; a partition holds everything up until
 * it heals or the stream breaks. A stream has the number 2 × id at the end that opened it and 2 × id + 1 at the other.
 */
export class Streams<N extends SimNode> {
  private readonly world: World<N>;
  private readonly network: Network<N>;
  private readonly queue: EventQueue;
  private readonly streams = new Map<number, Stream>();
  private readonly byNode = new Map<number, Set<Stream>>();
  private count = 0;

  /** Streams over a network. */
  constructor(world: World<N>, network: Network<N>, queue: EventQueue) {
    this.world = world;
    this.network = network;
    this.queue = queue;
  }

  /** Calls an address; `near` is the node there or next to it, negative for nobody. */
  connect(node: number, to: Address, near: number): number {
    const id = this.count;
    this.count += 1;
    const { world, network } = this;
    const from = network.hosts.outward(node, NODE_PORT, to, world.elapsedMs);
    const key = network.messageKey(PURPOSE.stream, node, Math.max(near, 0));
    const stream: Stream = {
      id,
      key,
      to,
      from,
      near: Math.max(near, 0),
      first: { node, remote: to, state: 'waiting' },
      second: undefined,
      flows: [createFlow(), createFlow()],
      pending: [],
      severed: false,
    };
    this.streams.set(id, stream);
    this.enlist(node, stream);
    world.record(KIND.connect, node, 2, 2 * id, to, 0);
    world.recent.note(KIND.connect, node, world.elapsedMs, world.events, near, to, undefined, '');
    this.append(stream, 0, 'open', NO_BYTES);
    return 2 * id;
  }

  /** Takes bytes; each write is cut into segments. */
  write(node: number, number: number, bytes: Uint8Array): void {
    const { world } = this;
    const side = number % 2;
    const stream = this.find(node, number);
    world.meter.sent(node, bytes.length, world.elapsedMs);
    if (world.writer !== undefined) world.record(KIND.write, node, 3, number, bytes.length, checksum(bytes));
    const peer = stream === undefined ? -1 : peerOf(stream, side);
    world.recent.note(KIND.write, node, world.elapsedMs, world.events, peer, 0, bytes, `stream ${number}`);
    const end = stream && endOf(stream, side);
    if (stream === undefined || end === undefined || end.state === 'gone' || bytes.length === 0) return;
    if (end.state === 'waiting') {
      stream.pending.push(new Uint8Array(bytes));
      stream.flows[0].backlog += bytes.length;
      return;
    }
    stream.flows[side === 0 ? 0 : 1].backlog += bytes.length;
    this.cutUp(stream, side, new Uint8Array(bytes));
  }

  /** Ends a stream after what was written. */
  close(node: number, number: number): void {
    const stream = this.shut(node, number, 0);
    if (stream === undefined) return;
    const side = number % 2;
    const end = endOf(stream, side) as End;
    if (end.state === 'waiting') this.cut(stream, side);
    else this.append(stream, side, 'end', NO_BYTES);
    end.state = 'gone';
    this.forgetIfOver(stream);
  }

  /** Cuts a stream. */
  reset(node: number, number: number): void {
    const stream = this.shut(node, number, 1);
    if (stream === undefined) return;
    this.cut(stream, number % 2);
    (endOf(stream, number % 2) as End).state = 'gone';
    this.forgetIfOver(stream);
  }

  /** Bytes that a node has written and that have not arrived. */
  backlog(node: number, number: number): number {
    const stream = this.find(node, number);
    return stream === undefined ? 0 : stream.flows[number % 2 === 0 ? 0 : 1].backlog;
  }

  /** A node has stopped: the other ends of its streams hear a cut. */
  stopped(node: number): void {
    for (const stream of [...(this.byNode.get(node) ?? [])]) {
      for (const side of [0, 1]) {
        const end = endOf(stream, side);
        if (end === undefined || end.node !== node || end.state === 'gone') continue;
        this.cut(stream, side);
        end.state = 'gone';
      }
      this.forgetIfOver(stream);
    }
  }

  /** A node has a new address: nothing gets through on its streams any more. */
  sever(node: number): void {
    for (const stream of this.byNode.get(node) ?? []) stream.severed = true;
  }

  /** A segment of a flow is due; `flow` is 0 or 1. */
  arrive(id: number, flow: number): void {
    const stream = this.streams.get(id);
    if (stream === undefined) return;
    const line = stream.flows[flow === 0 ? 0 : 1];
    const segment = nextSegment(line);
    if (segment === undefined || segment.at > this.world.elapsedMs) return;
    if (segment.kind === 'open' && flow === 0) this.greet(stream, line, segment);
    else if (this.isBlocked(stream)) this.stall(stream, flow, line, segment);
    else this.deliver(stream, flow, line, segment);
  }

  private greet(stream: Stream, line: Flow, segment: Segment): void {
    const { world, network } = this;
    const owner = network.hosts.ownerOf(stream.to, stream.from, stream.first.node, world.elapsedMs);
    if (owner < 0 || stream.severed || this.areSeparated(stream.first.node, owner)) {
      this.stall(stream, 0, line, segment);
      return;
    }
    takeSegment(line);
    this.resume(stream, 0, line);
    const node = world.node(owner);
    if (node?.opened === undefined) {
      this.append(stream, 1, 'refusal', NO_BYTES);
      return;
    }
    stream.second = { node: owner, remote: stream.from, state: 'open' };
    this.enlist(owner, stream);
    this.append(stream, 1, 'open', NO_BYTES);
    world.opened(owner, 2 * stream.id + 1, stream.from, true, stream.first.node);
  }

  private deliver(stream: Stream, flow: number, line: Flow, segment: Segment): void {
    const { world } = this;
    const side = 1 - flow;
    const end = endOf(stream, side);
    const number = 2 * stream.id + side;
    if (segment.kind === 'bytes') {
      const index = line.count - (line.segments.length - line.head);
      const merges = draw(this.segmentKey(stream, flow, index), DRAW.merge) < MERGE_CHANCE;
      const bytes = takeBytes(line, world.elapsedMs, merges);
      this.resume(stream, flow, line);
      if (end?.state === 'open') world.data(end.node, number, bytes, peerOf(stream, side));
      return;
    }
    takeSegment(line);
    this.resume(stream, flow, line);
    if (end === undefined || end.state === 'gone') {
      this.forgetIfOver(stream);
      return;
    }
    if (segment.kind === 'open') {
      end.state = 'open';
      const { pending } = stream;
      stream.pending = [];
      for (const bytes of pending) this.cutUp(stream, 0, bytes);
      world.opened(end.node, number, stream.to, false, peerOf(stream, side));
      return;
    }
    const reason = segment.kind === 'end' ? 'end' : segment.kind === 'cut' ? 'reset' : 'refused';
    this.finish(stream, side, reason);
    this.forgetIfOver(stream);
  }

  /** Holds a flow up: the segment is tried again later, until the stream breaks at both ends. */
  private stall(stream: Stream, flow: number, line: Flow, segment: Segment): void {
    const now = this.world.elapsedMs;
    const link = this.linkOf(stream, flow);
    if (line.stalledAt < 0) line.stalledAt = now;
    if (now - line.stalledAt >= link.breakMs) {
      this.streams.delete(stream.id);
      this.finish(stream, 0, 'timeout');
      this.finish(stream, 1, 'timeout');
      this.forget(stream);
      return;
    }
    segment.at = now + Math.min(link.retryMs, link.breakMs - (now - line.stalledAt));
    line.lastAt = Math.max(line.lastAt, segment.at);
    this.queue.push(segment.at, WAITING.stream, stream.id, flow);
  }

  /** A flow goes on after a stall: what had come up behind the segment in front arrives now. */
  private resume(stream: Stream, flow: number, line: Flow): void {
    if (line.stalledAt < 0) return;
    line.stalledAt = -1;
    const now = this.world.elapsedMs;
    for (let at = line.head; at < line.segments.length; at += 1) {
      const segment = line.segments[at] as Segment;
      if (segment.at <= now) this.queue.push(now, WAITING.stream, stream.id, flow);
    }
  }

  private finish(stream: Stream, side: number, reason: CloseReason): void {
    const end = endOf(stream, side);
    if (end === undefined || end.state === 'gone') return;
    end.state = 'gone';
    if (this.world.failure === undefined) {
      this.world.closed(end.node, 2 * stream.id + side, reason, peerOf(stream, side));
    }
  }

  /** Throws away what one end has on its way and tells the other end that it is over. */
  private cut(stream: Stream, side: number): void {
    const line = stream.flows[side === 0 ? 0 : 1];
    clearFlow(line);
    stream.pending = [];
    this.append(stream, side, 'cut', NO_BYTES);
  }

  private cutUp(stream: Stream, side: number, bytes: Uint8Array): void {
    const link = this.linkOf(stream, side);
    const line = stream.flows[side === 0 ? 0 : 1];
    let offset = 0;
    while (offset < bytes.length) {
      const key = this.segmentKey(stream, side, line.count);
      let length = Math.min(link.segmentBytes, bytes.length - offset);
      if (length > 1 && draw(key, DRAW.cut) < CUT_CHANCE) length = 1 + scale(draw(key, DRAW.cutAt), length - 1);
      this.append(stream, side, 'bytes', bytes.subarray(offset, offset + length));
      offset += length;
    }
  }

  /** Sends a segment on its way; each loss costs the link's retry time, doubled every time. */
  private append(stream: Stream, side: number, kind: SegmentKind, bytes: Uint8Array): void {
    const { network, queue } = this;
    const link = this.linkOf(stream, side);
    const line = stream.flows[side === 0 ? 0 : 1];
    const key = this.segmentKey(stream, side, line.count);
    const from = side === 0 ? stream.first.node : (stream.second?.node ?? stream.near);
    const to = side === 0 ? stream.near : stream.first.node;
    line.count += 1;
    let at = network.depart(link, from, to, bytes.length, false) + sample(link.latency, draw(key, DRAW.latency));
    if (link.jitterMs > 0) at += scale(draw(key, DRAW.jitter), link.jitterMs + 1);
    let wait = link.retryMs;
    for (let tries = 0; tries < SIM_LIMITS.maxRetries; tries += 1) {
      if (!network.loses(link, tries === 0 ? key : draw(key, DRAW.retries + tries) | 0, from, to)) break;
      at += wait;
      wait *= 2;
    }
    line.lastAt = Math.max(line.lastAt, at);
    line.segments.push({ kind, bytes, at: line.lastAt });
    queue.push(line.lastAt, WAITING.stream, stream.id, side);
  }

  private shut(node: number, number: number, how: number): Stream | undefined {
    const { world } = this;
    const stream = this.find(node, number);
    const peer = stream === undefined ? -1 : peerOf(stream, number % 2);
    world.record(KIND.shut, node, 2, number, how, 0);
    world.recent.note(KIND.shut, node, world.elapsedMs, world.events, peer, how, undefined, '');
    return stream !== undefined && endOf(stream, number % 2)?.state !== 'gone' ? stream : undefined;
  }

  /** The stream of this number; `undefined` when it is over. A number that was never the node's is a slip of its adapter. */
  private find(node: number, number: number): Stream | undefined {
    if (!(Number.isSafeInteger(number) && number >= 0 && number < 2 * this.count)) {
      this.world.badCall(node, `no stream: ${String(number)}`);
    }
    const stream = this.streams.get(Math.floor(number / 2));
    if (stream !== undefined && endOf(stream, number % 2)?.node !== node) {
      this.world.badCall(node, `stream ${number} is not the node's own`);
    }
    return stream;
  }

  private isBlocked(stream: Stream): boolean {
    const second = stream.second?.node ?? stream.near;
    return stream.severed || this.areSeparated(stream.first.node, second);
  }

  /** Streams need both directions, for acknowledgements. */
  private areSeparated(one: number, other: number): boolean {
    const { weather } = this.network;
    return weather.separates(one, other) || weather.separates(other, one);
  }

  private linkOf(stream: Stream, side: number): CompiledLink {
    const second = stream.second?.node ?? stream.near;
    const first = stream.first.node;
    return side === 0 ? this.network.linkFor(first, second) : this.network.linkFor(second, first);
  }

  private segmentKey(stream: Stream, flow: number, count: number): number {
    return drawKey(this.world.setup.key, PURPOSE.stream, stream.key, flow, count, 0);
  }

  private enlist(node: number, stream: Stream): void {
    const streams = this.byNode.get(node);
    if (streams === undefined) this.byNode.set(node, new Set([stream]));
    else streams.add(stream);
  }

  private forgetIfOver(stream: Stream): void {
    const isHeld = stream.first.state !== 'gone' || (stream.second !== undefined && stream.second.state !== 'gone');
    if (!isHeld) this.forget(stream);
  }

  private forget(stream: Stream): void {
    this.streams.delete(stream.id);
    this.byNode.get(stream.first.node)?.delete(stream);
    if (stream.second !== undefined) this.byNode.get(stream.second.node)?.delete(stream);
  }
}

function endOf(stream: Stream, side: number): End | undefined {
  return side === 0 ? stream.first : stream.second;
}

function peerOf(stream: Stream, side: number): number {
  return side === 0 ? (stream.second?.node ?? stream.near) : stream.first.node;
}

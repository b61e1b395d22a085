import type { Address } from './address.ts';
import { Alarms } from './alarms.ts';
import { checksum } from './checksum.ts';
import { DROP_REASONS, type DropReason } from './codes.ts';
import { draw, drawKey, PURPOSE, scale } from './draw.ts';
import { WAITING } from './event-kinds.ts';
import type { EventQueue } from './event-queue.ts';
import { Hosts, NOBODY, NOWHERE } from './hosts.ts';
import { burstTurn, type CompiledLink, type LinkRules, sample } from './link.ts';
import { BARRED } from './nat.ts';
import type { SimNode } from './node.ts';
import { createPipe, type Pipe, passPipe } from './pipe.ts';
import type { Step } from './plan.ts';
import { KIND } from './record.ts';
import type { Uplink } from './scenario.ts';
import { LinkBook } from './setup.ts';
import { Streams } from './streams.ts';
import type { Transport } from './transport.ts';
import { type Mishap, Mishaps, pairKey, Weather } from './weather.ts';
import { whole } from './whole.ts';
import type { World } from './world.ts';

/** Draws of a datagram, by what they decide (SIM-3). */
const DRAW = {
  loss: 0,
  burst: 1,
  latency: 3,
  jitter: 4,
  reorder: 5,
  hold: 6,
  duplicate: 7,
  copyLatency: 8,
  copyJitter: 9,
  tie: 10,
};

const LOST = DROP_REASONS.indexOf('lost');

/** The simulated network: everything between the call of a sender and the event of a receiver. */
export class Network<N extends SimNode> implements Transport {
  readonly hosts: Hosts;
  readonly weather: Weather;
  readonly streams: Streams<N>;
  readonly alarms: Alarms;
  /** Datagrams sent so far; the number of each is the count before it. */
  sentCount = 0;
  /** When something was sent last, ms since the start. */
  lastSentAt = 0;
  /** Random faults as steps, if they are to be written down. */
  journal: Step[] | undefined;
  private readonly world: World<N>;
  private readonly queue: EventQueue;
  private readonly book: LinkBook;
  private readonly oneLink: CompiledLink | undefined;
  private readonly fates: readonly number[];
  private readonly randomTies: boolean;
  private readonly sendMoment: Float64Array;
  private readonly sendOrdinal: Uint32Array;
  private readonly bad = new Map<number, boolean>();
  private readonly linkPipes = new Map<number, Pipe>();
  private readonly uplinks: readonly (Uplink | undefined)[] | undefined;
  private readonly uplinkPipes = new Map<number, Pipe>();
  private mishaps: Mishaps | undefined;

  /** A network for the nodes of a world. */
  constructor(world: World<N>, queue: EventQueue) {
    const { setup, size } = world;
    const { scenario } = setup;
    this.world = world;
    this.queue = queue;
    this.hosts = new Hosts(size, scenario.nat);
    this.book = new LinkBook(setup.calm);
    this.weather = new Weather(size, this.book);
    this.alarms = new Alarms(queue, setup.deadlines, setup.key, size);
    this.oneLink = typeof scenario.link === 'function' ? undefined : this.book.of(scenario.link ?? PERFECT);
    this.fates = setup.plan.fates ?? [];
    this.randomTies = scenario.ties === 'random' && !setup.calm.has('ties');
    this.sendMoment = new Float64Array(size).fill(-1);
    this.sendOrdinal = new Uint32Array(size);
    const { uplink } = scenario;
    this.uplinks = uplink && Array.from({ length: size }, (_, node) => checkedUplink(uplink(node)));
    this.streams = new Streams(world, this, queue);
  }

  /** Has a fault happen to one datagram. */
  addMishap(step: Mishap): void {
    this.countPairs().add(step);
  }

  /** Starts to write random faults down as steps. */
  keepJournal(): void {
    this.countPairs();
    this.journal = [];
  }

  addressOf(node: number): Address {
    return this.hosts.addressOf(node);
  }

  publicAddressOf(node: number): Address {
    return this.hosts.publicAddressOf(node);
  }

  datagram(node: number, to: Address, bytes: Uint8Array, port: number, forged: Address | undefined): void {
    const { world, hosts } = this;
    const now = world.elapsedMs;
    const near = hosts.near(to, node, now);
    if (near === NOWHERE && world.setup.scenario.nowhere !== 'drop') world.nowhere(node, to);
    const from = forged ?? hosts.outward(node, port, to, now);
    const id = this.sentCount;
    this.sentCount = id + 1;
    this.lastSentAt = now;
    const size = bytes.length;
    world.meter.sent(node, size, now);
    if (world.writer !== undefined) world.record(KIND.send, node, 3, to, size, checksum(bytes));
    world.recent.note(KIND.send, node, now, world.events, near, to, bytes, '');
    if (near < 0) {
      this.drop(node, near, id, 'no-route', bytes);
      return;
    }
    const key = this.messageKey(PURPOSE.datagram, node, near);
    if (this.weather.separates(node, near)) {
      this.drop(node, near, id, 'partition', bytes);
      return;
    }
    const link = this.linkFor(node, near);
    if (size > link.maxBytes) {
      this.drop(node, near, id, 'too-long', bytes);
      return;
    }
    const departure = this.depart(link, node, near, size, true);
    if (departure < 0) {
      this.drop(node, near, id, 'queue', bytes);
      return;
    }
    this.travel({ node, near, to, from, id, key, departure, link, bytes });
  }

  /** A datagram reaches the place it was sent to; the event is still in its slot of the queue. */
  arrive(slot: number): void {
    const { world, hosts, queue } = this;
    const sender = queue.a[slot] as number;
    const id = queue.b[slot] as number;
    const from = queue.from[slot] as number;
    const to = queue.to[slot] as number;
    const bytes = queue.bytes[slot] as Uint8Array;
    const owner = hosts.ownerOf(to, from, sender, world.elapsedMs);
    if (owner < 0) this.drop(sender, NOBODY, id, owner === BARRED ? 'nat' : 'no-route', bytes);
    else if (world.node(owner) === undefined) this.drop(sender, owner, id, 'down', bytes);
    else if (this.weather.separates(sender, owner)) this.drop(sender, owner, id, 'partition', bytes);
    else {
      world.meter.delayed(world.elapsedMs - (queue.since[slot] as number));
      world.receive(owner, bytes, from, hosts.inward(owner, to), sender, this.sentCount - id);
    }
  }

  connect(node: number, to: Address): number {
    const near = this.hosts.near(to, node, this.world.elapsedMs);
    if (near === NOWHERE && this.world.setup.scenario.nowhere !== 'drop') this.world.nowhere(node, to);
    return this.streams.connect(node, to, near);
  }

  write(node: number, stream: number, bytes: Uint8Array): void {
    this.lastSentAt = this.world.elapsedMs;
    this.streams.write(node, stream, bytes);
  }

  close(node: number, stream: number): void {
    this.streams.close(node, stream);
  }

  reset(node: number, stream: number): void {
    this.streams.reset(node, stream);
  }

  backlog(node: number, stream: number): number {
    return this.streams.backlog(node, stream);
  }

  stopped(node: number): void {
    this.streams.stopped(node);
    this.alarms.set(node, -1);
  }

  deadlineChanged(node: number, deadline: number): void {
    this.alarms.set(node, deadline);
  }

  /** A running node moves to another address. */
  move(node: number): void {
    if (this.world.node(node) === undefined) return;
    this.hosts.move(node);
    this.streams.sever(node);
    this.world.moved(node, this.hosts.addressOf(node));
  }

  /** The rules for what one node sends another now. */
  linkFor(from: number, to: number): CompiledLink {
    const over = this.weather.over(from, to);
    if (over !== undefined) return over;
    if (this.oneLink !== undefined) return this.oneLink;
    return this.book.of((this.world.setup.scenario.link as (from: number, to: number) => LinkRules)(from, to));
  }

  /** When the last byte of a message has left the sender's side; −1 when a queue has no room. Streams wait instead. */
  depart(link: CompiledLink, from: number, to: number, size: number, bounded: boolean): number {
    let at = this.world.elapsedMs;
    const uplink = this.uplinks?.[from];
    if (uplink !== undefined) {
      const queueBytes = bounded ? (uplink.queueBytes ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY;
      at = passPipe(pipeOf(this.uplinkPipes, from), uplink.bytesPerSecond, queueBytes, size, at);
      if (at < 0) return at;
    }
    if (link.bytesPerSecond === 0) return at;
    const queueBytes = bounded ? link.queueBytes : Number.POSITIVE_INFINITY;
    return passPipe(pipeOf(this.linkPipes, pairKey(from, to)), link.bytesPerSecond, queueBytes, size, at);
  }

  /** Key of all draws about one message: who, to whom, when, and the how-manieth of the sender's in this millisecond. */
  messageKey(purpose: number, node: number, near: number): number {
    const now = this.world.elapsedMs;
    let ordinal = 0;
    if (this.sendMoment[node] === now) {
      ordinal = (this.sendOrdinal[node] as number) + 1;
    } else this.sendMoment[node] = now;
    this.sendOrdinal[node] = ordinal;
    return drawKey(this.world.setup.key, purpose, node, near, now, ordinal);
  }

  /** Whether the link loses a message by chance. */
  loses(link: CompiledLink, key: number, from: number, to: number): boolean {
    let lost = link.loss > 0 && draw(key, DRAW.loss) < link.loss;
    if (link.burst !== undefined) {
      const pair = pairKey(from, to);
      const turn = burstTurn(link.burst, this.bad.get(pair) ?? false, key, DRAW.burst);
      this.bad.set(pair, turn.bad);
      lost ||= turn.lost;
    }
    return lost;
  }

  private travel(message: Message): void {
    const { node, near, id, key, link, bytes } = message;
    const nth = this.mishaps?.count(node, near) ?? 0;
    const fate = id < this.fates.length ? (this.fates[id] as number) : 0;
    let extra = fate;
    let lost = fate < 0;
    let copyAfter = -1;
    if (this.mishaps !== undefined) {
      for (const mishap of this.mishaps.of(node, near, nth)) {
        if (mishap.do === 'lose') lost = true;
        else if (mishap.do === 'delay') extra += mishap.ms;
        else copyAfter = mishap.ms;
      }
    }
    if (this.loses(link, key, node, near)) {
      lost = true;
      this.journal?.push({ do: 'lose', from: node, to: near, nth });
    }
    if (lost) {
      this.drop(node, near, id, 'lost', bytes);
      return;
    }
    let chance = link.jitterMs === 0 ? 0 : scale(draw(key, DRAW.jitter), link.jitterMs + 1);
    if (link.reorder > 0 && draw(key, DRAW.reorder) < link.reorder) chance += sample(link.hold, draw(key, DRAW.hold));
    if (chance > 0) this.journal?.push({ do: 'delay', from: node, to: near, nth, ms: chance });
    const arrival = message.departure + sample(link.latency, draw(key, DRAW.latency)) + extra + chance;
    this.schedule(message, arrival, 0);
    if (link.duplicate > 0 && draw(key, DRAW.duplicate) < link.duplicate) {
      const jitter = link.jitterMs === 0 ? 0 : scale(draw(key, DRAW.copyJitter), link.jitterMs + 1);
      const second = message.departure + sample(link.latency, draw(key, DRAW.copyLatency)) + jitter;
      // A copy never comes before the original, so that a step can tell of it: the one that comes first is the original.
      const ms = Math.max(0, second - arrival);
      this.journal?.push({ do: 'duplicate', from: node, to: near, nth, ms });
      copyAfter = Math.max(copyAfter, ms);
    }
    if (copyAfter < 0) return;
    this.world.meter.duplicated();
    this.schedule(message, arrival + copyAfter, 1);
  }

  private schedule(message: Message, at: number, copy: number): void {
    const { queue } = this;
    const first = this.randomTies && draw(message.key, DRAW.tie + copy) % 2 === 1;
    const slot = queue.push(at, WAITING.datagram, message.node, message.id, first);
    queue.from[slot] = message.from;
    queue.to[slot] = message.to;
    queue.since[slot] = this.world.elapsedMs;
    queue.bytes[slot] = this.world.own(message.bytes);
  }

  private drop(sender: number, near: number, id: number, reason: DropReason, bytes: Uint8Array): void {
    const { world } = this;
    const number = reason === 'lost' ? LOST : DROP_REASONS.indexOf(reason);
    world.meter.dropped(number);
    world.record(KIND.drop, sender, 2, this.sentCount - id, number, 0);
    world.recent.note(KIND.drop, sender, world.elapsedMs, world.events, near, number, bytes, '');
  }

  private countPairs(): Mishaps {
    this.mishaps ??= new Mishaps();
    return this.mishaps;
  }
}

interface Message {
  readonly node: number;
  readonly near: number;
  readonly to: Address;
  readonly from: Address;
  readonly id: number;
  readonly key: number;
  readonly departure: number;
  readonly link: CompiledLink;
  readonly bytes: Uint8Array;
}

const PERFECT: LinkRules = {};

function pipeOf(pipes: Map<number, Pipe>, key: number): Pipe {
  let pipe = pipes.get(key);
  if (pipe === undefined) {
    pipe = createPipe();
    pipes.set(key, pipe);
  }
  return pipe;
}

function checkedUplink(uplink: Uplink | undefined): Uplink | undefined {
  if (uplink === undefined) return undefined;
  whole('bytesPerSecond of an uplink', uplink.bytesPerSecond, 1);
  whole('queueBytes of an uplink', uplink.queueBytes ?? 0, 0);
  return uplink;
}

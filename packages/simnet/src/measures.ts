import { DROP_REASONS, type DropReason } from './codes.ts';
import { type Histogram, HistogramCounter } from './histogram.ts';
import { SIM_LIMITS } from './limits.ts';

/** Messages and bytes. A message is a datagram or what one call wrote to a stream. */
export interface Count {
  /** Messages. */
  readonly messages: number;
  /** Bytes of payload. */
  readonly bytes: number;
}

/** How many nodes have reached something, over time: after `atMs[i]` it was `nodes[i]` of them. */
export interface Coverage {
  /** Ms since the start, ascending; thinned when there are many points, but the first and last are kept. */
  readonly atMs: readonly number[];
  /** Nodes with the mark. */
  readonly nodes: readonly number[];
}

/** All that a run has counted, as plain data. */
export interface Measures {
  /** Events. */
  readonly events: number;
  /** Virtual length so far, ms. */
  readonly elapsedMs: number;
  /** What nodes sent. */
  readonly sent: Count;
  /** What nodes received; of streams, what arrived. */
  readonly received: Count;
  /** Datagrams that did not arrive, by reason. */
  readonly dropped: Readonly<Record<DropReason, number>>;
  /** Datagrams that the network made a second copy of. */
  readonly duplicated: number;
  /** From sending to arrival of datagrams, ms. */
  readonly delayMs: Histogram;
  /** What nodes sent over time: entry i counts from i × stepMs on. */
  readonly traffic: {
    readonly stepMs: number;
    readonly messages: readonly number[];
    readonly bytes: readonly number[];
  };
  /** Marks of nodes by name. */
  readonly coverage: Readonly<Record<string, Coverage>>;
  /** Values that nodes measured by name. */
  readonly values: Readonly<Record<string, Histogram>>;
  /** The same for each node, by its index. */
  readonly perNode: {
    readonly events: readonly number[];
    readonly sentMessages: readonly number[];
    readonly sentBytes: readonly number[];
    readonly receivedMessages: readonly number[];
    readonly receivedBytes: readonly number[];
  };
}

interface Mark {
  readonly seen: Uint8Array;
  atMs: number[];
  nodes: number[];
  count: number;
}

/** Counts while a run goes on. */
export class Meter {
  readonly events: Float64Array;
  private readonly sentMessages: Float64Array;
  private readonly sentBytes: Float64Array;
  private readonly receivedMessages: Float64Array;
  private readonly receivedBytes: Float64Array;
  private readonly drops = new Float64Array(DROP_REASONS.length);
  private readonly delay = new HistogramCounter();
  private readonly trafficMessages = new Float64Array(SIM_LIMITS.maxPoints);
  private readonly trafficBytes = new Float64Array(SIM_LIMITS.maxPoints);
  private readonly marks = new Map<string, Mark>();
  private readonly values = new Map<string, HistogramCounter>();
  private stepMs = 1;
  private lastStep = 0;
  private duplicates = 0;

  /** Counts for so many nodes. */
  constructor(nodes: number) {
    this.events = new Float64Array(nodes);
    this.sentMessages = new Float64Array(nodes);
    this.sentBytes = new Float64Array(nodes);
    this.receivedMessages = new Float64Array(nodes);
    this.receivedBytes = new Float64Array(nodes);
  }

  /** A node sent something. */
  sent(node: number, bytes: number, atMs: number): void {
    this.sentMessages[node] = (this.sentMessages[node] as number) + 1;
    this.sentBytes[node] = (this.sentBytes[node] as number) + bytes;
    while (atMs >= this.stepMs * SIM_LIMITS.maxPoints) this.coarsen();
    const step = Math.floor(atMs / this.stepMs);
    if (step > this.lastStep) this.lastStep = step;
    this.trafficMessages[step] = (this.trafficMessages[step] as number) + 1;
    this.trafficBytes[step] = (this.trafficBytes[step] as number) + bytes;
  }

  /** A node received something. */
  received(node: number, bytes: number): void {
    this.receivedMessages[node] = (this.receivedMessages[node] as number) + 1;
    this.receivedBytes[node] = (this.receivedBytes[node] as number) + bytes;
  }

  /** A datagram took so long. */
  delayed(ms: number): void {
    this.delay.add(ms);
  }

  /** A datagram was dropped; `reason` is an index of `DROP_REASONS`. */
  dropped(reason: number): void {
    this.drops[reason] = (this.drops[reason] as number) + 1;
  }

  /** The network made a copy. */
  duplicated(): void {
    this.duplicates += 1;
  }

  /** Sets a mark; whether the node had not set it before. */
  mark(name: string, node: number, atMs: number): boolean {
    let mark = this.marks.get(name);
    if (mark === undefined) {
      mark = { seen: new Uint8Array((this.events.length + 7) >>> 3), atMs: [], nodes: [], count: 0 };
      this.marks.set(name, mark);
    }
    const byte = mark.seen[node >>> 3] as number;
    const bit = 1 << (node & 7);
    if ((byte & bit) !== 0) return false;
    mark.seen[node >>> 3] = byte | bit;
    mark.count += 1;
    const last = mark.atMs.length - 1;
    if (mark.atMs[last] === atMs) mark.nodes[last] = mark.count;
    else {
      mark.atMs.push(atMs);
      mark.nodes.push(mark.count);
      if (mark.atMs.length > SIM_LIMITS.maxPoints) thin(mark);
    }
    return true;
  }

  /** Number of nodes with a mark. */
  marked(name: string): number {
    return this.marks.get(name)?.count ?? 0;
  }

  /** Adds to the histogram of a name. */
  measure(name: string, value: number): void {
    let counter = this.values.get(name);
    if (counter === undefined) {
      counter = new HistogramCounter();
      this.values.set(name, counter);
    }
    counter.add(value);
  }

  /** Everything as plain data. */
  read(events: number, elapsedMs: number): Measures {
    return {
      events,
      elapsedMs,
      sent: { messages: sum(this.sentMessages), bytes: sum(this.sentBytes) },
      received: { messages: sum(this.receivedMessages), bytes: sum(this.receivedBytes) },
      dropped: Object.fromEntries(DROP_REASONS.map((reason, at) => [reason, this.drops[at]])) as Record<
        DropReason,
        number
      >,
      duplicated: this.duplicates,
      delayMs: this.delay.read(),
      traffic: {
        stepMs: this.stepMs,
        messages: [...this.trafficMessages.subarray(0, this.lastStep + 1)],
        bytes: [...this.trafficBytes.subarray(0, this.lastStep + 1)],
      },
      coverage: Object.fromEntries(
        [...this.marks].map(([name, mark]) => [name, { atMs: [...mark.atMs], nodes: [...mark.nodes] }]),
      ),
      values: Object.fromEntries([...this.values].map(([name, counter]) => [name, counter.read()])),
      perNode: {
        events: [...this.events],
        sentMessages: [...this.sentMessages],
        sentBytes: [...this.sentBytes],
        receivedMessages: [...this.receivedMessages],
        receivedBytes: [...this.receivedBytes],
      },
    };
  }

  private coarsen(): void {
    for (const series of [this.trafficMessages, this.trafficBytes]) {
      const half = series.length / 2;
      for (let at = 0; at < half; at += 1) series[at] = (series[2 * at] as number) + (series[2 * at + 1] as number);
      series.fill(0, half);
    }
    this.stepMs *= 2;
    this.lastStep = Math.floor(this.lastStep / 2);
  }
}

/** Halves a series of coverage; its first and its last point stay. */
function thin(mark: Mark): void {
  const last = mark.atMs.length - 1;
  const kept = (_: number, at: number) => at % 2 === 0 || at === last;
  mark.atMs = mark.atMs.filter(kept);
  mark.nodes = mark.nodes.filter(kept);
}

function sum(counts: Float64Array): number {
  let total = 0;
  for (const count of counts) total += count;
  return total;
}

import { CLOSE_REASONS, type CloseReason } from './codes.ts';
import type { Json, Step } from './plan.ts';
import { EVENT_KINDS, RECORD_KINDS, STOPS, type TraceRecord } from './record.ts';
import type { Trace } from './trace.ts';

/**
 * One event that a schedule brings to a node: what, where and when (ms since the start). Messages are named by the entry
 * `of` that sent them and by their number `nth` (0 unless given) among what it sent to the same address; streams by the
 * entry that connected them and by `side`, 0 at the node that connected. What cannot happen, because the message was
 * never sent or the node is not running, is left out.
 */
export type Entry =
  | StartEntry
  | StopEntry
  | MoveEntry
  | ActEntry
  | TickEntry
  | ReceiveEntry
  | OpenedEntry
  | DataEntry
  | ClosedEntry;

/** A node starts, for the first time or again. */
export interface StartEntry {
  readonly do: 'start';
  readonly at: number;
  readonly node: number;
}

/** A node stops: `crash`, `leave` or `wipe`. */
export interface StopEntry {
  readonly do: 'stop';
  readonly at: number;
  readonly node: number;
  readonly how: string;
}

/** A node gets another address. */
export interface MoveEntry {
  readonly do: 'move';
  readonly at: number;
  readonly node: number;
}

/** A user of a node does something. */
export interface ActEntry {
  readonly do: 'act';
  readonly at: number;
  readonly node: number;
  readonly name: string;
  readonly args?: readonly Json[];
}

/** A node is ticked; unless `early`, only if its deadline has come. */
export interface TickEntry {
  readonly do: 'tick';
  readonly at: number;
  readonly node: number;
  readonly early?: true;
}

/** A node receives a datagram; a datagram may be received twice. */
export interface ReceiveEntry {
  readonly do: 'receive';
  readonly at: number;
  readonly node: number;
  readonly of: number;
  readonly nth?: number;
}

/** A stream opens at one side. */
export interface OpenedEntry {
  readonly do: 'opened';
  readonly at: number;
  readonly node: number;
  readonly of: number;
  readonly nth?: number;
  readonly side: 0 | 1;
}

/** The next bytes of a stream arrive at one side, at most so many. */
export interface DataEntry {
  readonly do: 'data';
  readonly at: number;
  readonly node: number;
  readonly of: number;
  readonly nth?: number;
  readonly side: 0 | 1;
  readonly length: number;
}

/** One side hears that a stream has ended. */
export interface ClosedEntry {
  readonly do: 'closed';
  readonly at: number;
  readonly node: number;
  readonly of: number;
  readonly nth?: number;
  readonly side: 0 | 1;
  readonly reason: CloseReason;
}

/**
 * A run as the plain list of its events, without network and without luck: what came to which node in which order. Links,
 * loss and partitions are not needed any more, as what did not arrive is not in the list.
 */
export interface Schedule {
  /** Seed of the run, for what engines draw. */
  readonly seed: number;
  /** Number of nodes, whether they start or not. */
  readonly nodes: number;
  /** Events in order; times do not go back. */
  readonly entries: readonly Entry[];
}

/** Turns a trace into the schedule of its events; `steps` are those of the plan. One entry for each event, in order. */
export function scheduleOf(trace: Trace, steps: readonly Step[]): Schedule {
  const entries: Entry[] = [];
  const sends = new Sends();
  for (const record of trace.records) {
    if (RECORD_KINDS.indexOf(record.kind) < EVENT_KINDS) {
      entries.push(entryOf(record, steps, sends));
      sends.next(entries.length - 1);
    } else if (record.kind === 'send') sends.datagram(record.fields[0] as number);
    else if (record.kind === 'connect') sends.connect(record.fields[0] as number);
  }
  return { seed: trace.header.seed, nodes: trace.header.nodes, entries };
}

interface Origin {
  readonly of: number;
  readonly nth?: number;
}

/** Which entry sent which message. */
class Sends {
  private readonly datagrams: Origin[] = [];
  private readonly streams = new Map<number, Origin>();
  private readonly counts = new Map<number, number>();
  private entry = 0;
  private connects = 0;

  next(entry: number): void {
    this.entry = entry;
    this.connects = 0;
    this.counts.clear();
  }

  datagram(to: number): void {
    const nth = this.counts.get(to) ?? 0;
    this.counts.set(to, nth + 1);
    this.datagrams.push(origin(this.entry, nth));
  }

  connect(stream: number): void {
    this.streams.set(stream, origin(this.entry, this.connects));
    this.connects += 1;
  }

  /** The datagram of this age: 1 for the latest. */
  ofAge(age: number): Origin {
    return this.datagrams[this.datagrams.length - age] as Origin;
  }

  ofStream(number: number): Origin & { readonly side: 0 | 1 } {
    const side = number % 2 === 0 ? 0 : 1;
    return { ...(this.streams.get(number - side) as Origin), side };
  }
}

function origin(of: number, nth: number): Origin {
  return nth === 0 ? { of } : { of, nth };
}

function entryOf(record: TraceRecord, steps: readonly Step[], sends: Sends): Entry {
  const { at, node, fields } = record;
  const first = fields[0] as number;
  switch (record.kind) {
    case 'start':
      return { do: 'start', at, node };
    case 'stop':
      return { do: 'stop', at, node, how: STOPS[first] as string };
    case 'move':
      return { do: 'move', at, node };
    case 'act': {
      const step = steps[first];
      if (step?.do !== 'act') throw new RangeError(`step ${first} of the plan is no act`);
      return { do: 'act', at, node, name: step.name, ...(step.args === undefined ? {} : { args: step.args }) };
    }
    case 'tick':
      return first === 0 ? { do: 'tick', at, node } : { do: 'tick', at, node, early: true };
    case 'receive':
      return { do: 'receive', at, node, ...sends.ofAge(first) };
    case 'opened':
      return { do: 'opened', at, node, ...sends.ofStream(first) };
    case 'data':
      return { do: 'data', at, node, ...sends.ofStream(first), length: fields[1] as number };
    default:
      return {
        do: 'closed',
        at,
        node,
        ...sends.ofStream(first),
        reason: CLOSE_REASONS[fields[1] as number] as CloseReason,
      };
  }
}

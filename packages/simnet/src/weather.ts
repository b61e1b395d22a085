import type { CompiledLink } from './link.ts';
import type { DelayStep, DuplicateStep, LoseStep, PartitionStep, WeatherStep } from './plan.ts';
import type { LinkBook } from './setup.ts';

interface Split {
  readonly step: PartitionStep;
  readonly side: Uint8Array;
}

interface Front {
  readonly step: WeatherStep;
  readonly link: CompiledLink;
  readonly nodes: Uint8Array | undefined;
}

/** Partitions and weather that hold at present. */
export class Weather {
  private readonly size: number;
  private readonly book: LinkBook;
  private splits: readonly Split[] = [];
  private fronts: readonly Front[] = [];

  /** A clear sky over so many nodes. */
  constructor(size: number, book: LinkBook) {
    this.size = size;
    this.book = book;
  }

  /** A step begins to hold. */
  begin(step: PartitionStep | WeatherStep): void {
    if (step.do === 'partition') this.splits = [...this.splits, { step, side: members(step.side, this.size) }];
    else {
      const nodes = step.nodes && members(step.nodes, this.size);
      this.fronts = [{ step, link: this.book.of(step.link), nodes }, ...this.fronts];
    }
  }

  /** A step holds no longer. */
  end(step: PartitionStep | WeatherStep): void {
    this.splits = this.splits.filter((split) => split.step !== step);
    this.fronts = this.fronts.filter((front) => front.step !== step);
  }

  /** Whether a partition lies on the way from one node to another. */
  separates(from: number, to: number): boolean {
    for (const { side, step } of this.splits) {
      if (side[from] !== side[to] && (side[from] === 1 || step.oneWay !== true)) return true;
    }
    return false;
  }

  /** The rules that override those of a link now. */
  over(from: number, to: number): CompiledLink | undefined {
    for (const { nodes, link } of this.fronts) {
      if (nodes === undefined || nodes[from] === 1 || nodes[to] === 1) return link;
    }
    return undefined;
  }
}

/** A fault of one datagram, named by its sender, its receiver and its number among those between the two. */
export type Mishap = LoseStep | DuplicateStep | DelayStep;

/** Finds the faults of a datagram by counting, for each pair of nodes, what has been sent. Costs memory for each pair. */
export class Mishaps {
  private readonly counts = new Map<number, number>();
  private readonly byPair = new Map<number, Map<number, Mishap[]>>();

  /** Adds a fault. */
  add(step: Mishap): void {
    const pair = pairKey(step.from, step.to);
    let byNumber = this.byPair.get(pair);
    if (byNumber === undefined) {
      byNumber = new Map();
      this.byPair.set(pair, byNumber);
    }
    const list = byNumber.get(step.nth);
    if (list === undefined) byNumber.set(step.nth, [step]);
    else list.push(step);
  }

  /** Counts a datagram; returns its number from 0. */
  count(from: number, to: number): number {
    const pair = pairKey(from, to);
    const nth = this.counts.get(pair) ?? 0;
    this.counts.set(pair, nth + 1);
    return nth;
  }

  /** Faults of a datagram. */
  of(from: number, to: number, nth: number): readonly Mishap[] {
    return this.byPair.get(pairKey(from, to))?.get(nth) ?? [];
  }
}

/** One number for an ordered pair of nodes. */
export function pairKey(from: number, to: number): number {
  return from * 0x10_0000 + to;
}

function members(nodes: readonly number[], size: number): Uint8Array {
  const mask = new Uint8Array(size);
  for (const node of nodes) mask[node] = 1;
  return mask;
}

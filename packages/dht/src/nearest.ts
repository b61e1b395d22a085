import { compareDistance } from './neighbour.ts';

/** Collects the items nearest to a target, nearest first, in one pass. */
export class Nearest<Item extends { readonly id: Uint8Array }> {
  /** The nearest of those added, in order. */
  readonly items: Item[] = [];
  /** The first four bytes of their distances, which decide nearly always. */
  readonly #distances: number[] = [];
  readonly #target: Uint8Array;
  readonly #count: number;

  /** Collects at most `count` items; ids and target have 20 bytes. */
  constructor(target: Uint8Array, count: number) {
    this.#target = target;
    this.#count = count;
  }

  /** Whether there are as many as wanted; nearer ones still push out others. */
  get isFull(): boolean {
    return this.items.length >= this.#count;
  }

  /** Adds an item if it is near enough. */
  add(item: Item): void {
    const { items } = this;
    const distances = this.#distances;
    const distance = firstOfDistance(item.id, this.#target);
    let at = items.length;
    while (at > 0 && this.#isBefore(item, distance, at - 1)) at -= 1;
    if (at >= this.#count) return;
    items.splice(at, 0, item);
    distances.splice(at, 0, distance);
    if (items.length <= this.#count) return;
    items.pop();
    distances.pop();
  }

  #isBefore(item: Item, distance: number, position: number): boolean {
    const other = this.#distances[position]!;
    if (distance !== other) return distance < other;
    return compareDistance(item.id, this.items[position]!.id, this.#target) < 0;
  }
}

function firstOfDistance(id: Uint8Array, target: Uint8Array): number {
  const first = (id[0]! ^ target[0]!) << 24;
  return (first | ((id[1]! ^ target[1]!) << 16) | ((id[2]! ^ target[2]!) << 8) | (id[3]! ^ target[3]!)) >>> 0;
}

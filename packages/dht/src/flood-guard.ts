import type { DhtLimits } from './limits.ts';

interface Source {
  packets: number;
  until: number;
}

/**
 * Tells whose packets to ignore because there are too many of them (DHT-44).
 * Counts the packets of `floodSources` sources; a new one takes the place of the one with the fewest. From `floodPackets` within
 * `floodWindowMs` on a source is ignored until it has been silent for `floodQuietMs`.
 */
export class FloodGuard {
  readonly #limits: DhtLimits;
  readonly #sources = new Map<string, Source>();

  /** Watches with these limits. */
  constructor(limits: DhtLimits) {
    this.#limits = limits;
  }

  /** Counts a packet of a source (a group of addresses) and tells whether it is to be heard. */
  admits(source: string, now: number): boolean {
    const { floodSources, floodPackets, floodWindowMs, floodQuietMs } = this.#limits;
    const known = this.#sources.get(source);
    if (known === undefined) {
      if (this.#sources.size >= floodSources) this.#sources.delete(this.#quietest());
      this.#sources.set(source, { packets: 1, until: now + floodWindowMs });
      return true;
    }
    known.packets += 1;
    if (known.packets < floodPackets) return true;
    if (now < known.until) {
      known.until = now + floodQuietMs;
      return false;
    }
    known.packets = 0;
    known.until = now + floodWindowMs;
    return true;
  }

  /** Takes a packet back that was asked for: how many of those come is the own doing. */
  discount(source: string): void {
    const known = this.#sources.get(source);
    if (known !== undefined && known.packets > 0) known.packets -= 1;
  }

  #quietest(): string {
    let found = '';
    let fewest = Number.POSITIVE_INFINITY;
    for (const [source, { packets }] of this.#sources) {
      if (packets < fewest) [found, fewest] = [source, packets];
    }
    return found;
  }
}

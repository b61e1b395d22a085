const HALF_LIFE_MS = 5000;

/** Counts bytes, and how many there are in a second of late. */
export class Meter {
  #total = 0;
  #rate = 0;
  #at = Date.now();

  add(bytes: number): void {
    this.#decay();
    this.#total += bytes;
    this.#rate += (bytes * Math.LN2 * 1000) / HALF_LIFE_MS;
  }

  get total(): number {
    return this.#total;
  }

  /** Bytes in a second, weighted by how long ago they were counted. */
  get rate(): number {
    this.#decay();
    return Math.round(this.#rate);
  }

  #decay(): void {
    const now = Date.now();
    this.#rate *= 0.5 ** ((now - this.#at) / HALF_LIFE_MS);
    this.#at = now;
  }
}

/** Both directions. */
export interface Traffic {
  readonly received: Meter;
  readonly sent: Meter;
}

export function newTraffic(): Traffic {
  return { received: new Meter(), sent: new Meter() };
}

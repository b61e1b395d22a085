import { type Endpoint, formatEndpoint } from '../endpoint.ts';

interface Candidate {
  readonly endpoint: Endpoint;
  failures: number;
  nextTry: number;
}

const MOST = 200;
const MOST_FAILURES = 8;
const FIRST_DELAY_MS = 1000;

/** Addresses at which members of a swarm may be. At most 200; each is given up after eight attempts in vain. */
export class Candidates {
  readonly #all = new Map<string, Candidate>();
  readonly #never = new Set<string>();

  get size(): number {
    return this.#all.size;
  }

  /** `IP:PORT` of each. */
  names(): Iterable<string> {
    return this.#all.keys();
  }

  add(endpoint: Endpoint): void {
    const key = formatEndpoint(endpoint);
    if (endpoint.port === 0 || this.#never.has(key)) return;
    const known = this.#all.get(key);
    if (known !== undefined) {
      // Somebody has just told of it: it may be back.
      if (known.failures > 0) this.#all.set(key, { endpoint, failures: 0, nextTry: known.nextTry });
      return;
    }
    if (this.#all.size < MOST) this.#all.set(key, { endpoint, failures: 0, nextTry: 0 });
  }

  /** The next one to connect to, which counts as failed until {@link Candidates.succeeded}. */
  take(now: number, isConnected: (name: string) => boolean): Endpoint | undefined {
    for (const [key, candidate] of this.#all) {
      if (candidate.nextTry > now || isConnected(key)) continue;
      candidate.failures += 1;
      candidate.nextTry = now + FIRST_DELAY_MS * 2 ** candidate.failures;
      if (candidate.failures >= MOST_FAILURES) this.#all.delete(key);
      return candidate.endpoint;
    }
    return undefined;
  }

  succeeded(name: string): void {
    const candidate = this.#all.get(name);
    if (candidate !== undefined) candidate.failures = 0;
  }

  /** Never again: it is this node, or was banned. */
  exclude(name: string): void {
    this.#all.delete(name);
    if (this.#never.size < MOST) this.#never.add(name);
  }
}

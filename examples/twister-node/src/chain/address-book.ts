import type { TimedAddress } from '@rookery/wire';
import { decodeAddr, encodeAddr } from '@rookery/wire';
import { type Endpoint, formatEndpoint, isLoopback } from '../endpoint.ts';
import type { Store } from '../store/store.ts';
import { addressBytes, addressText } from './address-bytes.ts';

const KEY = 'addresses';
const MOST = 2000;
const MOST_FAILURES = 5;

interface Entry {
  readonly endpoint: Endpoint;
  readonly address: TimedAddress;
  failures: number;
}

/** Addresses of chain peers that others have told, on disk under `addresses`. At most 2,000: the ones told longest ago go first. */
export class AddressBook {
  readonly #store: Store;
  readonly #entries = new Map<string, Entry>();

  constructor(store: Store) {
    this.#store = store;
    const record = store.get(KEY);
    if (record !== undefined) this.add(decodeAddr(record).value, true);
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Takes addresses in; those of this machine only where a peer on this machine may tell them. */
  add(addresses: readonly TimedAddress[], fromLoopback: boolean): void {
    for (const address of addresses) {
      const endpoint = { ip: addressText(address.ip), port: address.port };
      if (endpoint.port === 0 || (isLoopback(endpoint.ip) && !fromLoopback)) continue;
      const key = formatEndpoint(endpoint);
      const failures = this.#entries.get(key)?.failures ?? 0;
      this.#entries.delete(key);
      this.#entries.set(key, { endpoint, address, failures });
      const [oldest] = this.#entries.keys();
      if (this.#entries.size > MOST && oldest !== undefined) this.#entries.delete(oldest);
    }
  }

  /** An address that nobody has told in a message, such as one of a DNS seed. */
  addEndpoint(endpoint: Endpoint, now: number): void {
    const time = Math.floor(now / 1000);
    this.add([{ time, services: 1n, ip: addressBytes(endpoint.ip), port: endpoint.port }], false);
  }

  /** Those to try next: whoever failed least often, the newest first. */
  candidates(): Endpoint[] {
    return [...this.#entries.values()]
      .reverse()
      .sort((left, right) => left.failures - right.failures)
      .map(({ endpoint }) => endpoint);
  }

  failed(endpoint: Endpoint): void {
    const key = formatEndpoint(endpoint);
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    entry.failures += 1;
    if (entry.failures >= MOST_FAILURES) this.#entries.delete(key);
  }

  succeeded(endpoint: Endpoint): void {
    const entry = this.#entries.get(formatEndpoint(endpoint));
    if (entry !== undefined) entry.failures = 0;
  }

  /** What `getaddr` is answered with. */
  known(): TimedAddress[] {
    return [...this.#entries.values()].reverse().map(({ address }) => address);
  }

  save(): void {
    if (this.#entries.size > 0) this.#store.put(KEY, encodeAddr(this.known().reverse()));
  }
}

import { type Endpoint, formatEndpoint } from '../endpoint.ts';
import type { NodeOptions } from '../options.ts';
import type { AddressBook } from './address-book.ts';
import type { PeerLink, PeerLinks } from './peer-links.ts';

/** An address or host name to stay connected to. */
interface Wanted {
  readonly host: string;
  readonly port: number;
  delayMs: number;
  nextTry: number;
}

const OUTGOING = 8;
const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 60_000;
const ROUND_MS = 500;
/** Between two addresses of the book that are tried although others were not reached. */
const BOOK_MS = 2000;

/** Keeps the outgoing connections of the chain network: those asked for, and up to eight to others. */
export class Dialler {
  readonly #links: PeerLinks;
  readonly #book: AddressBook;
  readonly #onlyWanted: boolean;
  readonly #wanted = new Map<string, Wanted>();
  readonly #timer: NodeJS.Timeout;
  #nextOfBook = 0;

  constructor(links: PeerLinks, book: AddressBook, { addNodes, connect }: NodeOptions) {
    this.#links = links;
    this.#book = book;
    this.#onlyWanted = connect.length > 0;
    for (const { ip, port } of [...connect, ...addNodes]) this.add(ip, port);
    this.#timer = setInterval(() => this.#round(), ROUND_MS);
  }

  /** Stays connected to an address from now on. False where that was so before. */
  add(host: string, port: number): boolean {
    const name = formatEndpoint({ ip: host, port });
    if (this.#wanted.has(name)) return false;
    this.#wanted.set(name, { host, port, delayMs: FIRST_DELAY_MS, nextTry: 0 });
    this.#round();
    return true;
  }

  /** No longer. False where it was not so. */
  remove(host: string, port: number): boolean {
    return this.#wanted.delete(formatEndpoint({ ip: host, port }));
  }

  /** Connects once. */
  tryOnce(host: string, port: number): void {
    this.#links.dial(host, port, formatEndpoint({ ip: host, port }));
  }

  /** A peer that was connected to has shown itself. */
  succeeded({ name, ip, port }: PeerLink): void {
    const wanted = this.#wanted.get(name);
    if (wanted !== undefined) wanted.delayMs = FIRST_DELAY_MS;
    this.#book.succeeded({ ip, port });
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #round(): void {
    const now = Date.now();
    for (const [name, wanted] of this.#wanted) {
      if (wanted.nextTry > now || this.#links.get(name) !== undefined) continue;
      this.#links.dial(wanted.host, wanted.port, name);
      wanted.nextTry = now + wanted.delayMs;
      wanted.delayMs = Math.min(2 * wanted.delayMs, LONGEST_DELAY_MS);
    }
    if (this.#onlyWanted || now < this.#nextOfBook) return;
    const outgoing = this.#links.all().filter((link) => link.outgoing);
    if (outgoing.length >= OUTGOING) return;
    const next = this.#book.candidates().find((endpoint) => this.#links.get(formatEndpoint(endpoint)) === undefined);
    if (next === undefined) return;
    this.#nextOfBook = now + BOOK_MS;
    this.#dialFromBook(next);
  }

  #dialFromBook(endpoint: Endpoint): void {
    // It counts as failed until it has shown itself.
    this.#book.failed(endpoint);
    this.#links.dial(endpoint.ip, endpoint.port, formatEndpoint(endpoint));
  }
}

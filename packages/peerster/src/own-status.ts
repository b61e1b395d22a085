import type { OwnClock } from './clock.ts';
import { History } from './history.ts';
import type { PeersterLimits } from './limits.ts';
import { nameBytes } from './name.ts';
import { encodePacket, type Packet } from './packet.ts';
import { delimitedBytes } from './protobuf.ts';
import { type StatusEntry, type StatusRange, statusEntryBytes } from './status.ts';
import type { MessageStore } from './store.ts';

const NO_NAME: Uint8Array = /* @__PURE__ */ new Uint8Array(0);

/**
 * The own clock as others see it (PEERSTER-32): whole, in parts of bounded size (PEERSTER-39), or one origin alone.
 * What was encoded is kept until a message changes it.
 */
export class OwnStatus implements OwnClock {
  private readonly store: MessageStore;
  private readonly limits: PeersterLimits;
  private readonly withDigests: boolean;
  private readonly histories = new Map<string, History>();
  private whole: Uint8Array | undefined;
  private parts: Uint8Array[] | undefined;
  private nextPart = 0;

  /** `withDigests`: statuses carry digests (PEERSTER-37). */
  constructor(store: MessageStore, withDigests: boolean, limits: PeersterLimits) {
    this.store = store;
    this.withDigests = withDigests;
    this.limits = limits;
  }

  origins(): readonly string[] {
    return this.store.origins();
  }

  nextId(origin: string): number {
    return this.store.nextId(origin);
  }

  digest(origin: string, length: number): Uint8Array | undefined {
    if (!this.withDigests) return undefined;
    let history = this.histories.get(origin);
    if (history === undefined) {
      history = new History((id) => this.store.hashOf(origin, id));
      this.histories.set(origin, history);
    }
    return history.digest(length);
  }

  /** Notes that a message was stored or replaced. */
  changed(origin: string, id: number): void {
    this.histories.get(origin)?.changed(id);
    this.whole = undefined;
    this.parts = undefined;
  }

  /** The whole clock in one packet, or undefined where that exceeds what a datagram may hold (PEERSTER-5). */
  packet(): Uint8Array | undefined {
    this.whole ??= encodePacket({ status: this.entries() });
    return this.whole.length > this.limits.datagramBytes ? undefined : this.whole;
  }

  /** The next parts of the clock, going round, at most `statusPartsPerRound`; the only part is the whole clock. */
  round(): Uint8Array[] {
    this.parts ??= this.split().map((packet) => encodePacket(packet));
    const { parts } = this;
    const count = Math.min(parts.length, this.limits.statusPartsPerRound);
    const chosen: Uint8Array[] = [];
    for (let index = 0; index < count; index += 1) chosen.push(parts[(this.nextPart + index) % parts.length]!);
    this.nextPart = (this.nextPart + count) % parts.length;
    return chosen;
  }

  /** What the clock says of one origin, as a part of its own (PEERSTER-39). */
  single(origin: string): Packet {
    const name = nameBytes(origin);
    const nextId = this.store.nextId(origin);
    return { status: nextId === 0 ? [] : [this.entry(origin)], range: { first: name, last: name } };
  }

  private entries(): StatusEntry[] {
    return this.store.origins().map((origin) => this.entry(origin));
  }

  private entry(origin: string): StatusEntry {
    const nextId = this.store.nextId(origin);
    const digest = this.digest(origin, nextId);
    return digest === undefined ? { origin: nameBytes(origin), nextId } : { origin: nameBytes(origin), nextId, digest };
  }

  /** Neighbouring parts share an entry, so that no name falls between them. */
  private split(): Packet[] {
    const entries = this.entries();
    const overhead = delimitedBytes(2 * delimitedBytes(this.limits.nameLength)) + 4;
    const parts: Packet[] = [];
    let part: StatusEntry[] = [];
    let size = overhead;
    let first = NO_NAME;
    for (const entry of entries) {
      const bytes = statusEntryBytes(entry);
      if (part.length > 1 && size + bytes > this.limits.statusBytes) {
        const last = part[part.length - 1]!;
        parts.push({ status: part, range: { first, last: last.origin } });
        part = [last];
        first = last.origin;
        size = overhead + statusEntryBytes(last);
      }
      part.push(entry);
      size += bytes;
    }
    const range: StatusRange = { first, last: NO_NAME };
    parts.push(parts.length === 0 ? { status: part } : { status: part, range });
    return parts;
  }
}

import { equalBytes } from './bytes.ts';
import { type Contact, contactOf, isGood } from './contact.ts';
import type { AddressGroup, Endpoint } from './endpoint.ts';
import { addLive, addSpare, emptyBucket, type KBucket, removeContact, takeSpare } from './k-bucket.ts';
import type { DhtLimits } from './limits.ts';
import { Nearest } from './nearest.ts';
import type { RandomBytes } from './random.ts';
import { RefreshRanges } from './refresh-ranges.ts';

const BYTE_BITS = 8;
/** Prefixes of IPv4 addresses that make one address and one neighbourhood (DHT-33). */
const ADDRESS_BITS = 32;
const BUCKET_BITS = 24;

/**
 * The nodes that a node knows, more of them the nearer they are to its own id (DHT-32, DHT-33).
 * Only IPv4 endpoints. Holds at most the places of all buckets and as many spare contacts as buckets times `bucket`; of one address one contact, and of
 * one neighbourhood of addresses one contact a bucket. Contacts that have answered are never displaced by ones that have not.
 */
export class RoutingTable {
  readonly #own: Uint8Array;
  readonly #limits: DhtLimits;
  readonly #group: AddressGroup;
  readonly #buckets: KBucket[] = [emptyBucket()];
  readonly #byAddress = new Map<string, Contact>();
  readonly #ranges: RefreshRanges;

  /** A table for a node with this id of 20 bytes, counting addresses by `group`. */
  constructor(own: Uint8Array, limits: DhtLimits, group: AddressGroup) {
    this.#own = own;
    this.#limits = limits;
    this.#group = group;
    this.#ranges = new RefreshRanges(limits);
  }

  /** How many contacts there are, spare ones and ones that have not answered among them. */
  get size(): number {
    return this.#byAddress.size;
  }

  /** Whether there is a contact that answers. */
  get hasGood(): boolean {
    return this.#buckets.some(({ live }) => live.some(isGood));
  }

  /** All contacts in use, nearest buckets first. */
  contacts(): Contact[] {
    return [...this.#buckets].reverse().flatMap(({ live }) => live);
  }

  /** Takes note of a node that sent something; its address may be a lie. Tells whether it is new. */
  heard(id: Uint8Array, endpoint: Endpoint): boolean {
    return !this.#renew(id, endpoint, false) && this.#add(contactOf(id, endpoint, false));
  }

  /** Whether this is a contact that has answered, but not the last time: a packet from it is a reason to ask it again. */
  isDoubtful(id: Uint8Array, endpoint: Endpoint): boolean {
    const known = this.#byAddress.get(this.#group(endpoint, ADDRESS_BITS));
    if (known === undefined || !known.confirmed || known.failures === 0) return false;
    return isSame(known.endpoint, endpoint) && equalBytes(known.id, id);
  }

  /** Takes note of a node that received what was sent to this address. */
  seen(id: Uint8Array, endpoint: Endpoint): void {
    if (!this.#renew(id, endpoint, true)) this.#add(contactOf(id, endpoint, true));
    this.#ranges.reach(commonBits(id, this.#own));
  }

  /** Takes note of a request that was not answered. */
  failed(id: Uint8Array, endpoint: Endpoint): void {
    const bucket = this.#bucketOf(id);
    const contact = bucket.live.find((known) => equalBytes(known.id, id));
    if (contact === undefined || !isSame(contact.endpoint, endpoint)) return;
    contact.failures += 1;
    const other = takeSpare(bucket);
    if (other !== undefined) {
      this.#drop(bucket, contact);
      bucket.live.push(other);
    } else if (!contact.confirmed || contact.failures >= this.#limits.contactFailures) this.#drop(bucket, contact);
  }

  /** The good contacts that are nearest to a target, at most `count`, nearest first; with `any` also doubtful ones. */
  closest(target: Uint8Array, count: number, any = false): Contact[] {
    const nearest = new Nearest<Contact>(target, count);
    const take = (index: number): void => {
      for (const contact of this.#buckets[index]!.live) if (any || isGood(contact)) nearest.add(contact);
    };
    const index = this.#indexOf(target);
    take(index);
    // Nearer buckets are about as far from the target as each other, every bucket before them farther than the next one.
    if (!nearest.isFull) {
      for (let deeper = index + 1; deeper < this.#buckets.length; deeper += 1) take(deeper);
      for (let farther = index - 1; farther >= 0 && !nearest.isFull; farther -= 1) take(farther);
    }
    return nearest.items;
  }

  /** Notes that a search for a target begins. */
  touch(target: Uint8Array, now: number): void {
    this.#ranges.touch(commonBits(target, this.#own), now);
  }

  /** When a range of ids is due for a refresh next, ms; undefined while nobody answers (DHT-34). */
  nextRefreshAt(): number | undefined {
    return this.#ranges.next()?.at;
  }

  /** A random target in the range that is due for a refresh, or undefined if none is (DHT-34). */
  takeRefresh(now: number, random: RandomBytes): Uint8Array | undefined {
    const due = this.#ranges.next();
    if (due === undefined || now < due.at) return undefined;
    this.#ranges.refreshed(due.range, now);
    return this.#randomIn(due.range, random(this.#limits.idBytes));
  }

  /** An id that has exactly `index` leading bits in common with the own one. */
  #randomIn(index: number, bytes: Uint8Array): Uint8Array {
    const id = Uint8Array.from(bytes);
    for (let bit = 0; bit <= index; bit += 1) {
      const mask = 0x80 >> (bit % BYTE_BITS);
      const at = Math.floor(bit / BYTE_BITS);
      const own = this.#own[at]! & mask;
      id[at] = (id[at]! & ~mask) | (bit === index ? own ^ mask : own);
    }
    return id;
  }

  /** Adds a contact where there is room for it; true if it is one more, or one instead of another. */
  #add(contact: Contact): boolean {
    if (!this.#settle(contact)) return false;
    const bucket = this.#bucketOf(contact.id);
    if (!this.#makeRoom(bucket, contact)) return false;
    const index = this.#buckets.indexOf(bucket);
    const live = addLive(bucket, contact, this.#placesOf(index));
    if (live.outcome === 'full' && contact.confirmed && this.#split(index)) return this.#add(contact);
    const added = live.outcome === 'full' ? addSpare(bucket, contact, this.#limits.bucket) : live;
    if (added.outcome !== 'added') return false;
    this.#note(contact, added.removed);
    return true;
  }

  /** Notes a sign of life of a contact that is known already; true if it is, or if it can be none. */
  #renew(id: Uint8Array, endpoint: Endpoint, confirmed: boolean): boolean {
    if (!isIpv4(endpoint) || equalBytes(id, this.#own)) return true;
    const known = this.#byAddress.get(this.#group(endpoint, ADDRESS_BITS));
    if (known === undefined || !isSame(known.endpoint, endpoint) || !equalBytes(known.id, id)) return false;
    if (confirmed) {
      known.confirmed = true;
      known.failures = 0;
    }
    return true;
  }

  /** Settles what is known of the address already: another id or port. False where that stays. */
  #settle(contact: Contact): boolean {
    const known = this.#byAddress.get(this.#group(contact.endpoint, ADDRESS_BITS));
    if (known === undefined) return true;
    // The word of an address is good for its own port only, and nothing against one that has answered.
    if (!contact.confirmed || (known.confirmed && !isSame(known.endpoint, contact.endpoint))) return false;
    this.#drop(this.#bucketOf(known.id), known);
    return true;
  }

  /** Sees to it that neither the id nor the neighbourhood of addresses is in the bucket; false if it has to stay as it is. */
  #makeRoom(bucket: KBucket, contact: Contact): boolean {
    const group = this.#group(contact.endpoint, BUCKET_BITS);
    const inTheWay = [...bucket.live, ...bucket.spare].filter(
      (known) => equalBytes(known.id, contact.id) || this.#group(known.endpoint, BUCKET_BITS) === group,
    );
    if (inTheWay.some((known) => known.confirmed || !contact.confirmed)) return false;
    for (const known of inTheWay) this.#drop(bucket, known);
    return true;
  }

  /** Splits the last bucket, the one that the own id belongs to; false for any other one. */
  #split(index: number): boolean {
    const last = this.#buckets.length - 1;
    if (index !== last || last >= this.#limits.idBytes * BYTE_BITS - 1) return false;
    const old = this.#buckets[last]!;
    const { live, spare } = { live: old.live.splice(0), spare: old.spare.splice(0) };
    this.#buckets.push(emptyBucket());
    for (const contact of [...live, ...spare]) {
      const at = this.#indexOf(contact.id);
      const bucket = this.#buckets[at]!;
      if (addLive(bucket, contact, this.#placesOf(at)).outcome === 'added') continue;
      if (addSpare(bucket, contact, this.#limits.bucket).outcome !== 'added') this.#forget(contact);
    }
    return true;
  }

  #note(contact: Contact, removed: Contact | undefined): void {
    if (removed !== undefined) this.#forget(removed);
    this.#byAddress.set(this.#group(contact.endpoint, ADDRESS_BITS), contact);
  }

  #drop(bucket: KBucket, contact: Contact): void {
    removeContact(bucket, contact);
    this.#forget(contact);
  }

  #forget(contact: Contact): void {
    this.#byAddress.delete(this.#group(contact.endpoint, ADDRESS_BITS));
  }

  #placesOf(index: number): number {
    const { firstBucket, bucket } = this.#limits;
    return Math.max(bucket, Math.floor(firstBucket / 2 ** index));
  }

  #bucketOf(id: Uint8Array): KBucket {
    return this.#buckets[this.#indexOf(id)]!;
  }

  #indexOf(id: Uint8Array): number {
    return Math.min(commonBits(id, this.#own), this.#buckets.length - 1);
  }
}

/** Others cannot be told of other addresses (KRPC-8). */
function isIpv4({ ip }: Endpoint): boolean {
  return !ip.includes(':');
}

function isSame(left: Endpoint, right: Endpoint): boolean {
  return left.port === right.port && left.ip === right.ip;
}

/** How many leading bits two ids have in common. */
function commonBits(left: Uint8Array, right: Uint8Array): number {
  for (let index = 0; index < left.length; index += 1) {
    const difference = left[index]! ^ right[index]!;
    if (difference !== 0) return index * BYTE_BITS + Math.clz32(difference) - 24;
  }
  return left.length * BYTE_BITS;
}

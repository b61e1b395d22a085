import { encodeAddr, type NetworkAddress, type TimedAddress } from '@rookery/wire';
import { addressKey, type Fault, type PeerContext } from './context.ts';
import { isRoutable } from './routable.ts';
import type { PeerSession } from './session.ts';

const DAY_SECONDS = 86_400;

/** What the exchange of addresses is told by the application. */
export interface AddressOptions {
  /** Where this node can be reached; told to the peers that it connects to. Default nowhere; see {@link ChainPeers.setPublicAddress}. */
  readonly publicAddress?: NetworkAddress | undefined;
  /** Addresses to answer `getaddr` with, the best first. Default none. */
  readonly knownAddresses?: (() => readonly TimedAddress[]) | undefined;
  /** Whether an address, 16 bytes, is worth passing on; default {@link isRoutable}. */
  readonly isRoutable?: ((ip: Uint8Array) => boolean) | undefined;
}

/** What peers tell each other about where others are (CHAIN-81). */
export class AddressGossip {
  readonly #context: PeerContext;
  #publicAddress: NetworkAddress | undefined;
  readonly #knownAddresses: () => readonly TimedAddress[];
  readonly #isRoutable: (ip: Uint8Array) => boolean;

  constructor(context: PeerContext, options: AddressOptions) {
    this.#context = context;
    this.#publicAddress = options.publicAddress;
    this.#knownAddresses = options.knownAddresses ?? (() => []);
    this.#isRoutable = options.isRoutable ?? isRoutable;
  }

  /** Where this node can be reached, as far as is known. */
  get publicAddress(): NetworkAddress | undefined {
    return this.#publicAddress;
  }

  /** Takes another own address, and lets it wait for the turns of the peers that there are. */
  setPublicAddress(address: NetworkAddress | undefined): void {
    const { seconds, sessions } = this.#context;
    this.#publicAddress = address === undefined ? undefined : { ...address, ip: address.ip.slice() };
    if (this.#publicAddress === undefined) return;
    const timed = { time: seconds, ...this.#publicAddress };
    for (const session of sessions.values()) this.#queue(session, timed);
  }

  /** Asks a peer for addresses, and tells it this node's own. */
  greet(session: PeerSession): void {
    const { seconds, send } = this.#context;
    send(session, 'getaddr');
    session.awaitsAddresses = true;
    if (this.#publicAddress === undefined) return;
    const address = { time: seconds, ...this.#publicAddress };
    session.knownAddresses.add(addressKey(address));
    send(session, 'addr', encodeAddr([address]));
  }

  /** `addr`: tells the application, and passes on what is fresh and was not asked for. */
  receive(session: PeerSession, addresses: readonly TimedAddress[]): Fault | undefined {
    const { limits, seconds, tell } = this.#context;
    if ((session.version?.version ?? 0) < limits.addressVersion) return undefined;
    if (addresses.length > limits.addresses) return { code: 'oversized-addr', penalty: limits.penaltyList };
    const items = addresses.map((address) => ({ ...address, ip: address.ip.slice(), time: this.#timeOf(address) }));
    const isNews = !session.awaitsAddresses && items.length <= limits.addressesPassed;
    for (const item of items) {
      session.knownAddresses.add(addressKey(item));
      const isFresh = item.time > seconds - limits.addressFreshSeconds;
      if (isNews && isFresh && this.#isRoutable(item.ip)) this.#pass(item);
    }
    if (items.length < limits.addresses) session.awaitsAddresses = false;
    if (items.length > 0) tell({ type: 'addresses', peer: session.peer, items });
    return undefined;
  }

  /** `getaddr`: what the application knows and the peer does not. */
  answer(session: PeerSession): void {
    const { limits, send } = this.#context;
    const known = this.#knownAddresses().slice(0, limits.addressesTold);
    const news = known.filter((address) => session.knownAddresses.add(addressKey(address)));
    for (let at = 0; at < news.length; at += limits.addresses)
      send(session, 'addr', encodeAddr(news.slice(at, at + limits.addresses)));
  }

  #timeOf({ time }: TimedAddress): number {
    const { limits, seconds } = this.#context;
    const isOff = time <= limits.addressNoTime || time > seconds + limits.addressFreshSeconds;
    return isOff ? Math.max(0, seconds - limits.addressAgeSeconds) : time;
  }

  /** An address goes to a few peers, for a day always the same ones. */
  #pass(address: TimedAddress): void {
    const { digest, limits, seconds, sessions } = this.#context;
    const key = addressKey(address);
    const day = Math.floor(seconds / DAY_SECONDS);
    const ranked = [...sessions.values()]
      .filter((session) => this.#isToldAddresses(session))
      .map((session) => ({ session, rank: digest(`${day} ${key} ${session.peer}`) }))
      .sort((left, right) => (left.rank < right.rank ? -1 : 1));
    for (const { session } of ranked.slice(0, limits.addressPeers)) this.#queue(session, address);
  }

  /** Lets an address wait for a peer's turn, unless the peer knows it. */
  #queue(session: PeerSession, address: TimedAddress): void {
    const key = addressKey(address);
    if (!this.#isToldAddresses(session) || session.knownAddresses.has(key)) return;
    if (session.addresses.size < this.#context.limits.addresses) session.addresses.set(key, address);
  }

  #isToldAddresses({ version }: PeerSession): boolean {
    return version !== undefined && version.version >= this.#context.limits.addressVersion;
  }
}

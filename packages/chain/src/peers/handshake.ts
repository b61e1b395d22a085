import { bytesToHex } from '@noble/hashes/utils.js';
import { decodeUtf8, decodeVersion, encodeUtf8, encodeVersion } from '@rookery/wire';
import type { AddressGossip } from './address-gossip.ts';
import type { Fault, PeerContext } from './context.ts';
import type { NetworkClock } from './network-clock.ts';
import type { PeerSession } from './session.ts';
import type { VoteBox } from './vote-box.ts';

const MS = 1000;
const HAS_BLOCKS = 1n;

/** 0.0.0.0 as an IPv4-mapped address: what deployed nodes write where they know no better. */
const UNSPECIFIED: Uint8Array = /* @__PURE__ */ Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 0]);

/** What this node says of itself. */
export interface HandshakeOptions {
  /** Flags of this node; default 1: it has blocks. */
  readonly services?: bigint | undefined;
  /** Default `/rookery/`. */
  readonly userAgent?: string | undefined;
}

/** What a handshake draws on and adds to. */
interface HandshakeParts {
  readonly clock: NetworkClock;
  readonly gossip: AddressGossip;
  readonly votes: VoteBox;
}

/** How two nodes greet each other (CHAIN-72). */
export class Handshake {
  readonly #context: PeerContext;
  readonly #parts: HandshakeParts;
  readonly #services: bigint;
  readonly #userAgent: Uint8Array;

  constructor(context: PeerContext, parts: HandshakeParts, { services, userAgent }: HandshakeOptions) {
    this.#context = context;
    this.#parts = parts;
    this.#services = services ?? HAS_BLOCKS;
    this.#userAgent = encodeUtf8(userAgent ?? '/rookery/');
  }

  /** Says who this node is. */
  greet(session: PeerSession): void {
    const { chain, limits, now, seconds, send } = this.#context;
    const nowhere = { services: HAS_BLOCKS, ip: UNSPECIFIED, port: 0 };
    const payload = encodeVersion({
      version: limits.protocolVersion,
      services: this.#services,
      time: BigInt(session.outgoing ? Math.floor(now / MS) : seconds),
      addrYou: nowhere,
      addrMe: this.#parts.gossip.publicAddress ?? { ...nowhere, services: 0n },
      nonce: session.nonce,
      subver: this.#userAgent,
      startHeight: chain.tip.height,
      relay: true,
    });
    send(session, 'version', payload);
  }

  /** `version`: the peer has said who it is. */
  receive(session: PeerSession, payload: Uint8Array): Fault | undefined {
    const { limits, now, send, tell } = this.#context;
    if (session.version !== undefined) return { code: 'repeated-version', penalty: limits.penaltyOrder };
    const version = decodeVersion(payload).value;
    if (version.version < limits.leastVersion) return { code: 'obsolete-version', penalty: undefined };
    if (this.#isOwnNonce(version.nonce)) return { code: 'self-connection', penalty: undefined };
    const { clock, gossip, votes } = this.#parts;
    session.version = version;
    session.startHeight = version.startHeight ?? -1;
    session.relay = version.relay ?? true;
    if (!session.outgoing) this.greet(session);
    clock.add(session.group, Number(version.time), Math.floor(now / MS));
    send(session, 'verack');
    if (session.outgoing) gossip.greet(session);
    if (version.version >= limits.voteVersion) for (const vote of votes.lastVotes) send(session, 'cp', vote);
    tell({
      type: 'ready',
      peer: session.peer,
      outgoing: session.outgoing,
      version: version.version,
      services: version.services,
      userAgent: version.subver === undefined ? undefined : decodeUtf8(version.subver),
      startHeight: session.startHeight,
      seenAs: { ...version.addrYou, ip: version.addrYou.ip.slice() },
    });
    return undefined;
  }

  /** Only a connection that this node opened can lead back to itself. */
  #isOwnNonce(nonce: Uint8Array | undefined): boolean {
    if (nonce === undefined) return false;
    const key = bytesToHex(nonce);
    return [...this.#context.sessions.values()].some(
      (session) => session.outgoing && bytesToHex(session.nonce) === key,
    );
  }
}

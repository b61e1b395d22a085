import { checkMessage } from './check-message.ts';
import type { LightCode, MessageCode } from './codes.ts';
import { PeersterError, type PeersterErrorCode } from './errors.ts';
import { PEERSTER_LIMITS, type PeersterLimits } from './limits.ts';
import { nameBytes, nameText } from './name.ts';
import { decodePacket, encodePacket, isExtended, type Packet, questionOf } from './packet.ts';
import type { Profile } from './profile.ts';
import type { RsaProvider, RsaPublicKey } from './provider.ts';
import { createRsaProvider } from './rsa.ts';
import type { Rumor } from './rumor.ts';
import type { StatusEntry } from './status.ts';

/** How a light client is set up. */
export interface LightClientOptions {
  /** The full node that it asks. */
  readonly server: string;
  readonly profile?: Profile;
  /** Zero bits that a message must have, 0 … 64; default 18. */
  readonly target?: number;
  readonly rsa?: RsaProvider;
  readonly limits?: Partial<PeersterLimits>;
}

/** What a light client wants done or has to tell. */
export type LightClientEffect =
  | { readonly type: 'send'; readonly to: string; readonly bytes: Uint8Array }
  /** A verified message that was asked for, in the order of its number. */
  | { readonly type: 'fetched'; readonly origin: string; readonly rumor: Rumor; readonly hash: Uint8Array }
  /** The server holds no message of this origin from `next` on. */
  | { readonly type: 'done'; readonly origin: string; readonly next: number }
  | {
      readonly type: 'dropped';
      readonly from: string;
      readonly code: PeersterErrorCode | MessageCode | LightCode;
      readonly detail: string;
    };

interface Request {
  readonly origin: string;
  /** The next number that the caller wants. */
  next: number;
  /** The number that is being asked for: 0 while the key is unknown, else `next`. */
  asked: number;
}

type Effects = LightClientEffect[];

/**
 * Fetches chosen messages from one full node without storing, gossiping or having an identity (PEERSTER-41): a status that
 * lags behind in the wanted origin only makes the server push that one message. Whoever runs the server, or watches the
 * line, learns which origins are read; a full node gives nothing away. At most `lightRequests` origins at once, and one
 * key for each; datagrams of others than the server are dropped.
 */
export class LightClient {
  private readonly server: string;
  private readonly profile: Profile;
  private readonly target: number;
  private readonly rsa: RsaProvider;
  private readonly limits: PeersterLimits;
  private readonly keys = new Map<string, RsaPublicKey>();
  private readonly requests = new Map<string, Request>();
  /** The last whole status of a server that knows no parts. */
  private clock: readonly StatusEntry[] | undefined;
  private serverExtended = false;
  private retryAt: number | undefined;

  constructor(options: LightClientOptions) {
    this.server = options.server;
    this.profile = options.profile ?? 'strict';
    this.target = options.target ?? PEERSTER_LIMITS.miningTarget;
    this.rsa = options.rsa ?? createRsaProvider();
    this.limits = { ...PEERSTER_LIMITS, ...options.limits };
  }

  /**
   * Asks for the messages of an origin from number `from` on. False when the client has too many requests.
   * The first question teaches the server our address; its answer, or its next periodic status, starts the transfer.
   */
  fetch(
    origin: string,
    from: number,
    now: number,
  ): { readonly accepted: boolean; readonly effects: readonly LightClientEffect[] } {
    const effects: Effects = [];
    if (!this.requests.has(origin) && this.requests.size >= this.limits.lightRequests)
      return { accepted: false, effects };
    this.requests.set(origin, { origin, next: from, asked: this.keys.has(origin) ? from : 0 });
    this.ask(origin, effects);
    this.retryAt ??= now + this.limits.rumourWaitMs;
    return { accepted: true, effects };
  }

  /** Sends a finished message of our own to the server, which answers like to any rumor. */
  submit(rumor: Rumor): readonly LightClientEffect[] {
    return [{ type: 'send', to: this.server, bytes: encodePacket({ rumor }) }];
  }

  /** Handles a datagram; never throws on its content. */
  receive(datagram: Uint8Array, from: string, now: number): readonly LightClientEffect[] {
    const effects: Effects = [];
    if (from !== this.server)
      return [{ type: 'dropped', from, code: 'unasked', detail: 'the sender is not the server' }];
    let packet: Packet;
    try {
      packet = decodePacket(datagram, this.profile);
    } catch (error) {
      if (!(error instanceof PeersterError)) throw error;
      return [{ type: 'dropped', from, code: error.code, detail: error.message }];
    }
    this.serverExtended ||= isExtended(packet);
    if (packet.rumor !== undefined) this.handleRumor(packet.rumor, effects);
    if (packet.status !== undefined) this.handleStatus(packet, effects);
    this.retryAt = this.requests.size === 0 ? undefined : now + this.limits.rumourWaitMs;
    return effects;
  }

  /** Asks again for what has not come. */
  tick(now: number): readonly LightClientEffect[] {
    const effects: Effects = [];
    if (this.retryAt === undefined || now < this.retryAt) return effects;
    this.retryAt = now + this.limits.rumourWaitMs;
    for (const origin of this.requests.keys()) this.ask(origin, effects);
    return effects;
  }

  /** When `tick` is wanted next; undefined while nothing is asked for. */
  nextDeadline(): number | undefined {
    return this.requests.size === 0 ? undefined : this.retryAt;
  }

  private handleStatus({ status, range }: Packet, effects: Effects): void {
    const entries = status ?? [];
    if (range === undefined) this.clock = entries;
    const covers = range === undefined ? undefined : nameText(range.first);
    for (const { origin, next } of [...this.requests.values()]) {
      if (covers !== undefined && covers !== origin) continue;
      const entry = entries.find((candidate) => nameText(candidate.origin) === origin);
      if ((entry?.nextId ?? 0) > next) this.request(origin, effects);
      else {
        this.requests.delete(origin);
        effects.push({ type: 'done', origin, next });
      }
    }
  }

  private handleRumor(rumor: Rumor, effects: Effects): void {
    const from = this.server;
    const checked = checkMessage(rumor, {
      profile: this.profile,
      target: this.target,
      keyOf: (origin) => this.keys.get(origin),
    });
    if (!checked.ok) {
      effects.push({ type: 'dropped', from, code: checked.code, detail: checked.detail });
      return;
    }
    const { origin, hash } = checked;
    const request = this.requests.get(origin);
    if (request === undefined || rumor.id !== request.asked) {
      effects.push({ type: 'dropped', from, code: 'unasked', detail: 'the message was not asked for' });
      return;
    }
    if (rumor.id === 0) {
      if (this.keys.size >= this.limits.preparedKeys) this.keys.delete(this.keys.keys().next().value!);
      this.keys.set(origin, this.rsa.publicKey(rumor.content.slice()));
    }
    if (rumor.id === request.next) {
      request.next += 1;
      effects.push({ type: 'fetched', origin, rumor, hash });
    }
    request.asked = request.next;
    this.ask(origin, effects);
  }

  /** A first question, while nothing is known of the server's clock; otherwise the request itself. */
  private ask(origin: string, effects: Effects): void {
    if (this.serverExtended || this.clock === undefined) {
      effects.push({ type: 'send', to: this.server, bytes: encodePacket({ probe: questionOf(nameBytes(origin)) }) });
    } else this.request(origin, effects);
  }

  /** A status that lacks nothing but the wanted message: in one part, or copied from the server's own. */
  private request(origin: string, effects: Effects): void {
    const nextId = this.requests.get(origin)?.asked ?? 0;
    const name = nameBytes(origin);
    const entry = { origin: name, nextId };
    const packet: Packet =
      this.serverExtended || this.clock === undefined
        ? { status: [entry], range: { first: name, last: name } }
        : { status: this.clock.map((known) => (nameText(known.origin) === origin ? entry : known)) };
    effects.push({ type: 'send', to: this.server, bytes: encodePacket(packet) });
  }
}

import { hostGroup } from './address.ts';
import { AnnouncedKeys } from './announced-keys.ts';
import { type CheckedMessage, checkMessage, placeMessage } from './check-message.ts';
import { type ClockComparison, compareClocks, rangeCovers } from './clock.ts';
import type { AuthorCode, OrderCode, PrivateCode } from './codes.ts';
import { composeAnnouncement, composePrivate, composePublic, type Draft } from './compose.ts';
import type { PeersterEffect } from './effects.ts';
import { PeersterError } from './errors.ts';
import { narrowProbe, probeMiddle } from './history.ts';
import { equalBytes } from './integers.ts';
import { PEERSTER_LIMITS, type PeersterLimits } from './limits.ts';
import { messageKind } from './message.ts';
import { deriveName, isName, nameBytes, nameText } from './name.ts';
import type { PeersterOptions } from './node-options.ts';
import { type MinedMessage, type MiningProgress, Outbox, type Submission, type TextContent } from './outbox.ts';
import { OwnStatus } from './own-status.ts';
import { decodePacket, encodePacket, isExtended, type Packet, type Probe, questionOf } from './packet.ts';
import { type Peer, PeerTable } from './peer-table.ts';
import { openPrivate } from './private-content.ts';
import type { Profile } from './profile.ts';
import type { RsaPrivateKey, RsaPublicKey } from './provider.ts';
import { Quota } from './quota.ts';
import { flipCoin, type RandomSource, randomBelow } from './random.ts';
import { Backoff, WindowCounter } from './rate.ts';
import { createRsaProvider } from './rsa.ts';
import type { Rumor } from './rumor.ts';
import type { StatusEntry, StatusRange } from './status.ts';
import { MemoryStore, type MessageStore, type StoredMessage } from './store.ts';
import { decodeUtf8 } from './utf8.ts';
import { reject, type Verdict } from './verdict.ts';
import { RumourWaits } from './waits.ts';

/** What one datagram brings about; collected while it is handled. */
type Effects = PeersterEffect[];

/**
 * A node of the network (PEERSTER-25 … PEERSTER-40) without socket, clock, disk or randomness of its own. Feed datagrams to
 * `receive`, call `tick` when `nextDeadline` has come, carry out the effects, and call `work` while `mining` tells of
 * work. Nothing that a stranger sends throws. Caps, and what is dropped at them: learned peers (PEERSTER-29), rumours
 * that wait (PEERSTER-31), stored messages (PEERSTER-28), replacements (PEERSTER-27), strangers and answers (PEERSTER-35),
 * prepared keys (prepared again when needed).
 */
export class PeersterNode {
  private readonly profile: Profile;
  private readonly target: number;
  private readonly random: RandomSource;
  private readonly store: MessageStore;
  private readonly address: string | undefined;
  private readonly extensions: boolean;
  private readonly repair: boolean;
  private readonly groupOf: (address: string) => string;
  private readonly limits: PeersterLimits;
  private readonly identities = new Map<string, RsaPrivateKey>();
  private readonly keys: AnnouncedKeys;
  private readonly peerTable: PeerTable;
  private readonly waits: RumourWaits;
  private readonly quota: Quota;
  private readonly status: OwnStatus;
  private readonly outbox: Outbox;
  private readonly replacements: WindowCounter;
  private readonly strangers: WindowCounter;
  private readonly pushes: Backoff;
  private readonly ownToRepeat: { origin: string; id: number }[] = [];
  private antiEntropyAt: number;
  private repeatAt: number;

  constructor(options: PeersterOptions) {
    const { profile = 'strict', target = PEERSTER_LIMITS.miningTarget, now } = options;
    this.profile = profile;
    this.target = target;
    this.random = options.random;
    this.store = options.store ?? new MemoryStore();
    this.address = options.address;
    this.extensions = options.extensions ?? profile === 'strict';
    this.repair = options.repair ?? true;
    this.groupOf = options.groupOf ?? hostGroup;
    this.limits = Object.freeze({ ...PEERSTER_LIMITS, ...options.limits });
    this.keys = new AnnouncedKeys(options.rsa ?? createRsaProvider(), this.store, this.limits.preparedKeys);
    this.peerTable = new PeerTable(this.groupOf, this.limits);
    this.waits = new RumourWaits(this.limits.waits);
    this.quota = new Quota(this.store, this.limits, (origin) => this.identities.has(origin), options.prune);
    this.status = new OwnStatus(this.store, this.extensions, this.limits);
    const miningTarget = options.miningTarget ?? Math.max(target, this.limits.miningTarget);
    this.outbox = new Outbox(miningTarget, this.limits, (submission) => this.compose(submission));
    this.replacements = new WindowCounter(this.limits.replacementWindowMs, this.limits.replacementRecords);
    this.strangers = new WindowCounter(this.limits.strangerMs, this.limits.strangers);
    this.pushes = new Backoff(this.limits.pushRepeatMs, this.limits.pushDoublings, this.limits.pushRecords);
    this.antiEntropyAt = now + this.limits.antiEntropyMs;
    this.repeatAt = now + this.limits.repeatMs;
    for (const identity of options.identities ?? []) this.addIdentity(identity);
  }

  /**
   * Makes an identity of this node (PEERSTER-40). Its key announcement is queued unless it is stored already.
   * Throws `RangeError` beyond `identities`. Gives the name.
   */
  addIdentity(key: RsaPrivateKey): string {
    const name = deriveName(key.publicKey.bytes);
    if (this.identities.has(name)) return name;
    if (this.identities.size >= this.limits.identities) throw new RangeError('there are too many identities');
    this.identities.set(name, key);
    const nextId = this.store.nextId(name);
    for (let id = 0; id < nextId; id += 1) this.ownToRepeat.push({ origin: name, id });
    if (nextId === 0) this.outbox.submit({ author: name, content: { kind: 'announcement' } });
    return name;
  }

  /** Names of the identities, in the order in which they were added. */
  names(): string[] {
    return [...this.identities.keys()];
  }

  /** Adds a peer by hand (PEERSTER-29). False for the own address and when the cap is reached. */
  addPeer(address: string): boolean {
    return address !== this.address && this.peerTable.add(address);
  }

  /** Removes a peer (PEERSTER-29); it is learned again when it speaks. False when there was none. */
  removePeer(address: string): boolean {
    return this.peerTable.remove(address);
  }

  peers(): Peer[] {
    return this.peerTable.list();
  }

  /**
   * Queues a public text of an identity (PEERSTER-40). Codes `unknown-identity`, `content-too-long` (over 1,024 bytes of
   * UTF-8), `queue-full`. Nothing is sent before `work` has found the proof of work; the ticket names it until then.
   */
  publish(author: string, text: Uint8Array): Verdict<AuthorCode, { readonly ticket: number }> {
    return this.submit(author, { kind: 'public', text }, this.limits.publicTextBytes);
  }

  /**
   * Queues a private text (PEERSTER-40), like {@link publish}. Also refuses `unknown-recipient`, a name whose announcement
   * is not stored here, and texts over 190 bytes. No number is used up by a refusal.
   */
  sendPrivate(author: string, recipient: string, text: Uint8Array): Verdict<AuthorCode, { readonly ticket: number }> {
    if (this.keyOf(recipient) === undefined)
      return reject('unknown-recipient', `${recipient} has announced no key here`);
    return this.submit(author, { kind: 'private', recipient, text }, this.limits.privateTextBytes);
  }

  /** The proof of work that is under way or next; undefined where there is nothing to do. */
  mining(): MiningProgress | undefined {
    return this.outbox.progress();
  }

  /** Tries at most `tries` hashes for our own messages (PEERSTER-17, PEERSTER-40) and sends what is finished. */
  work(tries: number, now: number): readonly PeersterEffect[] {
    const effects: Effects = [];
    for (let left = tries; left > 0 && this.outbox.busy; ) {
      const { tried, mined } = this.outbox.work(left);
      left -= Math.max(1, tried);
      if (mined !== undefined) this.finish(mined, now, effects);
    }
    return effects;
  }

  /** Handles a datagram (PEERSTER-18 … PEERSTER-39). Never throws on its content. */
  receive(datagram: Uint8Array, from: string, now: number): readonly PeersterEffect[] {
    const effects: Effects = [];
    let packet: Packet;
    try {
      packet = decodePacket(datagram, this.profile);
    } catch (error) {
      if (!(error instanceof PeersterError)) throw error;
      return [{ type: 'dropped', from, code: error.code, detail: error.message }];
    }
    this.peerTable.heard(from, now);
    if (this.profile === 'compat') this.learn(from, now, effects);
    if (packet.rumor !== undefined) this.handleRumor(packet.rumor, isExtended(packet), from, now, effects);
    if (packet.status !== undefined || packet.probe !== undefined) {
      this.learn(from, now, effects);
      if (this.extensions && isExtended(packet)) this.peerTable.markExtended(from);
    }
    if (packet.status !== undefined) this.handleStatus(packet.status, packet.range, from, now, effects);
    if (packet.probe !== undefined && this.extensions) this.handleProbe(packet.probe, from, now, effects);
    return effects;
  }

  /** Does what is due: rumours that no status answered, the periodic status, the repeated rumour. */
  tick(now: number): readonly PeersterEffect[] {
    const effects: Effects = [];
    for (const { origin, id, peer } of this.waits.expire(now)) this.flip(origin, id, peer, now, effects);
    if (now >= this.antiEntropyAt) {
      this.antiEntropyAt = nextTurn(this.antiEntropyAt, this.limits.antiEntropyMs, now);
      this.antiEntropy(effects);
    }
    if (now >= this.repeatAt) {
      this.repeatAt = nextTurn(this.repeatAt, this.limits.repeatMs, now);
      if (this.repair) this.repeatRumour(effects);
    }
    return effects;
  }

  /** When `tick` is wanted next, in milliseconds since the Unix epoch; undefined while there is no peer. */
  nextDeadline(): number | undefined {
    const wait = this.waits.nextDeadline();
    if (this.peerTable.size === 0) return wait;
    const periodic = this.repair ? Math.min(this.antiEntropyAt, this.repeatAt) : this.antiEntropyAt;
    return wait === undefined ? periodic : Math.min(wait, periodic);
  }

  /**
   * The text of a private message that one of our identities wrote or received (PEERSTER-14); `text` is undefined where
   * the bytes are no UTF-8. Codes `undecipherable`, also for messages of others, and `malformed-content`.
   */
  open(
    message: StoredMessage,
  ): Verdict<PrivateCode, { readonly bytes: Uint8Array; readonly text: string | undefined }> {
    const author = this.identities.get(message.origin);
    const key = author ?? this.identities.get(message.destination);
    if (key === undefined) return reject('undecipherable', 'the message concerns none of our identities');
    const opened = openPrivate(message.rumor.content, key, author === undefined ? 'recipient' : 'sender');
    return opened.ok ? { ok: true, bytes: opened.text, text: decodeUtf8(opened.text) } : opened;
  }

  private submit(author: string, content: TextContent, cap: number): Verdict<AuthorCode, { readonly ticket: number }> {
    if (!this.identities.has(author)) return reject('unknown-identity', `${author} is no identity of this node`);
    if (content.text.length > cap) {
      return reject('content-too-long', `a text of ${content.text.length} bytes exceeds ${cap}`);
    }
    return this.outbox.submit({ author, content });
  }

  private compose({ author, content }: Submission): Draft {
    const key = this.identities.get(author)!;
    const id = this.store.nextId(author);
    switch (content.kind) {
      case 'announcement':
        return composeAnnouncement(key.publicKey);
      case 'public':
        return composePublic(key, id, content.text, this.random);
      case 'private':
        return composePrivate(key, id, this.keyOf(content.recipient)!, content.text, this.random);
    }
  }

  private finish({ ticket, submission, draft, found }: MinedMessage, now: number, effects: Effects): void {
    const { author } = submission;
    if (this.store.nextId(author) !== draft.id) {
      // The same identity speaks elsewhere too, and its message came in between.
      if (submission.content.kind !== 'announcement') this.outbox.retry(ticket, submission);
      return;
    }
    const rumor = { ...draft, nonce: found.nonce };
    const message = this.put(rumor, { origin: author, hash: found.hash }, '', now, effects);
    effects.push({ type: 'submitted', ticket, message });
    this.spread(author, rumor.id, undefined, now, effects);
  }

  private learn(from: string, now: number, effects: Effects): void {
    if (from === this.address || this.peerTable.has(from)) return;
    const evicted = this.peerTable.learn(from, now);
    if (evicted === undefined) return;
    effects.push(evicted === '' ? { type: 'learned', peer: from } : { type: 'learned', peer: from, evicted });
  }

  private handleRumor(rumor: Rumor, extended: boolean, from: string, now: number, effects: Effects): void {
    const checked = checkMessage(rumor, {
      profile: this.profile,
      target: this.target,
      keyOf: (origin) => this.keyOf(origin),
      isStored: (origin, hash) => this.isStored(rumor, origin, hash),
    });
    if (!checked.ok) {
      effects.push({ type: 'dropped', from, code: checked.code, detail: checked.detail });
      return;
    }
    this.learn(from, now, effects);
    const { origin, hash } = checked;
    const next = this.store.nextId(origin);
    const stored = rumor.id < next ? this.store.hashOf(origin, rumor.id) : undefined;
    const placement = placeMessage(rumor.id, hash, next, stored);
    const refuse = (code: OrderCode, detail: string) => effects.push({ type: 'dropped', from, code, detail });
    let spreads = false;
    switch (placement) {
      case 'new':
        if (!this.quota.hasRoom(origin)) {
          refuse('store-full', 'there is no room for the message');
          break;
        }
        this.put(rumor, checked, from, now, effects);
        this.peerTable.markUseful(from);
        spreads = true;
        break;
      case 'replacing': {
        const count = this.replacements.count(`${origin}/${rumor.id}`, now);
        spreads = count <= this.limits.replacements;
        if (!spreads) refuse('replacement-limit', `${count} replacements of one message`);
        // Ignoring a lower hash for an hour would keep stores apart for an hour: strict stores it and stays quiet.
        if (spreads || this.profile === 'strict') this.put(rumor, checked, from, now, effects);
        break;
      }
      case 'duplicate':
        refuse('duplicate', 'the message is stored already');
        break;
      case 'higher-hash':
        refuse('higher-hash', 'a version with a lower hash is stored');
        break;
      case 'out-of-order':
        refuse('out-of-order', `number ${rumor.id} where ${next} is next`);
        break;
    }
    this.answer(origin, extended, from, now, effects);
    if (placement === 'higher-hash' && this.repair) this.push(origin, rumor.id, from, now, effects);
    if (spreads) this.spread(origin, rumor.id, from, now, effects);
  }

  /** Stores a message and tells of it. */
  private put(
    rumor: Rumor,
    { origin, hash }: CheckedMessage,
    from: string,
    now: number,
    effects: Effects,
  ): StoredMessage {
    const previous = this.store.get(origin, rumor.id);
    const replaced = this.store.hashOf(origin, rumor.id);
    const kept = detached(rumor);
    const message: StoredMessage = {
      origin,
      destination: decodeUtf8(kept.destination) ?? '',
      rumor: kept,
      hash,
      arrival: this.store.lastArrival() + 1,
      seenAt: now,
      from,
    };
    this.store.put(message);
    this.status.changed(origin, rumor.id);
    if (rumor.id === 0) this.keys.forget(origin);
    effects.push(replaced === undefined ? { type: 'stored', message } : { type: 'stored', message, replaced });
    for (const range of this.quota.added(message, previous)) effects.push({ type: 'pruned', ...range });
    const kind = messageKind(rumor);
    const concernsUs = this.identities.has(origin) || this.identities.has(message.destination);
    if (kind !== 'private' || concernsUs) effects.push({ type: 'deliver', kind, message });
    return message;
  }

  /** Whether exactly this message is stored: then its signature was verified when it came first. */
  private isStored(rumor: Rumor, origin: string, hash: Uint8Array): boolean {
    const stored = this.store.get(origin, rumor.id);
    return (
      stored !== undefined &&
      equalBytes(stored.hash, hash) &&
      stored.rumor.destination.length === rumor.destination.length &&
      stored.rumor.content.length === rumor.content.length
    );
  }

  private keyOf(origin: string): RsaPublicKey | undefined {
    const own = this.identities.get(origin);
    if (own !== undefined) return this.store.nextId(origin) > 0 ? own.publicKey : undefined;
    return this.keys.get(origin);
  }

  /** PEERSTER-30: every valid rumor is answered with a status, within the limits of PEERSTER-35. */
  private answer(origin: string, extended: boolean, from: string, now: number, effects: Effects): void {
    const single = this.extensions && (extended || this.peerTable.isExtended(from));
    const bytes = single ? encodePacket(this.status.single(origin)) : this.status.packet();
    const refuse = (code: 'no-answer' | 'status-too-long', detail: string) =>
      effects.push({ type: 'dropped', from, code, detail });
    if (bytes === undefined) refuse('status-too-long', 'the status exceeds a datagram');
    else if (!this.peerTable.has(from)) {
      if (bytes.length > this.limits.statusBytes) refuse('status-too-long', 'a stranger gets no status of this size');
      else if (this.strangers.count(this.groupOf(from), now) > 1)
        refuse('no-answer', 'a stranger was answered just now');
      else effects.push({ type: 'send', to: from, bytes });
    } else if (!this.peerTable.draw(from, bytes.length, now)) refuse('no-answer', 'the peer has drawn too much');
    else effects.push({ type: 'send', to: from, bytes });
  }

  /** PEERSTER-31: a status ends the oldest rumour that waits for it, or is anti-entropy (PEERSTER-33). */
  private handleStatus(
    status: readonly StatusEntry[],
    range: StatusRange | undefined,
    from: string,
    now: number,
    effects: Effects,
  ): void {
    const part = this.extensions ? range : undefined;
    const comparison = compareClocks(this.status, status, part);
    const { lacking, compared } = comparison;
    if (lacking.length === 0 && compared > this.limits.suspectPushes) this.peerTable.markComplete(from, now);
    const wait = this.waits.claim(from, (origin) => rangeCovers(part, origin));
    if (wait !== undefined && comparison.equal) this.flip(wait.origin, wait.id, from, now, effects);
    else this.synchronise(comparison, from, now, effects);
    if (this.extensions && this.repair) this.startProbes(comparison, from, now, effects);
  }

  /** PEERSTER-33: one message for each origin of which the peer lacks any. */
  private synchronise(comparison: ClockComparison, from: string, now: number, effects: Effects): void {
    const { lacking } = comparison;
    const cap = this.profile === 'strict' ? this.peerTable.pushesFor(from, now) : this.limits.pushesPerStatus;
    const count = Math.min(lacking.length, cap);
    // Where not all fit, a random start gives every origin its turn.
    const start = count < lacking.length ? randomBelow(lacking.length, this.random) : 0;
    for (let index = 0; index < count; index += 1) {
      const { origin, nextId } = lacking[(start + index) % lacking.length]!;
      if (!this.push(origin, nextId, from, now, effects)) return;
    }
  }

  /** Sends one stored message as an answer (PEERSTER-35); false where the peer's allowance is used up. */
  private push(origin: string, id: number, to: string, now: number, effects: Effects): boolean {
    const message = this.store.get(origin, id);
    if (message === undefined) return true;
    if (this.profile === 'strict' && !this.pushes.allows(`${to} ${message.arrival}`, now)) return true;
    const bytes = encodePacket({ rumor: message.rumor });
    if (!this.peerTable.draw(to, bytes.length, now)) return false;
    effects.push({ type: 'send', to, bytes });
    return true;
  }

  /** PEERSTER-31, step 1: to one random peer, not the one that the message came from. */
  private spread(origin: string, id: number, excluded: string | undefined, now: number, effects: Effects): void {
    const message = this.store.get(origin, id);
    const peer = this.peerTable.pick(this.random, excluded);
    if (message === undefined || peer === undefined) return;
    effects.push({ type: 'send', to: peer, bytes: encodePacket({ rumor: message.rumor }) });
    this.waits.add({ peer, origin, id, deadline: now + this.limits.rumourWaitMs });
  }

  /** PEERSTER-31, step 3: heads goes on to another peer than the last, tails ends. */
  private flip(origin: string, id: number, last: string, now: number, effects: Effects): void {
    if (flipCoin(this.random)) this.spread(origin, id, last, now, effects);
  }

  /** PEERSTER-34. */
  private antiEntropy(effects: Effects): void {
    const peer = this.peerTable.pick(this.random);
    if (peer === undefined) return;
    if (this.extensions && this.peerTable.isExtended(peer)) {
      for (const bytes of this.status.round()) effects.push({ type: 'send', to: peer, bytes });
      return;
    }
    const bytes = this.status.packet();
    if (bytes !== undefined) effects.push({ type: 'send', to: peer, bytes });
    else {
      effects.push({ type: 'dropped', from: peer, code: 'status-too-long', detail: 'the status exceeds a datagram' });
      if (this.extensions) effects.push({ type: 'send', to: peer, bytes: encodePacket({ probe: this.greeting() }) });
    }
  }

  /** Asks for one origin's status: whoever answers knows parts (PEERSTER-38). */
  private greeting(): Probe {
    return questionOf(nameBytes(this.store.origins()[0]!));
  }

  /** PEERSTER-36: a stored message at random, our own first after a start, to one peer, without a wait. */
  private repeatRumour(effects: Effects): void {
    const peer = this.peerTable.pick(this.random);
    if (peer === undefined) return;
    const own = this.ownToRepeat.shift();
    const message = own === undefined ? this.anyMessage() : this.store.get(own.origin, own.id);
    if (message !== undefined) effects.push({ type: 'send', to: peer, bytes: encodePacket({ rumor: message.rumor }) });
  }

  private anyMessage(): StoredMessage | undefined {
    const origins = this.store.origins();
    const total = origins.reduce((sum, origin) => sum + this.store.nextId(origin), 0);
    if (total === 0) return undefined;
    let rest = randomBelow(total, this.random);
    for (const origin of origins) {
      const nextId = this.store.nextId(origin);
      if (rest < nextId) return this.store.get(origin, rest);
      rest -= nextId;
    }
    return undefined;
  }

  /** PEERSTER-38: the first probe, or the message itself where there is only one. */
  private startProbes({ differing }: ClockComparison, from: string, now: number, effects: Effects): void {
    const count = Math.min(differing.length, this.limits.probesPerStatus);
    const start = count < differing.length ? randomBelow(differing.length, this.random) : 0;
    for (let index = 0; index < count; index += 1) {
      const { origin, length } = differing[(start + index) % differing.length]!;
      this.probe(origin, { from: 0, to: length }, from, now, effects);
    }
  }

  private handleProbe(probe: Probe, from: string, now: number, effects: Effects): void {
    if (!isName(probe.origin)) return;
    const origin = nameText(probe.origin);
    if (probe.to === 0) {
      const bytes = encodePacket(this.status.single(origin));
      if (this.peerTable.draw(from, bytes.length, now)) effects.push({ type: 'send', to: from, bytes });
      return;
    }
    if (this.store.nextId(origin) < probe.to) return;
    const ours = this.status.digest(origin, probeMiddle(probe));
    if (ours === undefined) return;
    const interval = probe.to - probe.from === 1 ? probe : narrowProbe(probe, equalBytes(ours, probe.digest));
    this.probe(origin, interval, from, now, effects);
  }

  private probe(
    origin: string,
    { from, to }: { readonly from: number; readonly to: number },
    peer: string,
    now: number,
    effects: Effects,
  ): void {
    if (to - from === 1) {
      this.push(origin, from, peer, now, effects);
      return;
    }
    const digest = this.status.digest(origin, probeMiddle({ from, to }));
    if (digest === undefined) return;
    const bytes = encodePacket({ probe: { origin: nameBytes(origin), from, to, digest } });
    if (this.peerTable.draw(peer, bytes.length, now)) effects.push({ type: 'send', to: peer, bytes });
  }
}

/** A copy of a rumor that does not keep its datagram alive and does not change with it. */
function detached(rumor: Rumor): Rumor {
  return {
    origin: rumor.origin.slice(),
    destination: rumor.destination.slice(),
    id: rumor.id,
    content: rumor.content.slice(),
    signature: rumor.signature.slice(),
    nonce: rumor.nonce.slice(),
  };
}

/** The next turn of something periodic; turns that were missed are not made up for. */
function nextTurn(due: number, periodMs: number, now: number): number {
  return due + periodMs > now ? due + periodMs : now + periodMs;
}

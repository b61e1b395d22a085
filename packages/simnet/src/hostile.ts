import type { Address } from './address.ts';
import type { NodeEnv, SimNode } from './node.ts';
import { whole } from './whole.ts';

/** A datagram that a hostile node sends. */
export interface Letter {
  /** Where to. */
  readonly to: Address;
  /** What. */
  readonly bytes: Uint8Array;
  /** How much later; at once unless given. */
  readonly delayMs?: number;
  /** Sender to pretend; none unless given. */
  readonly from?: Address;
}

/**
 * One way of misbehaving. Several on one node work one after the other, in the order given, for what is sent as for what is
 * received. Random choices take `env.random`, which the engine inside does not share.
 */
export interface Misbehaviour {
  /** What becomes of a datagram that the engine wants to send: nothing, itself, others. */
  readonly send?: (letter: Letter, env: NodeEnv) => readonly Letter[];
  /** What the engine gets to see of a datagram. */
  readonly receive?: (bytes: Uint8Array, from: Address, env: NodeEnv) => readonly Uint8Array[];
  /** What is sent every `everyMs` without being asked. */
  readonly flood?: { readonly everyMs: number; readonly letters: (env: NodeEnv) => readonly Letter[] };
}

/** A node that misbehaves, with the honest engine inside. */
export interface HostileNode<N extends SimNode> extends SimNode {
  /** The engine whose datagrams are tampered with. */
  readonly inner: N;
}

/** Puts a misbehaving shell around an engine; only datagrams are touched, streams pass as they are. */
export function misbehave<N extends SimNode>(
  start: (env: NodeEnv) => N,
  ...behaviours: readonly Misbehaviour[]
): (env: NodeEnv) => HostileNode<N> {
  return (env) => new Shell(env, start, behaviours);
}

/** Swallows each datagram with this chance (0 … 1), in both directions. */
export function dropping(chance: number): Misbehaviour {
  return {
    send: (letter, env) => (env.random.chance(chance) ? [] : [letter]),
    receive: (bytes, _from, env) => (env.random.chance(chance) ? [] : [bytes]),
  };
}

/** Sends everything later, by a uniform time between two bounds, whole ms. */
export function delaying(minMs: number, maxMs: number): Misbehaviour {
  whole('maxMs', maxMs, whole('minMs', minMs, 0));
  return { send: (letter, env) => [{ ...letter, delayMs: (letter.delayMs ?? 0) + env.random.between(minMs, maxMs) }] };
}

/** Sends everything under another sender. */
export function forging(sender: (env: NodeEnv) => Address): Misbehaviour {
  return { send: (letter, env) => [{ ...letter, from: sender(env) }] };
}

/** Sends something else than the engine meant; `rewrite` gets bytes of its own. */
export function lying(rewrite: (bytes: Uint8Array, env: NodeEnv) => Uint8Array): Misbehaviour {
  return { send: (letter, env) => [{ ...letter, bytes: rewrite(new Uint8Array(letter.bytes), env) }] };
}

/** Sends letters every so many ms without being asked. */
export function flooding(everyMs: number, letters: (env: NodeEnv) => readonly Letter[]): Misbehaviour {
  return { flood: { everyMs: whole('everyMs', everyMs, 1), letters } };
}

interface Timed {
  readonly at: number;
  readonly letter: Letter;
}

class Shell<N extends SimNode> implements HostileNode<N> {
  readonly inner: N;
  readonly opened?: NonNullable<SimNode['opened']>;
  private readonly env: NodeEnv;
  private readonly behaviours: readonly Misbehaviour[];
  private delayed: readonly Timed[] = [];
  private readonly floodAt: number[] = [];

  constructor(env: NodeEnv, start: (env: NodeEnv) => N, behaviours: readonly Misbehaviour[]) {
    this.env = env;
    this.behaviours = behaviours;
    for (const { flood } of behaviours)
      this.floodAt.push(flood === undefined ? Number.POSITIVE_INFINITY : env.now + flood.everyMs);
    // The engine's environment is this one but for sending; what it draws is its own.
    const own: NodeEnv = Object.create(env, {
      send: { value: (to: Address, bytes: Uint8Array) => this.sendAll(to, bytes) },
    });
    this.inner = start(own);
    const opened = this.inner.opened?.bind(this.inner);
    if (opened !== undefined) this.opened = opened;
  }

  receive(bytes: Uint8Array, from: Address, now: number, to: Address): void {
    let seen: readonly Uint8Array[] = [bytes];
    for (const { receive } of this.behaviours) {
      if (receive !== undefined) seen = seen.flatMap((one) => [...receive(one, from, this.env)]);
    }
    for (const one of seen) this.inner.receive?.(one, from, now, to);
  }

  tick(now: number): void {
    const due = this.delayed.filter(({ at }) => at <= now);
    this.delayed = this.delayed.filter(({ at }) => at > now);
    for (const { letter } of due) this.post(letter);
    for (const [index, { flood }] of this.behaviours.entries()) {
      if (flood === undefined || now < (this.floodAt[index] as number)) continue;
      this.floodAt[index] = now + flood.everyMs;
      for (const letter of flood.letters(this.env)) this.post(letter);
    }
    this.inner.tick?.(now);
  }

  nextDeadline(): number | undefined {
    let next = this.inner.nextDeadline?.() ?? Number.POSITIVE_INFINITY;
    for (const { at } of this.delayed) next = Math.min(next, at);
    for (const at of this.floodAt) next = Math.min(next, at);
    return next === Number.POSITIVE_INFINITY ? undefined : next;
  }

  data(stream: number, bytes: Uint8Array, now: number): void {
    this.inner.data?.(stream, bytes, now);
  }

  closed(stream: number, reason: Parameters<NonNullable<SimNode['closed']>>[1], now: number): void {
    this.inner.closed?.(stream, reason, now);
  }

  moved(address: Address, now: number): void {
    this.inner.moved?.(address, now);
  }

  leave(now: number): void {
    this.inner.leave?.(now);
  }

  private sendAll(to: Address, bytes: Uint8Array): void {
    let letters: readonly Letter[] = [{ to, bytes }];
    for (const { send } of this.behaviours) {
      if (send !== undefined) letters = letters.flatMap((letter) => [...send(letter, this.env)]);
    }
    for (const letter of letters) this.post(letter);
  }

  private post(letter: Letter): void {
    const { to, bytes, delayMs = 0, from } = letter;
    if (delayMs > 0) {
      const { delayMs: _, ...rest } = letter;
      this.delayed = [
        ...this.delayed,
        { at: this.env.now + delayMs, letter: { ...rest, bytes: new Uint8Array(bytes) } },
      ];
    } else if (from === undefined) this.env.send(to, bytes);
    else this.env.forge(from, to, bytes);
  }
}

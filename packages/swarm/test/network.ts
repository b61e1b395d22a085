import { type Address, formatAddress, type NodeEnv, parseAddress, portOf, type SimNode } from '@rookery/simnet';
import { memoryPieces, Swarm, type SwarmEffect, type SwarmOptions } from '../src/index.ts';
import { forgedPost, post, WORLD } from './author.ts';
import { backend, frames, handshakeOf, idOf } from './harness.ts';

const DIAL_MS = 5_000;
const MOST_DIALLED = 8;
const PIECE = 'piece ';

/** A member of a swarm on a node of the simulator: engine, streams, and a store that outlives a crash. */
export class SwarmNode implements SimNode {
  readonly swarm: Swarm;
  readonly effects: SwarmEffect[] = [];
  readonly #env: NodeEnv;
  readonly #known: Address[];
  /** Names of connections by stream, and the other way round. */
  readonly #names = new Map<number, string>();
  readonly #streams = new Map<string, number>();
  readonly #dialled = new Map<number, Address>();
  #nextDial: number;

  constructor(env: NodeEnv, known: readonly number[], options: Partial<SwarmOptions> = {}) {
    this.#env = env;
    this.#known = known.map((node) => env.addressOf(node));
    this.#nextDial = env.now;
    const pieces = env.storedKeys().flatMap((key) => {
      const bytes = key.startsWith(PIECE) ? env.stored(key) : undefined;
      return bytes === undefined ? [] : [[Number(key.slice(PIECE.length)), bytes] as const];
    });
    this.swarm = new Swarm({
      ...WORLD,
      // A new id at every start, as deployed nodes draw one.
      peerId: idOf(256 * env.incarnation + env.node + 1),
      random: (length) => env.random.bytes(length),
      backend,
      port: portOf(env.address),
      pieces: memoryPieces(pieces),
      ...options,
    });
  }

  publish(k: number, now: number): void {
    this.#do(this.swarm.publish(k, post(k), now));
  }

  opened(stream: number, remote: Address, now: number, inbound: boolean): void {
    const name = `${formatAddress(remote)} ${stream}`;
    this.#names.set(stream, name);
    this.#streams.set(name, stream);
    const [ip = '', port = ''] = formatAddress(remote).split(':');
    this.#do(this.swarm.connect(name, { outgoing: !inbound, ip, port: Number(port) }, now));
  }

  data(stream: number, bytes: Uint8Array, now: number): void {
    const name = this.#names.get(stream);
    if (name !== undefined) this.#do(this.swarm.receive(name, bytes, now));
  }

  closed(stream: number, _reason: unknown, now: number): void {
    this.#dialled.delete(stream);
    const name = this.#names.get(stream);
    if (name === undefined) return;
    this.#forget(stream, name);
    this.#do(this.swarm.disconnect(name, now));
  }

  tick(now: number): void {
    this.#do(this.swarm.tick(now));
    if (now < this.#nextDial) return;
    this.#nextDial = now + DIAL_MS;
    const untried = this.#known.filter((address) => ![...this.#dialled.values()].includes(address));
    if (this.#dialled.size >= MOST_DIALLED || untried.length === 0) return;
    const address = untried[this.#env.random.below(untried.length)]!;
    this.#dialled.set(this.#env.connect(address), address);
  }

  nextDeadline(): number {
    return Math.min(this.#nextDial, this.swarm.nextDeadline() ?? Number.POSITIVE_INFINITY);
  }

  #do(effects: readonly SwarmEffect[]): void {
    for (const effect of effects) {
      if (effect.type === 'send') {
        const stream = this.#streams.get(effect.peer);
        if (stream !== undefined) this.#env.write(stream, effect.bytes);
        continue;
      }
      this.effects.push(effect);
      if (effect.type === 'piece') this.#env.store(`${PIECE}${effect.k}`, effect.bytes);
      if (effect.type === 'peers') this.#learn(effect.items);
      if (effect.type === 'close') {
        const stream = this.#streams.get(effect.peer);
        if (stream === undefined) continue;
        this.#forget(stream, effect.peer);
        this.#dialled.delete(stream);
        this.#env.close(stream);
      }
    }
  }

  #learn(items: readonly { readonly ip: string; readonly port: number }[]): void {
    for (const { ip, port } of items) {
      const address = parseAddress(`${ip}:${port}`);
      if (address !== undefined && address !== this.#env.address && !this.#known.includes(address))
        this.#known.push(address);
    }
  }

  #forget(stream: number, name: string): void {
    this.#names.delete(stream);
    this.#streams.delete(name);
  }
}

/** A peer that claims to have everything, and answers with posts that it forged, with other posts, or not at all. */
export class LyingNode implements SimNode {
  readonly #env: NodeEnv;
  readonly #known: readonly number[];
  #next: number;

  constructor(env: NodeEnv, known: readonly number[]) {
    this.#env = env;
    this.#known = known;
    this.#next = env.now;
  }

  opened(stream: number): void {
    const bitfield = new Uint8Array(8).fill(255);
    this.#env.write(stream, handshakeOf(WORLD.user, idOf(60_000 + this.#env.random.below(5_000))));
    this.#env.write(stream, frames({ id: 5, name: 'bitfield', bitfield }, { id: 1, name: 'unchoke' }));
  }

  data(stream: number, bytes: Uint8Array): void {
    // Any request for any piece looks like this at the start of a segment; what is missed is left unanswered.
    for (let at = 0; at + 9 <= bytes.length; at += 1) {
      if (bytes[at + 3] !== 13 || bytes[at + 4] !== 6) continue;
      const piece = bytes[at + 8]!;
      const luck = this.#env.random.below(3);
      if (luck === 2) continue;
      const data = luck === 0 ? forgedPost(piece) : post(piece + 1);
      this.#env.write(stream, frames({ id: 7, name: 'piece', piece, begin: 0, data }));
    }
  }

  closed(): void {}

  tick(now: number): void {
    if (now < this.#next) return;
    this.#next = now + 3_000;
    this.#env.connect(this.#env.addressOf(this.#known[this.#env.random.below(this.#known.length)]!));
  }

  nextDeadline(): number {
    return this.#next;
  }
}

/** The host of a connection, for groups of bans. */
export function hostName(peer: string): string {
  return peer.split(':')[0]!;
}

import type { Swarm, SwarmEffect } from '../src/index.ts';
import { join } from './harness.ts';

/** One direction of a connection. */
interface Pipe {
  waiting: Uint8Array[];
  /** The writer has ended the connection; what waits still comes. */
  ended: boolean;
  /** The reader wants no more. */
  deaf: boolean;
}

/** A connection between two engines; side 0 has opened it. */
export interface Connection {
  readonly name: string;
  readonly engines: readonly [number, number];
  /** What each side is to read. */
  readonly pipes: readonly [Pipe, Pipe];
}

/** Engines and the bytes between them, delivered when and as far as a test says. */
export class Net {
  readonly engines: Swarm[] = [];
  /** All effects but sends, by engine. */
  readonly happened: SwarmEffect[][] = [];
  readonly #connections = new Map<string, Connection>();
  #made = 0;

  add(engine: Swarm): number {
    this.happened.push([]);
    return this.engines.push(engine) - 1;
  }

  get connections(): Connection[] {
    return [...this.#connections.values()];
  }

  connect(from: number, to: number, now: number): Connection {
    const pipe = (): Pipe => ({ waiting: [], ended: false, deaf: false });
    const connection: Connection = { name: `c${this.#made++}`, engines: [from, to], pipes: [pipe(), pipe()] };
    this.#connections.set(connection.name, connection);
    const name = this.#nameOf(connection, 0);
    this.apply(from, this.engines[from]!.connect(name, { outgoing: true }, now));
    this.apply(to, this.engines[to]!.connect(this.#nameOf(connection, 1), { outgoing: false }, now));
    return connection;
  }

  /** Does what an engine wants done. */
  apply(engine: number, effects: readonly SwarmEffect[]): void {
    for (const effect of effects) {
      if (effect.type !== 'send') this.happened[engine]!.push(effect);
      if (effect.type !== 'send' && effect.type !== 'close') continue;
      const [id = '', side = ''] = effect.peer.split('/');
      const connection = this.#connections.get(id);
      if (connection === undefined) continue;
      const own = connection.pipes[side === '0' ? 0 : 1];
      const other = connection.pipes[side === '0' ? 1 : 0];
      if (effect.type === 'send') {
        if (!other.deaf && !other.ended) other.waiting.push(effect.bytes);
      } else {
        own.deaf = true;
        own.waiting = [];
        other.ended = true;
        this.#forgetIfOver(connection);
      }
    }
  }

  /** Delivers up to so many bytes to one side. */
  deliver(connection: Connection, side: 0 | 1, most: number, now: number): void {
    const pipe = connection.pipes[side];
    const engine = connection.engines[side];
    const name = this.#nameOf(connection, side);
    const queue = join(...pipe.waiting.splice(0));
    if (most < queue.length) pipe.waiting.push(queue.slice(most));
    if (queue.length > 0) this.apply(engine, this.engines[engine]!.receive(name, queue.slice(0, most), now));
    if (pipe.ended && !pipe.deaf && pipe.waiting.length === 0) {
      pipe.deaf = true;
      this.apply(engine, this.engines[engine]!.disconnect(name, now));
      connection.pipes[side === 0 ? 1 : 0].ended = true;
      this.#forgetIfOver(connection);
    }
  }

  /** Cuts a connection; what waits is lost. */
  cut(connection: Connection, now: number): void {
    this.#connections.delete(connection.name);
    for (const side of [0, 1] as const) {
      const engine = connection.engines[side];
      if (!connection.pipes[side].deaf) {
        this.apply(engine, this.engines[engine]!.disconnect(this.#nameOf(connection, side), now));
      }
    }
  }

  /** Delivers everything there is, and what comes of it, until nobody has anything to say. */
  settle(now: number): void {
    for (let busy = true; busy; ) {
      busy = false;
      for (const connection of this.connections) {
        for (const side of [0, 1] as const) {
          const pipe = connection.pipes[side];
          if (pipe.waiting.length === 0 && (!pipe.ended || pipe.deaf)) continue;
          busy = true;
          this.deliver(connection, side, Number.POSITIVE_INFINITY, now);
        }
      }
    }
  }

  /** Lets time pass until `now`, each engine ticking when it wants to, everything delivered at once. */
  pass(from: number, now: number): void {
    for (let at = from; ; ) {
      this.settle(at);
      const due = Math.min(...this.engines.map((engine) => engine.nextDeadline() ?? Number.POSITIVE_INFINITY));
      if (due > now) return;
      at = Math.max(at, due);
      for (const [index, engine] of this.engines.entries()) {
        const deadline = engine.nextDeadline();
        if (deadline !== undefined && deadline <= at) this.apply(index, engine.tick(at));
      }
    }
  }

  #nameOf(connection: Connection, side: 0 | 1): string {
    return `${connection.name}/${side}`;
  }

  #forgetIfOver({ name, pipes }: Connection): void {
    if (pipes.every(({ deaf }) => deaf)) this.#connections.delete(name);
  }
}

import { connect, type Socket } from 'node:net';
import type { Swarm, SwarmEffect } from '@rookery/swarm';
import { Alarm } from '../alarm.ts';
import { plainBytes } from '../bytes.ts';
import { type Endpoint, formatEndpoint } from '../endpoint.ts';
import type { Logger } from '../log.ts';
import type { Traffic } from '../meter.ts';
import { Candidates } from './candidates.ts';

/** What a membership tells. */
export interface MembershipEvents {
  piece(effect: SwarmEffect & { readonly type: 'piece' }): void;
  /** A member has a node of the DHT there. */
  contact(endpoint: Endpoint): void;
}

interface Link {
  readonly socket: Socket;
  readonly endpoint: Endpoint;
  readonly outgoing: boolean;
}

const CONNECT_MS = 5000;
const WANTED = 8;

/** This node's part in one swarm: the engine with its connections. */
export class Membership {
  readonly swarm: Swarm;
  readonly candidates: Candidates = new Candidates();
  readonly #user: string;
  readonly #events: MembershipEvents;
  readonly #log: Logger;
  readonly #traffic: Traffic;
  readonly #links = new Map<string, Link>();
  readonly #alarm: Alarm;

  constructor(user: string, swarm: Swarm, events: MembershipEvents, traffic: Traffic, log: Logger) {
    this.swarm = swarm;
    this.#user = user;
    this.#events = events;
    this.#traffic = traffic;
    this.#log = log;
    this.#alarm = new Alarm(() => this.apply(this.swarm.tick(Date.now())));
  }

  /** How many connections there are. */
  get size(): number {
    return this.#links.size;
  }

  /** Connected members to which others can connect as well. */
  reachable(): Endpoint[] {
    return this.swarm
      .members()
      .flatMap(({ ip, port }) => (ip === undefined || port === undefined ? [] : [{ ip, port }]));
  }

  /** How many members are known, connected or not. */
  get known(): number {
    const names = new Set(this.candidates.names());
    for (const { ip, peer, port } of this.swarm.members())
      names.add(ip === undefined || port === undefined ? peer : formatEndpoint({ ip, port }));
    return names.size;
  }

  /** Connects to one more member, where there are few connections. */
  dialNext(): void {
    if (this.#links.size >= WANTED) return;
    const endpoint = this.candidates.take(Date.now(), (name) => this.#links.has(name));
    if (endpoint === undefined) return;
    const socket = connect({ host: endpoint.ip, port: endpoint.port, noDelay: true });
    const timer = setTimeout(() => socket.destroy(), CONNECT_MS);
    socket.once('close', () => clearTimeout(timer));
    socket.once('connect', () => {
      clearTimeout(timer);
      this.#open(socket, endpoint, true);
    });
    socket.on('error', () => socket.destroy());
  }

  /** Takes a connection that came in, with what has been read of it. */
  accept(socket: Socket, endpoint: Endpoint, head: Uint8Array): void {
    this.#open(socket, endpoint, false);
    this.#receive(formatEndpoint(endpoint), head);
  }

  /** Does what the engine wants. */
  apply(effects: readonly SwarmEffect[]): void {
    for (const effect of effects) this.#applyOne(effect);
    this.#alarm.set(this.swarm.nextDeadline());
  }

  closeAll(): void {
    for (const { socket } of this.#links.values()) socket.destroy();
  }

  stop(): void {
    this.#alarm.stop();
    this.closeAll();
  }

  #open(socket: Socket, endpoint: Endpoint, outgoing: boolean): void {
    const name = formatEndpoint(endpoint);
    if (this.#links.has(name)) return void socket.destroy();
    this.#links.set(name, { socket, endpoint, outgoing });
    socket.on('data', (bytes) => this.#receive(name, plainBytes(bytes)));
    socket.on('drain', () => this.apply(this.swarm.resume(name, Date.now())));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.#links.delete(name);
      this.apply(this.swarm.disconnect(name, Date.now()));
    });
    const { ip, port } = endpoint;
    this.apply(this.swarm.connect(name, { outgoing, ip, ...(outgoing ? { port } : {}) }, Date.now()));
  }

  #receive(name: string, bytes: Uint8Array): void {
    this.#traffic.received.add(bytes.length);
    this.apply(this.swarm.receive(name, bytes, Date.now()));
  }

  #applyOne(effect: SwarmEffect): void {
    switch (effect.type) {
      case 'send': {
        const socket = this.#links.get(effect.peer)?.socket;
        this.#traffic.sent.add(effect.bytes.length);
        if (socket?.write(effect.bytes) === false) this.swarm.pause(effect.peer);
        return;
      }
      case 'piece':
        if (effect.peer !== undefined) this.candidates.succeeded(effect.peer);
        this.#events.piece(effect);
        return;
      case 'equivocation':
        this.#log.warn({ user: this.#user, k: effect.k }, 'a user has signed two posts with one number');
        return;
      case 'refused':
        this.#log.debug({ user: this.#user, k: effect.k, code: effect.code }, 'a post was not taken');
        return;
      case 'ban':
        this.candidates.exclude(effect.peer);
        this.#log.info({ user: this.#user, peer: effect.peer, code: effect.code }, 'a swarm peer was banned');
        return;
      case 'close':
        if (effect.code === 'self-connection') this.candidates.exclude(effect.peer);
        this.#log.debug({ user: this.#user, peer: effect.peer, code: effect.code }, 'a swarm peer was sent away');
        this.#links.get(effect.peer)?.socket.destroySoon();
        return;
      case 'peers':
        for (const endpoint of effect.items) this.candidates.add(endpoint);
        return;
      case 'dht-port': {
        const link = this.#links.get(effect.peer);
        if (link?.outgoing === true) this.candidates.succeeded(effect.peer);
        if (link !== undefined) this.#events.contact({ ip: link.endpoint.ip, port: effect.port });
        return;
      }
    }
  }
}

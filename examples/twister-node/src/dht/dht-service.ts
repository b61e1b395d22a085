import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:dgram';
import { type DhtEffect, DhtNode, type DhtStore, type SignedValue } from '@rookery/dht';
import type { CurveBackend, UserDirectory } from '@rookery/keys';
import { Alarm } from '../alarm.ts';
import { plainBytes } from '../bytes.ts';
import { type Endpoint, plainIp } from '../endpoint.ts';
import type { Logger } from '../log.ts';
import { newTraffic, type Traffic } from '../meter.ts';
import type { NodeOptions } from '../options.ts';
import type { Store } from '../store/store.ts';

/** What somebody who started a search wants to hear. */
export interface SearchEvents {
  values?(entries: readonly SignedValue[]): void;
  peers?(peers: readonly Endpoint[]): void;
  /** Over; `acknowledged` is how many nodes took what was put. */
  done?(acknowledged: number): void;
}

/** What a DHT service is made of. */
export interface DhtServiceOptions {
  readonly options: NodeOptions;
  readonly users: UserDirectory;
  readonly tip: number;
  readonly backend: CurveBackend;
  readonly values: DhtStore;
  readonly store: Store;
  readonly log: Logger;
  readonly socket: Socket;
  readonly port: number;
  /** Whether this node takes part in the swarm of a user. */
  readonly isInSwarm: (user: string) => boolean;
  /** Other nodes say that this is the own address. */
  readonly onExternalAddress: (ip: string) => void;
  /** It should, because it is near the target of the swarm. */
  readonly onJoinSwarm: (user: string) => void;
}

const UNKNOWN_ADDRESS = '0.0.0.0';
const CONTACTS = 'contacts';
const MOST_SAVED = 100;
const SAVE_MS = 600_000;

/** The DHT: the engine and its UDP socket. */
export class DhtService {
  readonly traffic: Traffic = newTraffic();
  readonly #node: DhtNode;
  readonly #socket: Socket;
  readonly #store: Store;
  readonly #log: Logger;
  readonly #alarm: Alarm;
  readonly #saver: NodeJS.Timeout;
  readonly #searches = new Map<number, SearchEvents>();
  readonly #onExternalAddress: (ip: string) => void;
  readonly #onJoinSwarm: (user: string) => void;
  readonly #isAddressFixed: boolean;
  readonly #port: number;

  constructor(given: DhtServiceOptions) {
    const { options, users, tip, backend, values, store, log, socket, port } = given;
    this.#socket = socket;
    this.#store = store;
    this.#log = log;
    this.#port = port;
    this.#isAddressFixed = options.externalIp !== undefined;
    this.#onExternalAddress = given.onExternalAddress;
    this.#onJoinSwarm = given.onJoinSwarm;
    this.#node = new DhtNode({
      address: { ip: options.externalIp ?? options.bind ?? UNKNOWN_ADDRESS, port },
      users,
      tip,
      random: (length) => new Uint8Array(randomBytes(length)),
      backend,
      store: values,
      isInSwarm: given.isInSwarm,
      verifyNodeIds: options.network !== 'dev',
    });
    this.#alarm = new Alarm(() => this.#apply(this.#node.tick(Date.now())));
    this.#saver = setInterval(() => this.#saveContacts(), SAVE_MS);
    socket.on('message', (datagram, { address, port: from }) => {
      this.traffic.received.add(datagram.length);
      const effects = this.#node.receive(plainBytes(datagram), { ip: plainIp(address), port: from }, Date.now());
      this.#apply(effects);
    });
    // What one datagram met, such as an unreachable host, says nothing about the next.
    socket.on('error', (error) => log.debug({ err: error }, 'the DHT socket had an error'));
    for (const contact of [...options.dhtNodes, ...this.#savedContacts()]) this.addContact(contact);
  }

  /** How many nodes are known, and how many values are held. */
  get counts(): { readonly contacts: number; readonly values: number; readonly peers: number } {
    return this.#node.counts;
  }

  addContact(contact: Endpoint): void {
    this.#apply(this.#node.addContact(contact, Date.now()));
  }

  /** Searches values; returns what ends the interest in them. */
  get(n: Uint8Array, r: string, t: 's' | 'm', events: SearchEvents): () => void {
    return this.#start(this.#node.get(n, r, t, Date.now()), events);
  }

  put(entry: SignedValue): void {
    this.#start(this.#node.put(entry, Date.now()), {});
  }

  /** Announces this node as a member of a user's swarm, and finds others. */
  announce(user: string, port: number, events: SearchEvents): void {
    this.#start(this.#node.announce(user, port, Date.now()), events);
  }

  /** Tells who is in a swarm that this node takes part in, and how many members it knows; 0 once it has left. */
  trackPeers(user: string, peers: readonly Endpoint[], known: number): void {
    this.#node.trackPeers(user, peers, known, Date.now());
  }

  setTip(height: number): void {
    this.#apply(this.#node.setTip(height, Date.now()));
  }

  stop(): void {
    clearInterval(this.#saver);
    this.#alarm.stop();
    this.#saveContacts();
    this.#socket.removeAllListeners('message');
    this.#socket.close();
  }

  #start({ handle, effects }: ReturnType<DhtNode['put']>, events: SearchEvents): () => void {
    this.#searches.set(handle, events);
    this.#apply(effects);
    return () => this.#searches.delete(handle);
  }

  #apply(effects: readonly DhtEffect[]): void {
    for (const effect of effects) this.#applyOne(effect);
    this.#alarm.set(this.#node.nextDeadline());
  }

  #applyOne(effect: DhtEffect): void {
    switch (effect.type) {
      case 'send':
        this.traffic.sent.add(effect.bytes.length);
        this.#socket.send(effect.bytes, effect.to.port, effect.to.ip, () => {});
        return;
      case 'value':
        this.#searches.get(effect.handle)?.values?.(effect.entries);
        return;
      case 'peers':
        this.#searches.get(effect.handle)?.peers?.(effect.peers);
        return;
      case 'done': {
        const events = this.#searches.get(effect.handle);
        this.#searches.delete(effect.handle);
        events?.done?.(effect.acknowledged);
        return;
      }
      case 'external-address':
        if (this.#isAddressFixed) return;
        this.#log.info({ ip: effect.ip }, 'other nodes say that this is our address');
        this.#apply(this.#node.setAddress({ ip: effect.ip, port: this.#port }, Date.now()));
        this.#onExternalAddress(effect.ip);
        return;
      case 'join-swarm':
        this.#onJoinSwarm(effect.user);
        return;
      case 'dropped':
        this.#log.debug({ code: effect.code }, 'a value of the DHT was not taken');
        return;
      case 'ignored':
        this.#log.trace({ from: effect.from, code: effect.code }, 'a packet of the DHT was not answered');
        return;
    }
  }

  #savedContacts(): Endpoint[] {
    const record = this.#store.get(CONTACTS);
    return record === undefined ? [] : (JSON.parse(Buffer.from(record).toString('utf8')) as Endpoint[]);
  }

  #saveContacts(): void {
    const contacts = this.#node.contacts().slice(0, MOST_SAVED);
    if (contacts.length > 0) this.#store.put(CONTACTS, new Uint8Array(Buffer.from(JSON.stringify(contacts), 'utf8')));
  }
}

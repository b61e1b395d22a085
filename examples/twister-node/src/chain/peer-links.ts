import { connect, type Server, type Socket } from 'node:net';
import { plainBytes } from '../bytes.ts';
import { formatEndpoint, plainIp } from '../endpoint.ts';

/** A connection of the chain network. */
export interface PeerLink {
  /** `IP:PORT` of the other end. */
  readonly name: string;
  readonly ip: string;
  readonly port: number;
  readonly outgoing: boolean;
  readonly socket: Socket;
  lastSend: number;
  lastReceive: number;
  /** Whether what was sent piles up, for the other end does not read. */
  isFull: boolean;
}

/** What happens on connections. */
export interface LinkEvents {
  opened(link: PeerLink): void;
  received(link: PeerLink, bytes: Uint8Array): void;
  /** What is sent begins to pile up, or no longer does. */
  full(link: PeerLink, isFull: boolean): void;
  /** Also of an outgoing connection that never opened. */
  closed(link: PeerLink, wasOpen: boolean): void;
}

const CONNECT_MS = 5000;
/** Bytes that wait to be written, above which a peer that does not read is given up: what is relayed comes on top of its answers. */
const MOST_WAITING = 16 * 1024 * 1024;

/** The TCP connections of the chain network, by the address of the other end. */
export class PeerLinks {
  readonly #links = new Map<string, PeerLink>();
  readonly #events: LinkEvents;

  constructor(server: Server, events: LinkEvents) {
    this.#events = events;
    server.on('connection', (socket) => {
      const { remoteAddress, remotePort } = socket;
      if (remoteAddress === undefined || remotePort === undefined) return void socket.destroy();
      this.#add(socket, plainIp(remoteAddress), remotePort, false, true);
    });
  }

  /** Connects to an address or a host name, unless there is such a connection. `name` names it. */
  dial(host: string, port: number, name: string): void {
    if (this.#links.has(name)) return;
    const socket = connect({ host, port, noDelay: true });
    const timer = setTimeout(() => socket.destroy(), CONNECT_MS);
    socket.once('connect', () => clearTimeout(timer));
    socket.once('close', () => clearTimeout(timer));
    this.#add(socket, host, port, true, false, name);
  }

  get(name: string): PeerLink | undefined {
    return this.#links.get(name);
  }

  all(): PeerLink[] {
    return [...this.#links.values()];
  }

  send(name: string, bytes: Uint8Array): void {
    const link = this.#links.get(name);
    if (link === undefined) return;
    link.lastSend = Date.now();
    const isTaken = link.socket.write(bytes);
    if (link.socket.writableLength > MOST_WAITING) link.socket.destroy();
    else if (!isTaken) this.#setFull(link, true);
  }

  /** Ends a connection once what was written is on its way. */
  close(name: string): void {
    this.#links.get(name)?.socket.destroySoon();
  }

  closeAll(): void {
    for (const { socket } of this.#links.values()) socket.destroy();
  }

  #setFull(link: PeerLink, isFull: boolean): void {
    if (link.isFull === isFull) return;
    link.isFull = isFull;
    this.#events.full(link, isFull);
  }

  #add(socket: Socket, ip: string, port: number, outgoing: boolean, isOpen: boolean, given?: string): void {
    const name = given ?? formatEndpoint({ ip, port });
    if (this.#links.has(name)) return void socket.destroy();
    const link: PeerLink = { name, ip, port, outgoing, socket, lastSend: 0, lastReceive: 0, isFull: false };
    this.#links.set(name, link);
    let opened = isOpen;
    socket.on('data', (bytes) => {
      link.lastReceive = Date.now();
      this.#events.received(link, plainBytes(bytes));
    });
    socket.on('drain', () => this.#setFull(link, false));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.#links.delete(name);
      this.#events.closed(link, opened);
    });
    if (isOpen) this.#events.opened(link);
    else
      socket.once('connect', () => {
        opened = true;
        this.#events.opened(link);
      });
  }
}

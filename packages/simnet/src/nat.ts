import { type Address, hostOf, PORTS, portOf } from './address.ts';

/**
 * How a NAT box treats what comes in. A mapping ties a node's private address to a port of the box;
 * `full-cone`: one mapping for all, anybody may use it; `restricted`: only hosts that the node has sent to;
 * `port-restricted`: only addresses that it has sent to; `symmetric`: a mapping for each address it sends to, which only
 * that address may use. RFC 4787 calls the first three endpoint-independent mapping.
 */
export type NatKind = 'full-cone' | 'restricted' | 'port-restricted' | 'symmetric';

/** A NAT box in front of a node. */
export interface NatRules {
  /** What it lets in. */
  readonly kind: NatKind;
  /** Nodes with the same number share one box and reach each other directly; a box of its own unless given. */
  readonly box?: number;
  /** Idle time after which a mapping or a leave to come in ends, counted from the last datagram out; 60,000 unless given. */
  readonly mappingMs?: number;
}

interface Mapping {
  readonly node: number;
  readonly inside: Address;
  readonly outside: number;
  readonly key: string;
  lastOut: number;
  /** When the node last sent to each host (`restricted`) or address (`port-restricted`, `symmetric`). */
  readonly sentTo: Map<number, number>;
}

const PRIVATE_HOST = 0xc0a8_0002;
const FIRST_PORT = 20_000;
const MAPPING_MS = 60_000;
const MAX_MAPPINGS = 32_768;
const FIRST_SWEEP = 1_024;

/** What `ownerOf` says of an address at which a NAT box turns the datagram away. */
export const BARRED: number = -3;

/** One NAT box: mappings made by what goes out, and the filter for what comes in (SIM-6). */
export class NatBox {
  /** Public host. */
  host: number;
  private readonly kind: NatKind;
  private readonly mappingMs: number;
  private readonly members: number[] = [];
  private byKey = new Map<string, Mapping>();
  private byPort = new Map<number, Mapping>();
  private nextPort = FIRST_PORT;
  private sweepAt = FIRST_SWEEP;

  /** A box at a public host. */
  constructor(rules: NatRules, host: number) {
    if (rules.mappingMs !== undefined && !(Number.isSafeInteger(rules.mappingMs) && rules.mappingMs > 0)) {
      throw new RangeError(`mappingMs is a positive whole number, not ${rules.mappingMs}`);
    }
    this.kind = rules.kind;
    this.mappingMs = rules.mappingMs ?? MAPPING_MS;
    this.host = host;
  }

  /** Takes a node behind the box and returns its private host. */
  admit(node: number): number {
    this.members.push(node);
    return PRIVATE_HOST + this.members.length - 1;
  }

  /** The node with this private host behind this box. */
  memberAt(host: number): number | undefined {
    return this.members[host - PRIVATE_HOST];
  }

  /** The first node that was taken behind the box. */
  firstMember(): number {
    return this.members[0] as number;
  }

  /** Public address for what leaves `inside` for `to`. */
  outward(node: number, inside: Address, to: Address, now: number): Address {
    const key = this.kind === 'symmetric' ? `${inside} ${to}` : `${inside}`;
    let mapping = this.byKey.get(key);
    if (mapping === undefined || now - mapping.lastOut > this.mappingMs) {
      if (mapping !== undefined) this.byPort.delete(mapping.outside);
      mapping = { node, inside, outside: this.freePort(inside, now), key, lastOut: now, sentTo: new Map() };
      this.byKey.set(key, mapping);
      this.byPort.set(mapping.outside, mapping);
    }
    mapping.lastOut = now;
    if (this.kind !== 'full-cone') mapping.sentTo.set(this.kind === 'restricted' ? hostOf(to) : to, now);
    return this.host * PORTS + mapping.outside;
  }

  /** The node that something from `from` to the box's address `to` reaches, or `BARRED`. */
  inward(to: Address, from: Address | undefined, now: number): number {
    const mapping = this.byPort.get(portOf(to));
    if (mapping === undefined || now - mapping.lastOut > this.mappingMs) return BARRED;
    if (this.kind === 'full-cone' || from === undefined) return mapping.node;
    const sent = mapping.sentTo.get(this.kind === 'restricted' ? hostOf(from) : from);
    return sent === undefined || now - sent > this.mappingMs ? BARRED : mapping.node;
  }

  /** Private address behind a port of the box; addresses of others are returned as they are. */
  privateOf(to: Address): Address {
    if (hostOf(to) !== this.host) return to;
    return this.byPort.get(portOf(to))?.inside ?? to;
  }

  /** Forgets all mappings and goes on at a new public host. */
  reboot(host: number): void {
    this.host = host;
    this.byKey = new Map();
    this.byPort = new Map();
  }

  /** Cone boxes keep the node's own port where it is free, as most real ones do; symmetric ones never. */
  private freePort(inside: Address, now: number): number {
    const own = portOf(inside);
    if (this.kind !== 'symmetric' && !this.byPort.has(own)) return own;
    if (this.byPort.size >= this.sweepAt) this.sweep(now);
    while (this.byPort.has(this.nextPort)) this.nextPort = following(this.nextPort);
    const port = this.nextPort;
    this.nextPort = following(port);
    return port;
  }

  /** Real boxes run out of memory too: what is idle goes, and at the bound an eighth of all mappings, oldest first. */
  private sweep(now: number): void {
    const full = this.byPort.size >= MAX_MAPPINGS;
    for (const mapping of this.byPort.values()) {
      const idle = now - mapping.lastOut > this.mappingMs;
      if (!idle && !(full && this.byPort.size > MAX_MAPPINGS * 0.875)) continue;
      this.byPort.delete(mapping.outside);
      this.byKey.delete(mapping.key);
    }
    this.sweepAt = Math.min(MAX_MAPPINGS, Math.max(FIRST_SWEEP, 2 * this.byPort.size));
  }
}

function following(port: number): number {
  return port === PORTS - 1 ? FIRST_PORT : port + 1;
}

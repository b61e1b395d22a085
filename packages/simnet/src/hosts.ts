import { type Address, hostOf, PORTS } from './address.ts';
import { SIM_LIMITS } from './limits.ts';
import { BARRED, NatBox, type NatRules } from './nat.ts';

/** Port of every node unless it sends from another one. */
export const NODE_PORT = 4_000;

const FIRST_HOST = 0x0b00_0001;
const STRIDE = 256;
const VACANT = -1;
const FIRST_BOX = -2;

/** What `ownerOf` says of an address at which nobody is. */
export const NOBODY: number = -1;
/** What `ownerOf` says of an address that nobody has ever had. */
export const NOWHERE: number = -2;

/**
 * Who is where. Every public host lies in a /24 of its own, from 11.0.0.1 on, so that limits that engines keep per prefix
 * do not lump all nodes together; nodes behind a NAT box have hosts in 192.168.0.0/16 that only their neighbours behind
 * the same box can reach (SIM-6).
 */
export class Hosts {
  private readonly owners: number[] = [];
  private readonly hosts: Float64Array;
  private readonly boxes: NatBox[] = [];
  private readonly boxOf: Int32Array;

  /** Gives each node a host; `natOf` says which of them sit behind a NAT box. */
  constructor(nodes: number, natOf: ((node: number) => NatRules | undefined) | undefined) {
    this.hosts = new Float64Array(nodes);
    this.boxOf = new Int32Array(nodes).fill(-1);
    const shared = new Map<number, number>();
    for (let node = 0; node < nodes; node += 1) {
      const rules = natOf?.(node);
      if (rules === undefined) {
        this.hosts[node] = this.allot(node);
        continue;
      }
      let box = rules.box === undefined ? undefined : shared.get(rules.box);
      if (box === undefined) {
        box = this.boxes.length;
        this.boxes.push(new NatBox(rules, this.allot(FIRST_BOX - box)));
        if (rules.box !== undefined) shared.set(rules.box, box);
      }
      this.boxOf[node] = box;
      this.hosts[node] = (this.boxes[box] as NatBox).admit(node);
    }
  }

  /** The node's own idea of its address: behind a NAT box the private one. */
  addressOf(node: number): Address {
    return (this.hosts[node] as number) * PORTS + NODE_PORT;
  }

  /** Where others may look for the node: behind a NAT box the box's host with the node's port. */
  publicAddressOf(node: number): Address {
    const box = this.boxes[this.boxOf[node] as number];
    return box === undefined ? this.addressOf(node) : box.host * PORTS + NODE_PORT;
  }

  /** Whether the node sits behind a NAT box. */
  isBehindNat(node: number): boolean {
    return this.boxOf[node] !== -1;
  }

  /** Address from which the rest of the network sees what the node sends from `port` to `to`; makes the mapping. */
  outward(node: number, port: number, to: Address, now: number): Address {
    const own = (this.hosts[node] as number) * PORTS + port;
    const box = this.boxes[this.boxOf[node] as number];
    if (box === undefined || box.memberAt(hostOf(to)) !== undefined) return own;
    return box.outward(node, own, to, now);
  }

  /**
   * Which node a datagram from `from` reaches at `to` now; negative: nobody, nowhere or barred.
   * `sender` matters for private addresses alone. With `from` undefined no NAT box is asked for leave.
   */
  ownerOf(to: Address, from: Address | undefined, sender: number, now: number): number {
    const host = hostOf(to);
    const distance = host - FIRST_HOST;
    if (distance >= 0 && distance % STRIDE === 0) {
      const owner = this.owners[distance / STRIDE];
      if (owner === undefined) return NOWHERE;
      if (owner >= VACANT) return owner;
      const box = this.boxes[FIRST_BOX - owner] as NatBox;
      return box.inward(to, from, now);
    }
    if (!isPrivate(host)) return NOWHERE;
    return this.boxes[this.boxOf[sender] as number]?.memberAt(host) ?? NOBODY;
  }

  /** The node at or next to an address, which decides on the way that a message takes; NOBODY or NOWHERE otherwise. */
  near(to: Address, sender: number, now: number): number {
    const owner = this.ownerOf(to, undefined, sender, now);
    if (owner !== BARRED) return owner;
    const entry = this.owners[(hostOf(to) - FIRST_HOST) / STRIDE] as number;
    return (this.boxes[FIRST_BOX - entry] as NatBox).firstMember();
  }

  /** The address at which the node itself sees what came to `to`. */
  inward(node: number, to: Address): Address {
    const box = this.boxes[this.boxOf[node] as number];
    return box === undefined ? to : box.privateOf(to);
  }

  /** Gives the node, or the NAT box in front of it, a new public host; the old one is nobody's from now on. */
  move(node: number): void {
    const box = this.boxes[this.boxOf[node] as number];
    const old = box === undefined ? (this.hosts[node] as number) : box.host;
    this.owners[(old - FIRST_HOST) / STRIDE] = VACANT;
    if (box === undefined) this.hosts[node] = this.allot(node);
    else box.reboot(this.allot(FIRST_BOX - (this.boxOf[node] as number)));
  }

  private allot(owner: number): number {
    if (this.owners.length >= SIM_LIMITS.maxHosts) throw new RangeError(`more than ${SIM_LIMITS.maxHosts} hosts`);
    this.owners.push(owner);
    return FIRST_HOST + (this.owners.length - 1) * STRIDE;
  }
}

function isPrivate(host: number): boolean {
  return host >>> 16 === 0xc0a8;
}

import { type Address, isAddress, PORTS } from './address.ts';
import { drawKey, PURPOSE } from './draw.ts';
import { SimnetError } from './errors.ts';
import { NODE_PORT } from './hosts.ts';
import type { NodeEnv, SimNode } from './node.ts';
import { Random } from './random.ts';
import type { World } from './world.ts';

/** The hands of one node in one life. Shapes are checked here, so that a slip of an adapter names its node and event. */
export class Env<N extends SimNode> implements NodeEnv {
  readonly node: number;
  readonly incarnation: number;
  private readonly world: World<N>;
  private drawn: Random | undefined;

  /** Hands for a node that is about to start. */
  constructor(world: World<N>, node: number, incarnation: number) {
    this.world = world;
    this.node = node;
    this.incarnation = incarnation;
  }

  get nodes(): number {
    return this.world.size;
  }

  get now(): number {
    return this.world.now;
  }

  get address(): Address {
    return this.world.transport.addressOf(this.node);
  }

  get random(): Random {
    if (this.drawn === undefined) {
      this.drawn = new Random(drawKey(this.world.setup.key, PURPOSE.node, this.node, this.incarnation, 0, 0));
    }
    return this.drawn;
  }

  addressOf(node: number): Address {
    if (!(Number.isInteger(node) && node >= 0 && node < this.world.size)) throw new RangeError(`no node ${node}`);
    return this.world.transport.publicAddressOf(node);
  }

  send(to: Address, bytes: Uint8Array, port: number = NODE_PORT): void {
    this.call();
    if (!isAddress(to)) this.world.nowhere(this.node, to);
    this.wantBytes(bytes);
    if (!(Number.isInteger(port) && port > 0 && port < PORTS)) this.world.badCall(this.node, `no port: ${port}`);
    this.world.transport.datagram(this.node, to, bytes, port, undefined);
  }

  forge(from: Address, to: Address, bytes: Uint8Array): void {
    this.call();
    if (!isAddress(from)) this.world.badCall(this.node, `no address to forge: ${String(from)}`);
    if (!isAddress(to)) this.world.nowhere(this.node, to);
    this.wantBytes(bytes);
    this.world.transport.datagram(this.node, to, bytes, NODE_PORT, from);
  }

  connect(to: Address): number {
    this.call();
    if (!isAddress(to)) this.world.nowhere(this.node, to);
    return this.world.transport.connect(this.node, to);
  }

  write(stream: number, bytes: Uint8Array): void {
    this.call();
    this.wantBytes(bytes);
    this.world.transport.write(this.node, stream, bytes);
  }

  close(stream: number): void {
    this.call();
    this.world.transport.close(this.node, stream);
  }

  reset(stream: number): void {
    this.call();
    this.world.transport.reset(this.node, stream);
  }

  backlog(stream: number): number {
    return this.world.transport.backlog(this.node, stream);
  }

  store(key: string, value: Uint8Array | undefined): void {
    this.call();
    if (value !== undefined) this.wantBytes(value);
    this.world.store(this.node, key, value);
  }

  stored(key: string): Uint8Array | undefined {
    return this.world.stored(this.node, key);
  }

  storedKeys(): readonly string[] {
    return this.world.storedKeys(this.node);
  }

  mark(name: string): void {
    this.call();
    this.world.mark(this.node, name);
  }

  measure(name: string, value: number): void {
    this.call();
    if (!(Number.isSafeInteger(value) && value >= 0)) this.world.badCall(this.node, `no value to measure: ${value}`);
    this.world.meter.measure(name, value);
  }

  /** Counts a call, and refuses it to a node that is no more. */
  private call(): void {
    if (this.world.incarnationOf(this.node) !== this.incarnation) {
      throw new SimnetError('dead-node', `node ${this.node} is used after it stopped`);
    }
    this.world.called(this.node);
  }

  private wantBytes(bytes: Uint8Array): void {
    if (!(bytes instanceof Uint8Array)) this.world.badCall(this.node, 'the payload is no Uint8Array');
  }
}

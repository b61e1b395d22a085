import { checksum } from '../../src/checksum.ts';
import type { Address, CloseReason, NodeEnv, Scenario, SimNode } from '../../src/index.ts';

/**
 * A node that uses all of its environment in ways that depend on all that happened to it: datagrams, streams, storage,
 * random numbers and deadlines. Two runs in which anything differs end with different digests.
 */
export class Chatter implements SimNode {
  digest = 1;
  private readonly env: NodeEnv;
  private wakeAt: number;
  private readonly streams: number[] = [];

  constructor(env: NodeEnv) {
    this.env = env;
    this.wakeAt = env.now + 50 + env.random.below(400);
    this.take(env.stored('life') ?? new Uint8Array(0), env.incarnation);
    env.store('life', Uint8Array.of(env.incarnation));
  }

  receive(bytes: Uint8Array, from: Address): void {
    this.take(bytes, from % 0xffff);
    this.env.mark('heard');
    if ((bytes[0] ?? 0) > 0) this.env.send(from, Uint8Array.of((bytes[0] as number) - 1, this.digest & 255));
  }

  tick(now: number): void {
    if (now < this.wakeAt) return;
    const { env } = this;
    this.wakeAt = now + 50 + env.random.below(400);
    const to = env.addressOf(env.random.below(env.nodes));
    const choice = env.random.below(4);
    if (choice === 0 && this.streams.length < 4) this.streams.push(env.connect(to), env.connect(to));
    else if (choice === 1 && this.streams.length > 0) this.end(env.random.pick(this.streams));
    else {
      // Several to one address, as the second and third have no other name than their number.
      for (let left = env.random.below(3); left >= 0; left -= 1) {
        env.send(to, Uint8Array.of(env.random.below(4), this.digest & 255, left));
      }
    }
    this.take(Uint8Array.of(choice), now);
  }

  nextDeadline(): number {
    return this.wakeAt;
  }

  opened(stream: number, remote: Address, _now: number, inbound: boolean): void {
    this.take(Uint8Array.of(inbound ? 1 : 0), remote % 0xffff);
    this.env.write(stream, this.env.random.bytes(1 + this.env.random.below(3_000)));
    if (inbound) this.streams.push(stream);
  }

  data(stream: number, bytes: Uint8Array, now: number): void {
    this.take(bytes, now);
    if (this.env.random.chance(0.3)) this.env.write(stream, bytes.subarray(0, 20));
  }

  closed(stream: number, reason: CloseReason): void {
    this.take(Uint8Array.of(reason.length), 0);
    this.forget(stream);
  }

  moved(address: Address): void {
    this.take(Uint8Array.of(7), address % 0xffff);
  }

  leave(): void {
    this.env.send(this.env.addressOf(0), Uint8Array.of(0, 0, 0));
  }

  private end(stream: number): void {
    if (this.env.random.chance(0.5)) this.env.close(stream);
    else this.env.reset(stream);
    this.forget(stream);
  }

  private forget(stream: number): void {
    const at = this.streams.indexOf(stream);
    if (at !== -1) this.streams.splice(at, 1);
  }

  private take(bytes: Uint8Array, extra: number): void {
    this.digest = (Math.imul(this.digest, 31) ^ checksum(bytes) ^ extra) | 0;
  }
}

/** A network of chatters with everything switched on. */
export function chatters(nodes: number, rest: Partial<Scenario<Chatter>> = {}): Scenario<Chatter> {
  return {
    name: 'chatters',
    nodes,
    start: (env) => new Chatter(env),
    link: {
      latencyMs: { quantiles: [5, 20, 40, 300] },
      jitterMs: 10,
      loss: 0.05,
      burst: { enter: 0.02, leave: 0.3, loss: 0.5 },
      duplicate: 0.05,
      reorder: 0.05,
      bytesPerSecond: 50_000,
      queueBytes: 20_000,
      breakMs: 3_000,
    },
    nat: (node) => (node % 4 === 3 ? { kind: node % 8 === 3 ? 'symmetric' : 'restricted', box: node % 8 } : undefined),
    uplink: (node) => (node % 2 === 0 ? { bytesPerSecond: 100_000 } : undefined),
    ties: 'random',
    untilMs: 10_000,
    ...rest,
  };
}

import type { Action, Address, CloseReason, NodeEnv, Scenario, SimNode, Step } from '../../src/index.ts';

/** A datagram as a probe saw it. */
export interface Sight {
  readonly bytes: Uint8Array;
  readonly from: Address;
  readonly to: Address;
  readonly now: number;
}

/** A node that writes down all that happens to it and does nothing by itself. */
export class Probe implements SimNode {
  readonly env: NodeEnv;
  readonly startedAt: number;
  readonly seen: Sight[] = [];
  readonly ticks: number[] = [];
  readonly opens: { stream: number; remote: Address; now: number; inbound: boolean }[] = [];
  readonly streamed: { stream: number; bytes: Uint8Array; now: number }[] = [];
  readonly closes: { stream: number; reason: CloseReason; now: number }[] = [];
  readonly moves: Address[] = [];
  deadline: number | undefined;
  left = false;

  constructor(env: NodeEnv) {
    this.env = env;
    this.startedAt = env.now;
  }

  receive(bytes: Uint8Array, from: Address, now: number, to: Address): void {
    this.seen.push({ bytes, from, to, now });
  }

  tick(now: number): void {
    this.ticks.push(now);
    if (this.deadline !== undefined && now >= this.deadline) this.deadline = undefined;
  }

  nextDeadline(): number | undefined {
    return this.deadline;
  }

  opened(stream: number, remote: Address, now: number, inbound: boolean): void {
    this.opens.push({ stream, remote, now, inbound });
  }

  data(stream: number, bytes: Uint8Array, now: number): void {
    this.streamed.push({ stream, bytes, now });
  }

  closed(stream: number, reason: CloseReason, now: number): void {
    this.closes.push({ stream, reason, now });
  }

  moved(address: Address): void {
    this.moves.push(address);
  }

  leave(): void {
    this.left = true;
  }

  /** All bytes that came over a stream, put together. */
  text(stream: number): string {
    return this.streamed
      .filter((one) => one.stream === stream)
      .map(({ bytes }) => String.fromCharCode(...bytes))
      .join('');
  }
}

/** Bytes of this length that carry a number, so that a test knows which datagram it sees. */
function numbered(index: number, length = 4): Uint8Array {
  const bytes = new Uint8Array(length);
  new DataView(bytes.buffer).setUint32(0, index);
  return bytes;
}

/** The number that `numbered` put in. */
export function numberIn(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
}

/** ASCII text as bytes. */
export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

/** What probes can be told to do. */
const PROBE_ACTIONS: Readonly<Record<string, Action<Probe>>> = {
  send: (_node, env, _now, to, index, length) =>
    env.send(env.addressOf(Number(to)), numbered(Number(index), Number(length ?? 4))),
  wake: (node, _env, now, after) => {
    node.deadline = now + Number(after);
  },
};

/** A scenario of probes with exact deadlines. */
export function probes(nodes: number, rest: Partial<Scenario<Probe>> = {}): Scenario<Probe> {
  return {
    name: 'probes',
    nodes,
    start: (env) => new Probe(env),
    actions: PROBE_ACTIONS,
    deadlines: { early: 0, late: 0, repeat: 0, byMs: 1 },
    startMs: 0,
    ...rest,
  };
}

/** A step in which a node sends a numbered datagram. */
export function sends(at: number, from: number, to: number, index: number, length = 4): Step {
  return { do: 'act', at, node: from, name: 'send', args: [to, index, length] };
}

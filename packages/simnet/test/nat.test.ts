import { describe, expect, test } from 'vitest';
import { type Address, addressAt, hostOf, type NatKind, portOf, Simulation } from '../src/index.ts';
import { ascii, type Probe, probes } from './support/probe.ts';

/** Node 0 sits behind a box; nodes 1 to 3 do not. `talk` has one node send to an address, now. */
function network(kind: NatKind, mappingMs = 60_000) {
  const scenario = probes(4, {
    nat: (node) => (node === 0 ? { kind, mappingMs } : undefined),
    actions: { send: (_node, env, _now, to, port) => env.send(Number(to), ascii('hello'), Number(port)) },
    untilMs: 1_000_000,
  });
  const simulation = new Simulation(scenario, 1);
  simulation.advance(0);
  const talk = (from: number, to: Address, port = 4_000): Probe['seen'][number] | undefined => {
    const before = [0, 1, 2, 3].map((node) => simulation.node(node).seen.length);
    simulation.apply({ do: 'act', at: 0, node: from, name: 'send', args: [to, port] });
    simulation.advance(1);
    for (let node = 0; node < 4; node += 1) {
      const { seen } = simulation.node(node);
      if (seen.length > (before[node] as number)) return seen.at(-1);
    }
    return undefined;
  };
  const addressOf = (node: number): Address => simulation.node(3).env.addressOf(node);
  return { simulation, talk, addressOf };
}

const KINDS: readonly NatKind[] = ['full-cone', 'restricted', 'port-restricted', 'symmetric'];

describe('a NAT box', () => {
  for (const kind of KINDS) {
    test(`${kind}: nothing comes in before something went out`, () => {
      const { talk, addressOf, simulation } = network(kind);
      expect(talk(1, addressOf(0))).toBeUndefined();
      expect(simulation.measures().dropped.nat).toBe(1);
    });

    test(`${kind}: who was sent to may answer, and sees the box as the sender`, () => {
      const { talk, addressOf, simulation } = network(kind);
      const out = talk(0, addressOf(1));
      expect(hostOf(out?.from ?? 0)).toBe(hostOf(addressOf(0)));
      expect(out?.from).not.toBe(simulation.node(0).env.address);
      const back = talk(1, out?.from ?? 0);
      expect(back).toMatchObject({ from: addressOf(1), to: simulation.node(0).env.address });
    });

    test(`${kind}: lets in whom its kind allows`, () => {
      const { talk, addressOf } = network(kind);
      const mapped = talk(0, addressOf(1))?.from ?? 0;
      const stranger = talk(2, mapped) !== undefined;
      const otherPort = talk(1, mapped, 9_999) !== undefined;
      expect({ stranger, otherPort }).toEqual({
        stranger: kind === 'full-cone',
        otherPort: kind === 'full-cone' || kind === 'restricted',
      });
    });

    test(`${kind}: uses one mapping for all it sends to, or one for each`, () => {
      const { talk, addressOf } = network(kind);
      const ports = [1, 2, 3].map((node) => portOf(talk(0, addressOf(node))?.from ?? 0));
      expect(new Set(ports).size).toBe(kind === 'symmetric' ? 3 : 1);
      if (kind !== 'symmetric') expect(ports[0]).toBe(4_000);
    });

    test(`${kind}: forgets a mapping that is idle for too long, and makes another`, () => {
      const { talk, addressOf, simulation } = network(kind, 5_000);
      const mapped = talk(0, addressOf(1))?.from ?? 0;
      simulation.advance(4_000);
      expect(talk(1, mapped)).toBeDefined();
      simulation.advance(1_100);
      expect(talk(1, mapped)).toBeUndefined();
      expect(talk(0, addressOf(1))).toBeDefined();
    });

    test(`${kind}: forgets whom it was sent to, though the mapping is still in use`, () => {
      const { talk, addressOf, simulation } = network(kind, 5_000);
      const mapped = talk(0, addressOf(1))?.from ?? 0;
      for (let round = 0; round < 3; round += 1) {
        simulation.advance(3_000);
        talk(0, addressOf(2));
      }
      expect(talk(1, mapped) !== undefined).toBe(kind === 'full-cone');
    });

    test(`${kind}: a new public address makes old mappings useless`, () => {
      const { talk, addressOf, simulation } = network(kind);
      const mapped = talk(0, addressOf(1))?.from ?? 0;
      const privately = simulation.node(0).env.address;
      simulation.apply({ do: 'move', at: 0, node: 0 });
      simulation.advance(1);
      expect(talk(1, mapped)).toBeUndefined();
      expect(simulation.node(0).env.address).toBe(privately);
      const again = talk(0, addressOf(1))?.from ?? 0;
      expect(hostOf(again)).not.toBe(hostOf(mapped));
      expect(talk(1, again)).toBeDefined();
    });
  }

  test('can be punched through by both sides at once, unless it is symmetric', () => {
    for (const kind of KINDS) {
      const scenario = probes(3, {
        nat: (node) => (node < 2 ? { kind } : undefined),
        actions: { send: (_node, env, _now, to) => env.send(Number(to), ascii('hi')) },
      });
      const simulation = new Simulation(scenario, 1);
      simulation.advance(0);
      const seenBy = (node: number): Address => {
        simulation.apply({ do: 'act', at: 0, node, name: 'send', args: [simulation.node(2).env.address] });
        simulation.advance(1);
        return simulation.node(2).seen.at(-1)?.from ?? 0;
      };
      const [a, b] = [seenBy(0), seenBy(1)];
      for (const [node, to] of [
        [0, b],
        [1, a],
        [0, b],
        [1, a],
      ] as const) {
        simulation.apply({ do: 'act', at: 0, node, name: 'send', args: [to] });
        simulation.advance(1);
      }
      const through = simulation.node(0).seen.length > 0 && simulation.node(1).seen.length > 0;
      expect(through).toBe(kind !== 'symmetric');
    }
  });

  test('can have several nodes behind it, which reach each other directly', () => {
    const scenario = probes(3, {
      nat: (node) => (node < 2 ? { kind: 'symmetric', box: 7 } : undefined),
      actions: { send: (_node, env, _now, to) => env.send(Number(to), ascii('hi')) },
    });
    const simulation = new Simulation(scenario, 1);
    simulation.advance(0);
    const [zero, one, two] = [0, 1, 2].map((node) => simulation.node(node));
    expect(zero?.env.addressOf(0)).toBe(zero?.env.addressOf(1));
    simulation.apply({ do: 'act', at: 0, node: 0, name: 'send', args: [one?.env.address ?? 0] });
    simulation.apply({ do: 'act', at: 0, node: 2, name: 'send', args: [one?.env.address ?? 0] });
    simulation.advance(1);
    expect(one?.seen.map(({ from }) => from)).toEqual([zero?.env.address]);
    expect(two?.seen).toEqual([]);
    expect(simulation.measures().dropped['no-route']).toBe(1);
  });

  test('carries streams outwards, and lets none in', () => {
    const scenario = probes(2, {
      nat: (node) => (node === 0 ? { kind: 'restricted' } : undefined),
      link: { latencyMs: 10, breakMs: 1_000 },
      actions: { connect: (node, env) => void env.connect(env.addressOf(1 - node.env.node)) },
      steps: [
        { do: 'act', at: 0, node: 1, name: 'connect' },
        { do: 'act', at: 2_000, node: 0, name: 'connect' },
      ],
    });
    const simulation = new Simulation(scenario, 1);
    simulation.run();
    expect(simulation.node(1).closes).toEqual([{ stream: 0, reason: 'timeout', now: 1_010 }]);
    expect(simulation.node(0).opens).toMatchObject([{ stream: 2, inbound: false }]);
    expect(simulation.node(1).opens).toMatchObject([{ stream: 3, inbound: true }]);
  });

  test('keeps no more mappings than it has ports', () => {
    const scenario = probes(2, {
      nat: (node) => (node === 0 ? { kind: 'symmetric' } : undefined),
      nowhere: 'drop',
      actions: {
        flood: (_node, env) => {
          for (let port = 1; port <= 65_535; port += 1) env.send(addressAt(0x0b00_0101, port), ascii('x'));
          for (let port = 1; port <= 30_000; port += 1) env.send(addressAt(0x0b00_0201, port), ascii('x'));
        },
      },
      steps: [{ do: 'act', at: 0, node: 0, name: 'flood' }],
    });
    expect(new Simulation(scenario, 1).run().failure).toBeUndefined();
  });
});

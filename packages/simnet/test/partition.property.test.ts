import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Simulation, type Step } from '../src/index.ts';
import { numberIn, probes, sends } from './support/probe.ts';
import { FEW_RUNS } from './support/runs.ts';

const NODES = 6;
const UNTIL = 2_000;

const partition = fc.record({
  do: fc.constant('partition' as const),
  at: fc.nat(UNTIL),
  forMs: fc.nat(UNTIL),
  side: fc.subarray([0, 1, 2, 3, 4, 5], { minLength: 1 }),
  oneWay: fc.boolean(),
});

/** Every node sends to every other one every 25 ms, over links of 40 ms. */
const acts: readonly Step[] = Array.from({ length: UNTIL / 25 }, (_, round) =>
  Array.from({ length: NODES * NODES }, (_, pair) =>
    sends(round * 25, Math.floor(pair / NODES), pair % NODES, round * 25),
  ),
).flat();

describe('a partition', () => {
  test('lets nothing across, neither what is sent nor what arrives while it is open, and all else', () => {
    fc.assert(
      fc.property(fc.array(partition, { maxLength: 4 }), fc.nat(), (splits, seed) => {
        const simulation = new Simulation(
          probes(NODES, { link: { latencyMs: 40 }, steps: [...splits, ...acts] }),
          seed,
        );
        expect(simulation.run().failure).toBeUndefined();
        const cuts = (from: number, to: number, at: number): boolean =>
          splits.some(({ at: start, forMs, side, oneWay }) => {
            const open = start <= at && at < start + forMs;
            const apart = side.includes(from) !== side.includes(to);
            return open && apart && (!oneWay || side.includes(from));
          });
        for (let to = 0; to < NODES; to += 1) {
          const arrived = new Set(simulation.node(to).seen.map(({ bytes, from }) => `${from} ${numberIn(bytes)}`));
          for (let from = 0; from < NODES; from += 1) {
            const address = simulation.node(from).env.address;
            for (let at = 0; at < UNTIL; at += 25) {
              const stopped = cuts(from, to, at) || cuts(from, to, at + 40);
              expect(arrived.has(`${address} ${at}`)).toBe(!stopped);
            }
          }
        }
      }),
      FEW_RUNS,
    );
  });

  test('opens and heals at the steps that the trace tells of', () => {
    const steps: Step[] = [
      { do: 'partition', at: 100, forMs: 50, side: [0] },
      sends(99, 0, 1, 1),
      sends(100, 0, 1, 2),
      sends(149, 0, 1, 3),
      sends(150, 0, 1, 4),
    ];
    const simulation = new Simulation(probes(2, { steps }), 1);
    simulation.run();
    expect(simulation.node(1).seen.map(({ bytes }) => numberIn(bytes))).toEqual([1, 4]);
    expect(simulation.measures().dropped.partition).toBe(2);
  });
});

describe('weather', () => {
  test('overrides the links of its nodes while it lasts, and the latest wins', () => {
    const steps: Step[] = [
      { do: 'weather', at: 100, forMs: 100, link: { latencyMs: 7 }, nodes: [1] },
      { do: 'weather', at: 120, forMs: 30, link: { latencyMs: 9 } },
      ...[50, 110, 130, 160, 250].flatMap((at) => [sends(at, 0, 1, at), sends(at, 0, 2, at)]),
    ];
    const simulation = new Simulation(probes(3, { link: { latencyMs: 1 }, steps }), 1);
    simulation.run();
    const delays = (node: number) => simulation.node(node).seen.map(({ bytes, now }) => now - numberIn(bytes));
    expect(delays(1)).toEqual([1, 7, 9, 7, 1]);
    expect(delays(2)).toEqual([1, 1, 9, 1, 1]);
  });
});

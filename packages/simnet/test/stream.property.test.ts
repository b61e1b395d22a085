import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { linkRules } from '../src/fast-check.ts';
import { type LinkRules, Simulation, type Step } from '../src/index.ts';
import { ascii, Probe, probes } from './support/probe.ts';
import { FEW_RUNS } from './support/runs.ts';

/** Node 0 connects to node 1 and writes these texts, one every 10 ms, as soon as it can or at once. */
function writes(texts: readonly string[], eager: boolean, link: LinkRules, seed: number, faults: readonly Step[] = []) {
  let stream = -1;
  const scenario = probes(2, {
    link,
    actions: {
      connect: (_node, env) => {
        stream = env.connect(env.addressOf(1));
      },
      write: (_node, env, _now, text) => env.write(stream, ascii(String(text))),
      close: (_node, env) => env.close(stream),
      reset: (_node, env) => env.reset(stream),
    },
    steps: [
      { do: 'act', at: 0, node: 0, name: 'connect' },
      ...texts.map(
        (text, index): Step => ({
          do: 'act',
          at: (eager ? 0 : 30_000) + index * 10,
          node: 0,
          name: 'write',
          args: [text],
        }),
      ),
      ...faults,
    ],
    untilMs: 100_000_000,
  });
  const simulation = new Simulation(scenario, seed);
  return simulation;
}

const texts = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd'), maxLength: 200 }), { maxLength: 20 });

describe('a stream', () => {
  test('carries every byte in order, whatever the link does', () => {
    fc.assert(
      fc.property(texts, fc.boolean(), linkRules(), fc.nat(), (words, eager, link, seed) => {
        const simulation = writes(words, eager, { ...link, segmentBytes: 50, breakMs: 86_400_000 }, seed);
        expect(simulation.run().failure).toBeUndefined();
        const b = simulation.node(1);
        expect(b.opens).toHaveLength(1);
        expect(b.text(1)).toBe(words.join(''));
        expect(b.closes).toEqual([]);
        expect(simulation.node(0).opens).toMatchObject([{ stream: 0, inbound: false }]);
        expect(simulation.node(0).env.backlog(0)).toBe(0);
      }),
    );
  });

  test('survives a partition that heals in time, and nothing comes through while it is open', () => {
    fc.assert(
      fc.property(
        texts,
        fc.integer({ min: 0, max: 300 }),
        fc.integer({ min: 1, max: 9_000 }),
        fc.nat(),
        (words, at, forMs, seed) => {
          const split: Step = { do: 'partition', at, forMs, side: [0] };
          const simulation = writes(words, true, { latencyMs: 20, loss: 0.1, breakMs: 10_000 }, seed, [split]);
          expect(simulation.run().failure).toBeUndefined();
          const b = simulation.node(1);
          expect(b.text(1)).toBe(words.join(''));
          for (const { now } of b.streamed) expect(now < at || now >= at + forMs).toBe(true);
        },
      ),
      FEW_RUNS,
    );
  });

  test('brings everything that had come up behind a partition as soon as it heals', () => {
    for (let seed = 0; seed < 20; seed += 1) {
      const words = Array.from({ length: 12 }, (_, index) => `${index},`);
      const split: Step = { do: 'partition', at: 30_050, forMs: 3_000, side: [1] };
      const simulation = writes(words, false, { latencyMs: 40, segmentBytes: 2 }, seed, [split]);
      simulation.run();
      const b = simulation.node(1);
      expect(b.text(1)).toBe(words.join(''));
      expect(b.streamed.at(-1)?.now).toBeLessThanOrEqual(30_050 + 3_000 + 200);
    }
  });

  test('ends with a timeout at both ends when nothing comes through for too long', () => {
    const split: Step = { do: 'partition', at: 100, forMs: 20_000, side: [0] };
    const simulation = writes(['a'.repeat(10), 'b'], true, { latencyMs: 95, breakMs: 1_000 }, 1, [split]);
    expect(simulation.run().failure).toBeUndefined();
    expect(simulation.node(1).opens).toHaveLength(1);
    expect(simulation.node(0).closes).toEqual([{ stream: 0, reason: 'timeout', now: 1_190 }]);
    expect(simulation.node(1).closes).toEqual([{ stream: 1, reason: 'timeout', now: 1_190 }]);
  });

  test('does not keep the cuts of its writer', () => {
    const word = 'abcdefghij'.repeat(20);
    const simulation = writes(
      Array.from({ length: 60 }, () => word),
      false,
      { latencyMs: 5, jitterMs: 300 },
      3,
    );
    simulation.run();
    const lengths = simulation.node(1).streamed.map(({ bytes }) => bytes.length);
    expect(lengths.some((length) => length < word.length)).toBe(true);
    expect(lengths.some((length) => length > word.length)).toBe(true);
  });

  test('never carries more than its bandwidth', () => {
    const simulation = writes(['x'.repeat(100_000)], false, { latencyMs: 10, bytesPerSecond: 10_000 }, 1);
    simulation.run();
    const { streamed } = simulation.node(1);
    let bytes = 0;
    for (const part of streamed) {
      bytes += part.bytes.length;
      expect(bytes * 1_000).toBeLessThanOrEqual((part.now - 30_010) * 10_000);
    }
    expect(bytes).toBe(100_000);
    expect(streamed.at(-1)?.now).toBe(40_010);
  });

  test('that is closed brings the bytes before its end, and that is cut loses them', () => {
    for (const [name, text, reason] of [
      ['close', 'hello', 'end'],
      ['reset', '', 'reset'],
    ] as const) {
      const simulation = writes(['hello'], false, { latencyMs: 10 }, 1, [{ do: 'act', at: 30_000, node: 0, name }]);
      simulation.run();
      expect(simulation.node(1).text(1)).toBe(text);
      expect(simulation.node(1).closes).toEqual([{ stream: 1, reason, now: 30_010 }]);
      expect(simulation.node(0).closes).toEqual([]);
    }
  });

  test('is refused where nobody takes streams, and where nobody runs', () => {
    class Deaf extends Probe {}
    Object.defineProperty(Deaf.prototype, 'opened', { value: undefined });
    const steps: Step[] = [
      { do: 'act', at: 5, node: 0, name: 'connect' },
      { do: 'crash', at: 100, node: 1 },
      { do: 'act', at: 105, node: 0, name: 'connect' },
    ];
    const scenario = probes(2, {
      start: (env) => (env.node === 1 ? new Deaf(env) : new Probe(env)),
      link: { latencyMs: 10 },
      actions: { connect: (_node, env) => void env.connect(env.addressOf(1)) },
      steps,
    });
    const simulation = new Simulation(scenario, 1);
    simulation.run();
    expect(simulation.node(0).closes).toEqual([
      { stream: 0, reason: 'refused', now: 25 },
      { stream: 2, reason: 'refused', now: 125 },
    ]);
  });

  test('is cut when either end crashes, and breaks when either end moves', () => {
    for (const node of [0, 1]) {
      const crash = writes(['one'], true, { latencyMs: 10 }, 1, [{ do: 'crash', at: 500, node }]);
      crash.run();
      expect(crash.node(1 - node).closes).toEqual([{ stream: 1 - node, reason: 'reset', now: 510 }]);
      const move = writes(['one', 'two'], false, { latencyMs: 10, breakMs: 1_000 }, 1, [{ do: 'move', at: 500, node }]);
      move.run();
      expect(move.node(1 - node).closes).toMatchObject([{ stream: 1 - node, reason: 'timeout' }]);
      expect(move.node(node).closes).toMatchObject([{ stream: node, reason: 'timeout' }]);
      expect(move.node(1).text(1)).toBe('');
    }
  });

  test('that has ended takes no more, and says nothing more', () => {
    const late: Step[] = [
      { do: 'act', at: 40_000, node: 0, name: 'close' },
      { do: 'act', at: 40_001, node: 0, name: 'write', args: ['late'] },
      { do: 'act', at: 40_002, node: 0, name: 'reset' },
      { do: 'act', at: 40_003, node: 0, name: 'close' },
    ];
    const simulation = writes(['early'], false, { latencyMs: 10 }, 1, late);
    expect(simulation.run().ended).toBe('quiet');
    expect(simulation.node(1).text(1)).toBe('early');
    expect(simulation.node(1).closes).toHaveLength(1);
  });

  test('leaves nothing behind when it is over, however it ends', () => {
    const scenario = probes(3, {
      link: { latencyMs: 10, breakMs: 500 },
      actions: {
        open: (_node, env, _now, to) => void env.connect(env.addressOf(Number(to))),
        end: (node, env, _now, how) => {
          for (const { stream } of node.opens) how === 'close' ? env.close(stream) : env.reset(stream);
          node.opens.length = 0;
        },
      },
      steps: Array.from({ length: 400 }, (_, index): Step[] => [
        { do: 'act', at: index * 100, node: 0, name: 'open', args: [1 + (index % 2)] },
        { do: 'act', at: index * 100 + 50, node: index % 3, name: 'end', args: [index % 5 < 3 ? 'close' : 'reset'] },
        ...(index % 50 === 7 ? ([{ do: 'crash', at: index * 100 + 15, node: 1, downMs: 20 }] as const) : []),
        ...(index % 50 === 9 ? ([{ do: 'partition', at: index * 100 + 5, forMs: 700, side: [0] }] as const) : []),
      ]).flat(),
    });
    const simulation = new Simulation(scenario, 1);
    simulation.advance(41_000);
    for (const node of [0, 1, 2]) simulation.apply({ do: 'act', at: 41_000, node, name: 'end', args: ['close'] });
    expect(simulation.run()).toMatchObject({ ended: 'quiet' });
    const { network } = simulation as unknown as { network: { streams: { streams: Map<number, unknown> } } };
    expect(network.streams.streams.size).toBe(0);
  });

  test('takes time linear in its bytes', () => {
    const word = 'x'.repeat(60_000);
    const simulation = writes(
      Array.from({ length: 50 }, () => word),
      false,
      { latencyMs: 10, segmentBytes: 100 },
      1,
    );
    const outcome = simulation.run();
    expect(simulation.node(1).text(1).length).toBe(3_000_000);
    expect(outcome.events).toBeLessThan(60_000);
  });
});

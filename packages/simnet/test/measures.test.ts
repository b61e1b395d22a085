import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HistogramCounter } from '../src/histogram.ts';
import { quantile, SIM_LIMITS, Simulation } from '../src/index.ts';
import { Meter } from '../src/measures.ts';
import { probes, sends } from './support/probe.ts';

describe('measures', () => {
  test('count messages and bytes, per node and in all', () => {
    const steps = [sends(0, 0, 1, 1, 10), sends(1_500, 0, 2, 2, 20), sends(1_500, 1, 0, 3, 30)];
    const simulation = new Simulation(probes(3, { steps, link: { latencyMs: 25, duplicate: 1 } }), 1);
    simulation.run();
    const measures = simulation.measures();
    expect(measures).toMatchObject({
      events: 12,
      elapsedMs: 1_525,
      sent: { messages: 3, bytes: 60 },
      received: { messages: 6, bytes: 120 },
      duplicated: 3,
      dropped: { lost: 0, queue: 0, 'too-long': 0, partition: 0, nat: 0, 'no-route': 0, down: 0 },
      delayMs: { count: 6, sum: 150, min: 25, max: 25 },
    });
    expect(measures.perNode).toEqual({
      events: [5, 4, 3],
      sentMessages: [2, 1, 0],
      sentBytes: [30, 30, 0],
      receivedMessages: [2, 2, 2],
      receivedBytes: [60, 20, 40],
    });
    expect(measures.traffic.stepMs).toBe(2);
    expect(measures.traffic.messages.at(0)).toBe(1);
    expect(measures.traffic.bytes.at(750)).toBe(50);
    expect(JSON.parse(JSON.stringify(measures))).toEqual(measures);
  });

  test('count streams as what was written and what arrived', () => {
    const scenario = probes(2, {
      actions: { talk: (_node, env) => env.write(env.connect(env.addressOf(1)), new Uint8Array(5_000)) },
      steps: [{ do: 'act', at: 0, node: 0, name: 'talk' }],
    });
    const simulation = new Simulation(scenario, 1);
    simulation.run();
    const { sent, received } = simulation.measures();
    expect(sent).toEqual({ messages: 1, bytes: 5_000 });
    expect(received.bytes).toBe(5_000);
  });

  test('tell how many nodes have a mark over time, each counted once', () => {
    const scenario = probes(4, {
      actions: {
        mark: (_node, env, _now, name) => env.mark(String(name)),
        size: (_node, env, _now, value) => env.measure('size', Number(value)),
      },
      steps: [
        ...[5, 5, 20, 30].map((at, node) => ({ do: 'act' as const, at, node, name: 'mark', args: ['rumour'] })),
        { do: 'act', at: 40, node: 1, name: 'mark', args: ['rumour'] },
        ...[3, 9, 9].map((value) => ({ do: 'act' as const, at: 50, node: 0, name: 'size', args: [value] })),
      ],
    });
    const simulation = new Simulation(scenario, 1);
    simulation.run();
    const { coverage, values } = simulation.measures();
    expect(coverage).toEqual({ rumour: { atMs: [5, 20, 30], nodes: [2, 3, 4] } });
    expect(values.size?.buckets).toEqual([
      { from: 3, to: 3, count: 1 },
      { from: 9, to: 9, count: 2 },
    ]);
  });

  test('stay within their bounds however long a run is', () => {
    const meter = new Meter(100_000);
    for (let at = 0; at < 5_000; at += 1) {
      meter.sent(0, 10, at * 1_000);
      meter.mark('x', at, at * 1_000);
    }
    const { traffic, coverage, sent } = meter.read(0, 0);
    expect(traffic.messages.length).toBeLessThanOrEqual(SIM_LIMITS.maxPoints);
    expect(traffic.messages.reduce((sum, count) => sum + count, 0)).toBe(5_000);
    expect(traffic.bytes.reduce((sum, count) => sum + count, 0)).toBe(sent.bytes);
    const { atMs, nodes } = coverage.x as NonNullable<typeof coverage.x>;
    expect(atMs.length).toBeLessThanOrEqual(SIM_LIMITS.maxPoints + 1);
    expect([atMs[0], nodes[0], atMs.at(-1), nodes.at(-1)]).toEqual([0, 1, 4_999_000, 5_000]);
    expect(nodes.every((count, at) => count === (atMs[at] as number) / 1_000 + 1)).toBe(true);
  });
});

describe('histograms', () => {
  const values = fc.array(fc.oneof(fc.nat(20), fc.nat(10_000), fc.nat()), { maxLength: 200 });

  test('count everything in buckets that are never wider than an eighth of what they hold', () => {
    fc.assert(
      fc.property(values, (list) => {
        const counter = new HistogramCounter();
        for (const value of list) counter.add(value);
        const { count, sum, min, max, buckets } = counter.read();
        expect([count, sum]).toEqual([list.length, list.reduce((total, value) => total + value, 0)]);
        expect([min, max]).toEqual(list.length === 0 ? [0, 0] : [Math.min(...list), Math.max(...list)]);
        for (const bucket of buckets) {
          expect(bucket.count).toBe(list.filter((value) => value >= bucket.from && value <= bucket.to).length);
          expect((bucket.to - bucket.from) * 8).toBeLessThanOrEqual(bucket.from);
        }
        expect(buckets.reduce((total, bucket) => total + bucket.count, 0)).toBe(list.length);
      }),
    );
  });

  test('give quantiles that are never too low, and too high by an eighth at most', () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (list, share) => {
        const counter = new HistogramCounter();
        for (const value of list) counter.add(value);
        const got = quantile(counter.read(), share);
        const exact = [...list].sort((a, b) => a - b)[Math.max(0, Math.ceil(share * list.length) - 1)] ?? 0;
        expect(got).toBeGreaterThanOrEqual(exact);
        expect(got).toBeLessThanOrEqual(exact * 1.125);
      }),
    );
    expect(() => quantile(new HistogramCounter().read(), 2)).toThrow(RangeError);
  });

  test('count values from 2^31 on as the greatest they know', () => {
    const counter = new HistogramCounter();
    counter.add(2 ** 40);
    expect(counter.read()).toMatchObject({ min: 2 ** 31 - 1, max: 2 ** 31 - 1, count: 1 });
  });
});

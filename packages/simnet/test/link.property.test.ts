import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { linkRules } from '../src/fast-check.ts';
import { type LinkRules, type Measures, Simulation, type Step } from '../src/index.ts';
import { compileLink, sample } from '../src/link.ts';
import { numberIn, type Probe, probes, sends } from './support/probe.ts';
import { FEW_RUNS, isLikely } from './support/runs.ts';

const seed = fc.nat(1_000_000);

interface Sent {
  readonly probe: Probe;
  readonly measures: Measures;
}

/** Node 0 sends `count` datagrams to node 1, one every `everyMs`. */
function stream(link: LinkRules, count: number, everyMs: number, plan: number, length = 4, steps: Step[] = []): Sent {
  const acts = Array.from({ length: count }, (_, index) => sends(index * everyMs, 0, 1, index, length));
  const simulation = new Simulation(probes(2, { link, steps: [...acts, ...steps], untilMs: 100_000_000 }), plan);
  const outcome = simulation.run();
  expect(outcome.failure).toBeUndefined();
  return { probe: simulation.node(1), measures: simulation.measures() };
}

describe('any link', () => {
  test('lets nothing arrive before it was sent, nor anything that was not', () => {
    fc.assert(
      fc.property(linkRules(), seed, (link, plan) => {
        const { probe, measures } = stream(link, 100, 7, plan, 40);
        for (const { bytes, now } of probe.seen) {
          expect(bytes).toHaveLength(40);
          expect(now - numberIn(bytes) * 7).toBeGreaterThanOrEqual(Number(link.latencyMs ?? 0));
        }
        const { lost, queue } = measures.dropped;
        expect(probe.seen.length).toBe(100 - lost - queue + measures.duplicated);
        expect(measures.delayMs.count).toBe(probe.seen.length);
      }),
      FEW_RUNS,
    );
  });

  test('that is perfect keeps order and takes no time', () => {
    const { probe } = stream({}, 100, 0, 1);
    expect(probe.seen.map(({ bytes }) => numberIn(bytes))).toEqual(Array.from({ length: 100 }, (_, index) => index));
    expect(probe.seen.every(({ now }) => now === 0)).toBe(true);
  });

  test('hands every receiver bytes of its own', () => {
    const { probe } = stream({ duplicate: 1 }, 1, 1, 1);
    const [one, other] = probe.seen;
    expect(one?.bytes).toEqual(other?.bytes);
    expect(one?.bytes.buffer).not.toBe(other?.bytes.buffer);
  });
});

describe('chances', () => {
  const COUNT = 4_000;
  const chance = fc.integer({ min: 1, max: 99 }).map((percent) => percent / 100);

  test('of loss hold within five standard deviations', () => {
    fc.assert(
      fc.property(chance, seed, (loss, plan) => {
        const { measures } = stream({ loss }, COUNT, 3, plan);
        expect(isLikely(measures.dropped.lost, COUNT, loss)).toBe(true);
      }),
      FEW_RUNS,
    );
  });

  test('of loss hold for datagrams of one millisecond as well', () => {
    fc.assert(
      fc.property(chance, seed, (loss, plan) => {
        expect(isLikely(stream({ loss }, COUNT, 0, plan).measures.dropped.lost, COUNT, loss)).toBe(true);
      }),
      FEW_RUNS,
    );
  });

  test('of duplication hold within five standard deviations', () => {
    fc.assert(
      fc.property(chance, seed, (duplicate, plan) => {
        const { measures, probe } = stream({ duplicate, latencyMs: { min: 1, max: 50 } }, COUNT, 3, plan);
        expect(isLikely(measures.duplicated, COUNT, duplicate)).toBe(true);
        expect(probe.seen.length).toBe(COUNT + measures.duplicated);
      }),
      FEW_RUNS,
    );
  });

  test('of reordering hold within five standard deviations', () => {
    fc.assert(
      fc.property(chance, seed, (reorder, plan) => {
        const { probe } = stream({ reorder, holdMs: 1_000_000 }, COUNT, 3, plan);
        const held = probe.seen.filter(({ bytes, now }) => now - numberIn(bytes) * 3 === 1_000_000).length;
        expect(isLikely(held, COUNT, reorder)).toBe(true);
      }),
      FEW_RUNS,
    );
  });

  test('of bursts hold within five standard deviations, which bursts make wider', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 5, max: 60 }),
        fc.integer({ min: 5, max: 60 }),
        seed,
        (enterPercent, leavePercent, plan) => {
          const enter = enterPercent / 100;
          const leave = leavePercent / 100;
          const { measures, probe } = stream({ burst: { enter, leave, loss: 1 } }, COUNT, 1, plan);
          const bad = enter / (enter + leave);
          // The variance of the time in a state of a two-state chain, against that of as many independent tries.
          const wider = (2 - enter - leave) / (enter + leave);
          const sigma = Math.sqrt(COUNT * bad * (1 - bad) * Math.max(wider, 1));
          expect(Math.abs(measures.dropped.lost - COUNT * bad)).toBeLessThanOrEqual(5 * sigma + 1 / (enter + leave));
          const arrived = probe.seen.map(({ bytes }) => numberIn(bytes));
          const ends = arrived.filter((index, at) => at > 0 && index !== (arrived[at - 1] as number) + 1).length;
          const bursts = COUNT * bad * leave;
          expect(Math.abs(ends - bursts)).toBeLessThanOrEqual(5 * Math.sqrt(bursts) + 2);
        },
      ),
      FEW_RUNS,
    );
  });

  test('in one direction say nothing about the other', () => {
    const steps = Array.from({ length: 500 }, (_, index) => [
      sends(index, 0, 1, index),
      sends(index, 1, 0, index),
    ]).flat();
    const link = (from: number): LinkRules => (from === 0 ? { loss: 1 } : {});
    const simulation = new Simulation(probes(2, { link, steps }), 1);
    simulation.run();
    expect(simulation.node(1).seen).toHaveLength(0);
    expect(simulation.node(0).seen).toHaveLength(500);
  });
});

describe('durations', () => {
  test('lie between their bounds, both included', () => {
    fc.assert(
      fc.property(fc.nat(1_000), fc.nat(50), fc.nat(0xffff_ffff), (min, span, drawn) => {
        const { latency } = compileLink({ latencyMs: { min, max: min + span } });
        const value = sample(latency, drawn);
        expect(Number.isInteger(value) && value >= min && value <= min + span).toBe(true);
        expect(sample(latency, 0)).toBe(min);
        expect(sample(latency, 0xffff_ffff)).toBe(min + span);
      }),
    );
  });

  test('have the quantiles that were asked for', () => {
    const points = [10, 20, 40, 80, 1_000];
    const { latency } = compileLink({ latencyMs: { quantiles: points } });
    let before = 0;
    for (let step = 0; step <= 1_000; step += 1) {
      const drawn = Math.min(0xffff_ffff, Math.floor((step / 1_000) * 2 ** 32));
      const value = sample(latency, drawn);
      expect(value).toBeGreaterThanOrEqual(before);
      before = value;
      if (step % 250 === 0) expect(value).toBe(points[step / 250]);
    }
  });

  test('of links in a run lie between their bounds', () => {
    const { probe } = stream({ latencyMs: { min: 20, max: 30 }, jitterMs: 5 }, 2_000, 1, 9);
    const delays = probe.seen.map(({ bytes, now }) => now - numberIn(bytes));
    expect([Math.min(...delays), Math.max(...delays)]).toEqual([20, 35]);
  });
});

describe('bandwidth', () => {
  const rate = fc.integer({ min: 1_000, max: 1_000_000 });

  test('is never exceeded over any stretch of time, and never left unused', () => {
    fc.assert(
      fc.property(rate, fc.integer({ min: 4, max: 5_000 }), seed, (bytesPerSecond, length, plan) => {
        const { probe } = stream({ bytesPerSecond }, 200, 1, plan, length);
        const times = probe.seen.map(({ now }) => now);
        expect(times).toHaveLength(200);
        for (let from = 0; from < 200; from += 20) {
          for (let to = from + 1; to < 200; to += 20) {
            const bytes = (to - from) * length;
            const ms = (times[to] as number) - (times[from] as number);
            expect(bytes * 1_000).toBeLessThanOrEqual((ms + 1) * bytesPerSecond);
          }
        }
        // As soon as the sender is ahead of the link, the last byte comes when all bytes have had their time.
        const busyMs = Math.ceil((200 * length * 1_000) / bytesPerSecond);
        expect(times.at(-1)).toBeLessThanOrEqual(Math.max(busyMs, 199 + Math.ceil((length * 1_000) / bytesPerSecond)));
      }),
      FEW_RUNS,
    );
  });

  test('has a queue that drops what does not fit, and delays by no more than it holds', () => {
    fc.assert(
      fc.property(rate, fc.integer({ min: 1_000, max: 50_000 }), seed, (bytesPerSecond, queueBytes, plan) => {
        const { probe, measures } = stream({ bytesPerSecond, queueBytes }, 300, 1, plan, 1_000);
        const longest = Math.ceil(((queueBytes + 1_000) * 1_000) / bytesPerSecond) + 1;
        for (const { bytes, now } of probe.seen) expect(now - numberIn(bytes)).toBeLessThanOrEqual(longest);
        expect(measures.dropped.queue + probe.seen.length).toBe(300);
        if (bytesPerSecond < 500_000) expect(measures.dropped.queue).toBeGreaterThan(0);
        expect(probe.seen.length).toBeGreaterThan(0);
      }),
      FEW_RUNS,
    );
  });

  test('of an uplink is shared by all that a node sends', () => {
    const steps = Array.from({ length: 100 }, (_, index) => sends(0, 0, 1 + (index % 4), index, 1_000));
    const uplink = (node: number) => (node === 0 ? { bytesPerSecond: 10_000, queueBytes: 50_000 } : undefined);
    const simulation = new Simulation(probes(5, { steps, uplink }), 1);
    simulation.run();
    const arrivals = [1, 2, 3, 4].flatMap((node) => simulation.node(node).seen.map(({ now }) => now));
    expect(arrivals).toHaveLength(50);
    expect(arrivals.sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, index) => (index + 1) * 100));
    expect(simulation.measures().dropped.queue).toBe(50);
  });
});

describe('sizes', () => {
  test('beyond the limit of the link do not pass', () => {
    for (const [length, arrives] of [
      [1_400, 1],
      [1_401, 0],
    ] as const) {
      const { probe, measures } = stream({ maxBytes: 1_400 }, 1, 1, 1, length);
      expect(probe.seen).toHaveLength(arrives);
      expect(measures.dropped['too-long']).toBe(1 - arrives);
    }
    expect(stream({}, 1, 1, 1, 65_507).probe.seen).toHaveLength(1);
    expect(stream({}, 1, 1, 1, 65_508).probe.seen).toHaveLength(0);
  });
});

describe('rules that make no sense', () => {
  test('are refused by name', () => {
    const bad: readonly [LinkRules, string][] = [
      [{ latencyMs: -1 }, 'latencyMs'],
      [{ latencyMs: 1.5 }, 'latencyMs'],
      [{ latencyMs: { min: 5, max: 4 } }, 'latencyMs'],
      [{ latencyMs: { quantiles: [] } }, 'latencyMs'],
      [{ latencyMs: { quantiles: [3, 2] } }, 'latencyMs'],
      [{ jitterMs: Number.NaN }, 'jitterMs'],
      [{ loss: 1.1 }, 'chance'],
      [{ duplicate: -0.1 }, 'chance'],
      [{ burst: { enter: 2, leave: 0, loss: 0 } }, 'chance'],
      [{ bytesPerSecond: 0 }, 'bytesPerSecond'],
      [{ queueBytes: -1 }, 'queueBytes'],
      [{ maxBytes: 65_508 }, 'maxBytes'],
      [{ segmentBytes: 0 }, 'segmentBytes'],
      [{ retryMs: 0 }, 'retryMs'],
      [{ breakMs: 0 }, 'breakMs'],
    ];
    for (const [link, field] of bad) {
      expect(() => new Simulation(probes(1, { link }), 1), JSON.stringify(link)).toThrow(new RegExp(field));
    }
  });
});

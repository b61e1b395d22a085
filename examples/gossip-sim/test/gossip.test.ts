import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { assertOk, check, explore, replay, Simulation } from '@rookery/simnet';
import { describe, expect, test } from 'vitest';
import { gossipScenario } from '../src/scenario.ts';

const NODES = 1_000;
const LAW = 'versions never go back';

describe('the planted bug', () => {
  const scenario = gossipScenario({ nodes: NODES, planted: true });
  const { failure, shrunk, report } = explore(scenario, { seeds: 20 });

  test('is found in a network of a thousand nodes, with its seed', () => {
    expect(failure).toMatchObject({ code: 'invariant', check: LAW });
    expect(failure?.event).toBeGreaterThan(1_000);
    expect(report).toContain(`seed ${failure?.seed}`);
  });

  test('is cut down to at most ten events that still fail', () => {
    const schedule = shrunk?.schedule;
    if (schedule === undefined) throw new Error('there is no schedule');
    expect(schedule.entries.length).toBeLessThanOrEqual(10);
    expect(shrunk?.after.nodes).toBe(2);
    expect(replay(scenario, schedule).failure).toMatchObject({ code: 'invariant', check: LAW });
  });

  test('is gone from the engine without it, in that schedule and in a hundred other runs', () => {
    const fixed = gossipScenario({ nodes: NODES, planted: false });
    expect(replay(fixed, shrunk?.schedule ?? { seed: 0, nodes: 1, entries: [] }).ok).toBe(true);
    check(gossipScenario({ nodes: 40, planted: false, untilMs: 120_000 }), { seeds: 100 });
  });
});

test('a thousand nodes hear of everything, whatever the partition', () => {
  const simulation = new Simulation(gossipScenario({ nodes: NODES, planted: false }), 1);
  assertOk(simulation.run());
  const { coverage, sent, received, dropped, duplicated } = simulation.measures();
  expect(coverage['heard of topic 1']?.nodes.at(-1)).toBe(NODES);
  expect(dropped.lost).toBeGreaterThan(0);
  expect(dropped.partition).toBeGreaterThan(0);
  expect(received.messages).toBeLessThanOrEqual(sent.messages - dropped.lost - dropped.partition + duplicated);
});

test('the engine stays within sixty lines, comments aside', () => {
  const source = readFileSync(new URL('../src/gossip.ts', import.meta.url), 'utf8');
  const lines = source.split('\n').filter((line) => line.trim() !== '' && !/^\s*(\/\*\*|\*)/.test(line));
  expect(lines.length).toBeLessThanOrEqual(60);
});

test('the program shows how news spreads and prints the failure', async () => {
  const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [main, '--nodes', '200', '--seeds', '5']);
  expect(stdout).toMatch(/ 90 % #{45} {6}after \d+ ms/);
  expect(stdout).toMatch(/gossip: invariant "versions never go back" at node \d+, event \d+, \d+ ms, seed \d/);
  expect(stdout).toContain("import { replay, formatFailure } from '@rookery/simnet';");
  const json = await promisify(execFile)(process.execPath, [main, '--nodes', '50', '--json', '--seed', '3']);
  expect(JSON.parse(json.stdout)).toMatchObject({ dropped: { down: 0 } });
});

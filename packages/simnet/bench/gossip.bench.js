// @ts-check
/** Events a second and bytes of memory a node of the toy gossip, at three sizes, without a trace and with its hash. */
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { Simulation } from '@rookery/simnet';
import { gossipScenario } from './gossip.js';

/** Events a second on one core that a simulation of this gossip has to reach. */
const BOUND = 300_000;
const ROUNDS = 5;
const SIZES = /** @type {const} */ ([
  [100, 1_000, 30_000],
  [1_000, 150, 30_000],
  [10_000, 15, 30_000],
]);

/** Bytes that the program holds now. */
function held() {
  for (let round = 0; round < 4; round += 1) globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/**
 * Bytes a node in the middle of a run, in a process that has done nothing else. The engines remember every rumour, so only
 * one is told. Small networks are many at once, so that they outweigh what the runtime does meanwhile.
 *
 * @param {number} nodes
 */
function memory(nodes) {
  const scenario = gossipScenario(nodes, 1, 4_000);
  const networks = Math.ceil(20_000 / nodes);
  new Simulation(gossipScenario(10, 1, 4_000), 7, { trace: 'off' }).run();
  const before = held();
  const simulations = Array.from({ length: networks }, (_, seed) => new Simulation(scenario, seed, { trace: 'off' }));
  for (const simulation of simulations) simulation.advance(2_000);
  const bytes = held() - before;
  if (simulations.some((simulation) => simulation.failure !== undefined)) throw new Error('a run has failed');
  return Math.round(bytes / (networks * nodes));
}

/**
 * Events a second of one core in one run.
 *
 * @param {import('@rookery/simnet').Scenario<import('./gossip.js').Gossip>} scenario
 * @param {'off' | 'hash' | 'full'} trace
 */
function rate(scenario, trace) {
  const simulation = new Simulation(scenario, 7, { trace });
  // Time of the processor, as the clock on the wall tells more of who else is at work.
  const before = process.cpuUsage();
  const { events } = simulation.run();
  const { user, system } = process.cpuUsage(before);
  return { events, perSecond: events / ((user + system) / 1_000_000) };
}

/** @param {number[]} list */
const median = (list) => [...list].sort((left, right) => left - right)[list.length >> 1] ?? 0;

const [mode, size] = process.argv.slice(2);
if (mode === 'memory') {
  console.log(memory(Number(size)));
  process.exit();
}

for (const [nodes, rumours, untilMs] of SIZES) {
  const scenario = gossipScenario(nodes, rumours, untilMs);
  /** @type {Record<'off' | 'hash', number[]>} */
  const rates = { off: [], hash: [] };
  let events = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const trace of /** @type {const} */ (['off', 'hash'])) {
      const result = rate(scenario, trace);
      rates[trace].push(result.perSecond);
      events = result.events;
    }
  }
  for (const trace of /** @type {const} */ (['off', 'hash'])) {
    const perSecond = Math.round(median(rates[trace]));
    const verdict = perSecond >= BOUND ? 'ok' : 'MISSED';
    const name = `${nodes} nodes, ${trace === 'off' ? 'no trace' : 'trace hash'}`;
    console.log(
      `${name.padEnd(26)} ${String(perSecond).padStart(9)} events/s (${events} events; bound ${BOUND}, ${verdict})`,
    );
  }
  const args = ['--expose-gc', fileURLToPath(import.meta.url), 'memory', String(nodes)];
  const perNode = spawnSync(process.execPath, args, { encoding: 'utf8' }).stdout.trim();
  console.log(`${`${nodes} nodes`.padEnd(26)} ${perNode.padStart(9)} bytes a node, engine included`);
}

#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { explore, type Measures, quantile, Simulation } from '@rookery/simnet';
import { gossipScenario } from './scenario.ts';

const HELP = `Runs a toy gossip network in the simulator.

  --nodes <n>   nodes of the network (1000)
  --seeds <n>   seeds to try, from --seed on (20)
  --seed <n>    first seed (1)
  --fixed       run the engine without its planted bug
  --json        print measures as JSON instead of a chart
`;

const { values } = parseArgs({
  options: {
    nodes: { type: 'string', default: '1000' },
    seeds: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    fixed: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

/** Draws how many nodes have heard of the first topic over time. */
function drawCoverage(measures: Measures, nodes: number): string {
  const { atMs, nodes: reached } = measures.coverage['heard of topic 1'] ?? { atMs: [], nodes: [] };
  const lines: string[] = [];
  for (let share = 10; share <= 100; share += 10) {
    const point = reached.findIndex((count) => count >= (share / 100) * nodes);
    if (point === -1) break;
    const ms = (atMs[point] as number) - (atMs[0] as number);
    lines.push(`${`${share} %`.padStart(6)} ${'#'.repeat(share / 2).padEnd(50)} after ${ms} ms`);
  }
  return lines.join('\n');
}

function main(): number {
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const nodes = Number(values.nodes);
  const first = Number(values.seed);
  const good = gossipScenario({ nodes, planted: false });
  const simulation = new Simulation(good, first);
  const outcome = simulation.run();
  const measures = simulation.measures();
  if (values.json) {
    console.log(JSON.stringify(measures));
    return outcome.ok ? 0 : 1;
  }
  console.log(`${nodes} nodes, ${outcome.events} events, ${outcome.elapsedMs} ms of virtual time, seed ${first}`);
  console.log(`trace ${outcome.traceHash}`);
  console.log(
    `${measures.sent.messages} datagrams, ${measures.dropped.lost} lost, half of them within ${quantile(measures.delayMs, 0.5)} ms\n`,
  );
  console.log(`${drawCoverage(measures, nodes)}\n`);

  const scenario = gossipScenario({ nodes, planted: !values.fixed });
  const explored = explore(scenario, { first, seeds: Number(values.seeds), runner: 'node' });
  if (explored.failure === undefined) {
    console.log(`${explored.runs} seeds, ${explored.events} events: nothing failed`);
    return 0;
  }
  console.log(explored.report);
  return values.fixed ? 1 : 0;
}

process.exitCode = main();

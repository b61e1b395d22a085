import { assertOk, Simulation } from '@rookery/simnet';
import { expect, test } from 'vitest';
import { hostileNetwork, type PeersterSimNode } from './hostile-network.ts';

const LONG = process.env.ROOKERY_LONG === '1';
const LIMIT_MS = 120_000;

/** Runs the network until all honest stores are equal, and prints what it cost. */
function converge(nodes: number, texts: number, seed: number, every?: number): void {
  const { scenario, honest, agreed, leastBytes } = hostileNetwork(nodes, 40_000, texts, every);
  const simulation = new Simulation<PeersterSimNode>(scenario, { seed });
  let agreedAt: number | undefined;
  while (simulation.elapsedMs < LIMIT_MS && agreedAt === undefined) {
    simulation.advance(1_000);
    // Equivocation and re-mining go on for a minute: only what is agreed after them counts.
    if (simulation.elapsedMs > 61_000 && agreed(simulation)) agreedAt = simulation.elapsedMs;
  }
  const { perNode } = simulation.measures();
  const sent = honest.reduce((sum, node) => sum + (perNode.sentBytes[node] ?? 0), 0);
  const { store } = simulation.node(honest[0]!);
  const messages = store.publicRoom().length;
  const deliveries = messages * (nodes - 1);
  const least = leastBytes(simulation) / messages;
  // biome-ignore lint/suspicious/noConsole: the cost is what the run is for.
  console.log(
    `${nodes} nodes, ${nodes - honest.length} hostile, ${messages} messages, seed ${seed}: equal after ${agreedAt} ms; ` +
      `${Math.round(sent / deliveries)} bytes sent by honest nodes a delivered message, ${Math.round(least)} at least`,
  );
  expect(agreedAt).toBeDefined();
  expect(messages).toBeGreaterThan(nodes);
  for (const node of honest) expect(simulation.node(node).engine.peers().length).toBeLessThanOrEqual(7 + 256);
  assertOk(simulation.run());
}

test('20 % loss, 5 % duplication and 10 % hostile: every honest store is equal within 120 s', {
  timeout: 1_800_000,
}, () => {
  if (LONG) converge(100, 250, 1);
  else converge(24, 60, 1);
});

test('the same network without hostile nodes, for comparison of its cost', () => {
  converge(24, 60, 1, 0);
});

test('the same seed gives the same run, byte for byte', () => {
  const hashes = [1, 2].map(() => {
    const { scenario } = hostileNetwork(12, 5_000, 10);
    return new Simulation({ ...scenario, untilMs: 15_000 }, { seed: 5 }, { trace: 'hash' }).run().traceHash;
  });
  expect(hashes[0]).toBeDefined();
  expect(hashes[0]).toEqual(hashes[1]);
});

import { expect, test } from 'vitest';
import { formatDiagram, type Moment, run, type Step } from '../src/index.ts';
import { numberIn, probes, sends } from './support/probe.ts';

/** The last moments of a run that fails in its last event. */
function lastOf(steps: readonly Step[], nodes = 3): readonly Moment[] {
  const scenario = probes(nodes, {
    steps: [...steps, { do: 'act', at: 1_000, node: 0, name: 'wake', args: [1] }],
    link: { latencyMs: 12, loss: 0 },
    always: { ends: (view) => (view.elapsedMs === 1_000 ? 'the end' : undefined) },
  });
  return run(scenario, 1).failure?.last ?? [];
}

const describeIt = (bytes: Uint8Array): string => `number ${numberIn(bytes)}`;

test('a diagram has a column for each node and a line for each moment', () => {
  const moments = lastOf([
    sends(5, 0, 1, 7),
    sends(6, 1, 0, 8),
    { do: 'lose', from: 1, to: 2, nth: 0 },
    sends(20, 1, 2, 9),
    { do: 'partition', at: 30, forMs: 10, side: [2] },
    sends(35, 0, 2, 10),
    { do: 'crash', at: 50, node: 1, downMs: 5 },
    { do: 'move', at: 60, node: 2 },
  ]);
  expect(`\n${formatDiagram(moments, { describe: describeIt })}\n`).toMatchInlineSnapshot(`
    "
            ms  node 0          node 1          node 2
             0  * start         |               |
             0  |               * start         |
             0  |               |               * start
             5  * act           |               |                send(1, 7, 4)
             5  |- - - - - - - >|               |                number 7
             6  |               * act           |                send(0, 8, 4)
             6  |< - - - - - - -|               |                number 8
            17  |-------------->|               |                number 7
            18  |<--------------|               |                number 8
            20  |               * act           |                send(2, 9, 4)
            20  |               |- - - - - - - >|                number 9
            20  |               |- - - - - - - x|                drop number 9 lost
            30  |               |               |                partition begins
            35  * act           |               |                send(2, 10, 4)
            35  |- - - - - - - - - - - - - - - >|                number 10
            35  |- - - - - - - - - - - - - - - x|                drop number 10 partition
            40  |               |               |                partition ends
            50  |               * stop          |                crash
            55  |               * start         |                again
            60  |               |               * move           11.0.3.1:4000
          1000  * act           |               |                wake(1)
    "
  `);
});

test('a diagram shows what was asked for, and names nodes that have no column', () => {
  const moments = lastOf(
    Array.from({ length: 9 }, (_, index) => sends(index, index, index + 1, index)),
    10,
  );
  expect(`\n${formatDiagram(moments, { last: 6, columns: 2 })}\n`).toMatchInlineSnapshot(`
    "
            ms  node 0          node 9
            16  |               |                node 5: receive 4 bytes from node 4
            17  |               |                node 6: receive 4 bytes from node 5
            18  |               |                node 7: receive 4 bytes from node 6
            19  |               |                node 8: receive 4 bytes from node 7
            20  |               * receive        4 bytes from node 8
          1000  * act           |                wake(1)
    "
  `);
});

test('a diagram of nothing is its head', () => {
  expect(formatDiagram([])).toBe('        ms');
});

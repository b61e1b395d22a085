import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { freshFolder, TestNode } from '../node-harness.ts';

test.runIf(existsSync('/proc/self'))(
  'a data directory in or below /proc is refused in one sentence, and soon',
  async () => {
    for (const path of ['/proc', '/proc/twister', '/proc/twister/data']) {
      const node = new TestNode(freshFolder(), ['--datadir', path]);
      expect(await node.exited()).toBe(1);
      expect(node.errors).toMatch(/^twister-node: cannot use the data directory \/proc[^\n]*\n$/);
    }
  },
);

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseCommandLine } from '../../src/command-line.ts';
import { freshFolder } from '../node-harness.ts';

function started(conf: string, ...args: string[]): readonly [mineThreads: number, publicServer: boolean] {
  const folder = join(freshFolder(), 'data');
  mkdirSync(folder);
  writeFileSync(join(folder, 'twister.conf'), conf);
  const line = parseCommandLine([`-datadir=${folder}`, ...args]);
  if ('text' in line) throw new Error('a text was printed');
  return [line.options.mineThreads, line.options.publicServer];
}

test('a switch that the command line turns off stands above twister.conf', () => {
  expect(started('gen=1\npublic_server_mode=1\n')).toEqual([1, true]);
  expect(started('gen=1\npublic_server_mode=1\n', '-gen=0', '-public_server_mode=0')).toEqual([0, false]);
  expect(started('gen=0\npublic_server_mode=0\n', '-gen', '-public_server_mode=1')).toEqual([1, true]);
});

test('the value of a switch counts as twisterd reads it: nothing is 1, what is no number is 0', () => {
  expect(started('gen=false\npublic_server_mode=no\n')).toEqual([0, false]);
  expect(started('gen=\npublic_server_mode=2\n')).toEqual([1, true]);
});

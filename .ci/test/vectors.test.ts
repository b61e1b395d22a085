import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

test('writing the vectors anew gives the same bytes', () => {
  let output = '';
  try {
    execFileSync(process.execPath, ['spec/dist/vectors.js', '--check'], { encoding: 'utf8' });
  } catch (error) {
    output = (error as { stdout: string }).stdout;
  }
  expect(output).toBe('');
});

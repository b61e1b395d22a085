import { expect, test } from 'vitest';

test('the entry point imports', async () => {
  expect(typeof (await import('../src/index.ts'))).toBe('object');
});

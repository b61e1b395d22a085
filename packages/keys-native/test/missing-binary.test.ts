import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

/** The loader of the package takes the machine's name from this variable, so another machine can be played. */
function loadOn(machine: string): string {
  const script = `
    const { loadNativeBackend } = await import(${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)});
    try { console.log(loadNativeBackend().name); } catch (error) { console.log(error.name, error.code); }`;
  const env = { ...process.env, npm_config_arch: machine };
  return spawnSync(process.execPath, ['--input-type=module', '-e', script], { env, encoding: 'utf8' }).stdout.trim();
}

test('a machine without a binary gets a coded error, not a slower backend (KEY-23)', () => {
  expect(loadOn('sparc')).toBe('KeysError no-native-binary');
});

test('the machine that runs this has one', () => {
  expect(loadOn(process.arch)).toBe('native');
});

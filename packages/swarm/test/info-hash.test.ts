import { bytesToHex } from '@noble/hashes/utils.js';
import { expect, test } from 'vitest';
import { infoHashOf } from '../src/index.ts';
import { readCaptured } from './captured.ts';

test('published and captured info-hashes (SWARM-1)', () => {
  expect(bytesToHex(infoHashOf('mfreitas'))).toBe('5cebb4b6378b39ee9db6bc43e324232443539663');
  for (const file of ['swarm.json', 'swarm-forge.json']) {
    const { infoHashes } = readCaptured<{ infoHashes: Record<string, string> }>(file);
    for (const [user, infoHash] of Object.entries(infoHashes)) expect(bytesToHex(infoHashOf(user))).toBe(infoHash);
  }
});

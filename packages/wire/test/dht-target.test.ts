import { expect, test } from 'vitest';
import { dhtTarget, dhtTargetBytes, encodeUtf8 } from '../src/index.ts';
import { captured, toHex } from './captured-chain.ts';

test('targets of published and computed examples (DHT-4)', () => {
  const target = (n: string, r: string, t: string): string => toHex(dhtTarget(encodeUtf8(n), r, t));
  expect(new TextDecoder().decode(dhtTargetBytes(encodeUtf8('mfreitas'), 'tracker', 'm'))).toBe(
    'd1:n8:mfreitas1:r7:tracker1:t1:me',
  );
  expect(target('mfreitas', 'tracker', 'm')).toBe('5cebb4b6378b39ee9db6bc43e324232443539663');
  expect(target('mfreitas', 'profile', 's')).toBe('75b48a41bbebdd2a03d27177a3d72a927147aa70');
  expect(target('mfreitas', 'post442', 's')).toBe('e98243e6306bb3ffc53eac6103a6910be3644220');
  expect(target('twister', 'hashtag', 'm')).toBe('c67947c4e94b7ad405221d422d46f1e7893ce9f5');
});

test('captured info-hashes are the tracker targets of their users', () => {
  const { infoHashes } = captured<{ infoHashes: Readonly<Record<string, string>> }>('swarm.json');
  expect(Object.keys(infoHashes).length).toBeGreaterThan(3);
  for (const [user, infoHash] of Object.entries(infoHashes)) {
    expect(toHex(dhtTarget(encodeUtf8(user), 'tracker', 'm'))).toBe(infoHash);
  }
});

test('captured targets of DHT readers', () => {
  interface Case {
    readonly asked: { readonly n: string; readonly r: string; readonly t: string };
    readonly targetHash: string;
  }
  const { cases } = captured<{ cases: readonly Case[] }>('dht-reader-checks.json');
  const asked = cases.filter((entry) => entry.asked && entry.targetHash);
  expect(asked.length).toBeGreaterThan(10);
  for (const {
    asked: { n, r, t },
    targetHash,
  } of asked) {
    expect(toHex(dhtTarget(encodeUtf8(n), r, t))).toBe(targetHash);
  }
});

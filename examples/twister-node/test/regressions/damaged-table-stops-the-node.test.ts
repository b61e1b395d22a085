import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { openStore } from '../../src/store/open.ts';
import { freshFolder, TestNode } from '../node-harness.ts';

const log = pino({ level: 'silent' });
const RECORDS = 3000;
const keyOf = (index: number) => `mention/${String(index).padStart(12, '0')}`;

/** Overwrites some bytes in the middle of every table of a store. */
function damageTables(dataDir: string): void {
  const location = join(dataDir, 'store');
  const tables = readdirSync(location).filter((name) => name.endsWith('.ldb'));
  expect(tables).not.toEqual([]);
  for (const table of tables) {
    const path = join(location, table);
    const bytes = readFileSync(path);
    bytes.fill(0xff, bytes.length >> 1, (bytes.length >> 1) + 40);
    writeFileSync(path, bytes);
  }
}

async function fill(dataDir: string): Promise<void> {
  const store = await openStore(dataDir, log, (error) => {
    throw error;
  });
  for (let index = 0; index < RECORDS; index += 1) store.put(keyOf(index), new Uint8Array(300).fill(97));
  await store.close();
  const level = new ClassicLevel(join(dataDir, 'store'));
  await level.open();
  await level.compactRange('a', 'z');
  await level.close();
}

test('what stands in a damaged part of a table is missing, all the rest is there', async () => {
  const dataDir = freshFolder();
  await fill(dataDir);
  damageTables(dataDir);
  const store = await openStore(dataDir, log, (error) => {
    throw error;
  });
  let listed = 0;
  for await (const [key] of store.entries('mention/')) {
    expect(store.get(key)).toHaveLength(300);
    listed += 1;
  }
  let got = 0;
  for (let index = 0; index < RECORDS; index += 1) if (store.get(keyOf(index)) !== undefined) got += 1;
  expect(got).toBe(listed);
  expect(got).toBeLessThan(RECORDS);
  expect(got).toBeGreaterThan(RECORDS / 2);
  await store.close();
});

test('a node starts on a damaged table', async () => {
  const dataDir = freshFolder();
  const first = await TestNode.start(dataDir);
  await first.register('alice');
  for (let k = 0; k < 20; k += 1) await first.call('newpostmsg', 'alice', k, `post ${k} `.repeat(20));
  await first.end('SIGKILL');
  // What was in the log of the store goes into a table at the next start.
  await (await TestNode.start(dataDir)).end('SIGTERM');
  damageTables(dataDir);
  const again = await TestNode.start(dataDir);
  expect(await again.call('getblockcount')).toBeGreaterThanOrEqual(0);
  expect(await again.end('SIGTERM')).toBe(0);
});

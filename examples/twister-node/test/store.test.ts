import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { MemoryLevel } from 'memory-level';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { openMemoryStore, openStore } from '../src/store/open.ts';
import { type Level, Store } from '../src/store/store.ts';
import { freshFolder } from './node-harness.ts';

const log = pino({ level: 'silent' });
const bytes = (...values: number[]) => Uint8Array.from(values);
const keysOf = async (store: Store, prefix: string) => {
  const found: [string, number[]][] = [];
  for await (const [key, value] of store.entries(prefix)) found.push([key, [...value]]);
  return found;
};
const fail = (error: unknown) => {
  throw error;
};

describe('a store', () => {
  test('shows what was written at once, before it is on disk', async () => {
    const store = await openMemoryStore(log);
    store.put('a', bytes(1));
    expect(store.get('a')).toEqual(bytes(1));
    const written = store.flush();
    store.delete('a');
    expect(store.get('a')).toBeUndefined();
    store.put('a', bytes(2));
    await written;
    expect(store.get('a')).toEqual(bytes(2));
    await store.flush();
    expect(store.get('a')).toEqual(bytes(2));
    expect(store.get('b')).toBeUndefined();
  });

  test('lists entries by prefix, in order', async () => {
    const store = await openMemoryStore(log);
    for (const [at, key] of ['p/b', 'q/a', 'p/a', 'o/z', 'p'].entries()) store.put(key, bytes(at));
    expect(await keysOf(store, 'p/')).toEqual([
      ['p/a', [2]],
      ['p/b', [0]],
    ]);
  });

  test('hands out plain bytes and no Node buffers', async () => {
    const store = await openStore(freshFolder(), log, fail);
    store.put('a', bytes(1, 2, 3));
    await store.flush();
    expect(Object.getPrototypeOf(store.get('a'))).toBe(Uint8Array.prototype);
    for await (const [, value] of store.entries('')) expect(Object.getPrototypeOf(value)).toBe(Uint8Array.prototype);
    await store.close();
  });

  test('writes what belongs together in one batch, one batch after the other, synced', async () => {
    const level = new MemoryLevel<string, Uint8Array>({ keyEncoding: 'utf8', valueEncoding: 'view' });
    const batches: string[][] = [];
    let running = 0;
    const watched = new Proxy(level, {
      get(target, name) {
        if (name !== 'batch') return Reflect.get(target, name).bind?.(target) ?? Reflect.get(target, name);
        return async (operations: { key: string }[], options: { sync: boolean }) => {
          expect(options.sync).toBe(true);
          expect(running).toBe(0);
          running += 1;
          batches.push(operations.map(({ key }) => key));
          await new Promise((resolve) => setTimeout(resolve, 5));
          await target.batch(operations as never);
          running -= 1;
        };
      },
    });
    const store = new Store(watched as unknown as Level, log, fail);
    store.put('a', bytes(1));
    store.put('b', bytes(2));
    const first = store.flush();
    await new Promise((resolve) => setTimeout(resolve, 1));
    store.put('c', bytes(3));
    store.delete('a');
    await store.flush();
    await first;
    expect(batches).toEqual([
      ['a', 'b'],
      ['c', 'a'],
    ]);
  });

  test('confirms nothing once writing has failed', async () => {
    const level = new MemoryLevel<string, Uint8Array>({ keyEncoding: 'utf8', valueEncoding: 'view' });
    await level.open();
    let failure: unknown;
    const store = new Store(level as unknown as Level, log, (error) => {
      failure = error;
    });
    await level.close();
    store.put('a', bytes(1));
    const confirmed = store.flush().then(() => true);
    const late = new Promise((resolve) => setTimeout(() => resolve(false), 50));
    expect(await Promise.race([confirmed, late])).toBe(false);
    expect(failure).toBeInstanceOf(Error);
  });
});

describe('a damaged record', () => {
  test.each([0, 3, 4, 6])('at byte %i is put aside and counts as missing', async (at) => {
    const folder = freshFolder();
    const store = await openStore(folder, log, fail);
    store.put('a', bytes(1, 2, 3));
    store.put('b', bytes(4));
    await store.close();

    const level = new ClassicLevel<string, Uint8Array>(join(folder, 'store'), { valueEncoding: 'view' });
    const record = Uint8Array.from((await level.get('a'))!);
    record[at]! ^= 1;
    await level.put('a', record);
    await level.close();

    const again = await openStore(folder, log, fail);
    expect(again.get('a')).toBeUndefined();
    expect(again.get('b')).toEqual(bytes(4));
    expect(await keysOf(again, 'quarantine/')).toEqual([['quarantine/a', [...record]]]);
    expect(await keysOf(again, 'a')).toEqual([]);
    await again.close();
  });

  test('that is too short for a check is damaged too', async () => {
    const level = new MemoryLevel<string, Uint8Array>({ keyEncoding: 'utf8', valueEncoding: 'view' });
    await level.put('a', bytes(0));
    const store = new Store(level as unknown as Level, log, fail);
    expect(store.get('a')).toBeUndefined();
  });
});

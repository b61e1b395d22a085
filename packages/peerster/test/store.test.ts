import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MemoryStore, PEERSTER_LIMITS, type PruneCandidate, type StoredMessage } from '../src/index.ts';
import { Quota } from '../src/quota.ts';
import { rumorDatagramBytes } from '../src/rumor.ts';
import { START } from './mesh.ts';

let arrival = 0;

function message(origin: string, id: number, fields: { destination?: string; bytes?: number } = {}): StoredMessage {
  arrival += 1;
  const { destination = '', bytes = 10 } = fields;
  const none = new Uint8Array(0);
  const rumor = {
    origin: new TextEncoder().encode(origin),
    destination: new TextEncoder().encode(destination),
    id,
    content: new Uint8Array(bytes),
    signature: none,
    nonce: new Uint8Array(16),
  };
  return { origin, destination, rumor, hash: new Uint8Array(32).fill(arrival), arrival, seenAt: START, from: '' };
}

test('listings are in order of arrival, a replacement arrives anew (PEERSTER-28)', () => {
  const store = new MemoryStore();
  store.put(message('b', 0));
  store.put(message('a', 0));
  store.put(message('a', 1));
  store.put(message('a', 2, { destination: 'b' }));
  store.put(message('b', 1, { destination: 'a' }));
  store.put(message('b', 2, { destination: 'c' }));
  store.put(message('a', 1));
  const show = (messages: StoredMessage[]) => messages.map(({ origin, rumor }) => `${origin}${rumor.id}`);
  expect(show(store.publicRoom())).toEqual(['b0', 'a0', 'a1']);
  expect(show(store.between('a', 'b'))).toEqual(['a2', 'b1']);
  expect(store.between('b', 'a')).toEqual(store.between('a', 'b'));
  expect(show(store.publicRoom({ after: store.publicRoom()[0]!.arrival, limit: 1 }))).toEqual(['a0']);
  expect(store.origins()).toEqual(['a', 'b']);
  expect([store.nextId('a'), store.nextId('b'), store.nextId('c')]).toEqual([3, 3, 0]);
  expect(() => store.put(message('c', 1))).toThrow(RangeError);
});

test('a store gives back what was put last under each number', () => {
  const steps = fc.array(fc.record({ origin: fc.constantFrom('a', 'b', 'c'), back: fc.nat(3), prune: fc.boolean() }), {
    maxLength: 50,
  });
  fc.assert(
    fc.property(steps, (list) => {
      const store = new MemoryStore();
      const model = new Map<string, (StoredMessage | undefined)[]>();
      for (const { origin, back, prune } of list) {
        const log = model.get(origin) ?? [];
        const id = Math.max(0, log.length - back);
        if (prune && id < log.length) {
          store.prune(origin, id);
          log[id] = undefined;
        } else {
          const put = message(origin, id);
          store.put(put);
          log[id] = put;
          model.set(origin, log);
        }
      }
      expect(store.origins()).toEqual([...model.keys()].sort());
      for (const [origin, log] of model) {
        expect(store.nextId(origin)).toBe(log.length);
        log.forEach((expected, id) => {
          expect(store.get(origin, id)).toBe(expected);
          expect(store.hashOf(origin, id)).toBeDefined();
        });
      }
      const alive = [...model.values()].flat().filter((entry) => entry !== undefined);
      expect(store.publicRoom()).toEqual(alive.sort((a, b) => a.arrival - b.arrival));
    }),
  );
});

const limits = { ...PEERSTER_LIMITS, origins: 3, messagesPerOrigin: 5, keptSuffix: 2, storeBytes: 100_000 };

function filled(
  options: Partial<typeof limits> = {},
  policy?: (candidates: Iterable<PruneCandidate>) => string | undefined,
) {
  const store = new MemoryStore();
  const quota = new Quota(store, { ...limits, ...options }, (origin) => origin === 'own', policy);
  const add = (origin: string, bytes = 10) => {
    const next = message(origin, store.nextId(origin), { bytes });
    const previous = store.get(origin, next.rumor.id);
    store.put(next);
    return quota.added(next, previous);
  };
  const kept = (origin: string) =>
    Array.from({ length: store.nextId(origin) }, (_, id) => id).filter((id) => store.get(origin, id) !== undefined);
  return { store, quota, add, kept };
}

test('one origin keeps its announcement and its newest messages (PEERSTER-28)', () => {
  const { add, kept, store } = filled();
  const pruned = Array.from({ length: 9 }, () => add('a')).flat();
  expect(pruned).toEqual([
    { origin: 'a', from: 1, to: 2 },
    { origin: 'a', from: 2, to: 3 },
    { origin: 'a', from: 3, to: 4 },
  ]);
  expect(kept('a')).toEqual([0, 4, 5, 6, 7, 8]);
  expect(store.nextId('a')).toBe(9);
  expect(store.hashOf('a', 1)).toBeDefined();
});

test('no more origins than the cap (PEERSTER-28)', () => {
  const { add, quota } = filled();
  for (const origin of ['a', 'b', 'c']) add(origin);
  expect(quota.hasRoom('d')).toBe(false);
  expect(quota.hasRoom('a')).toBe(true);
});

test('when bytes run out the longest silent origin gives way, never our own (PEERSTER-28)', () => {
  const { add, kept, quota } = filled({ storeBytes: 5_200 });
  for (let index = 0; index < 5; index += 1) for (const origin of ['own', 'old', 'new']) add(origin, 300);
  for (let index = 0; index < 3; index += 1) add('new', 300);
  expect(kept('own')).toEqual([0, 1, 2, 3, 4]);
  expect(kept('old')).toEqual([0, 3, 4]);
  expect(quota.storedBytes).toBeLessThan(5_200);
});

test('where nothing can give way, nothing new has room (PEERSTER-28)', () => {
  const { add, quota } = filled({ storeBytes: 1_000 }, () => undefined);
  while (quota.storedBytes < 1_000) add('a', 300);
  expect(quota.hasRoom('a')).toBe(false);
  expect(quota.hasRoom('own')).toBe(true);
});

test('bytes are accounted for after a restart as before', () => {
  const { add, store, quota } = filled();
  for (let index = 0; index < 8; index += 1) add('a', index * 10);
  add('b');
  const again = new Quota(store, limits, () => false);
  expect(again.storedBytes).toBe(quota.storedBytes);
  expect(quota.storedBytes).toBe(store.publicRoom().reduce((sum, { rumor }) => sum + rumorDatagramBytes(rumor), 0));
});

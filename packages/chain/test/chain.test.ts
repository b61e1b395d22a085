import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { encodeBlock, encodeTransaction, transactionId } from '@rookery/wire';
import { describe, expect, test } from 'vitest';
import {
  Chain,
  type ChainEffect,
  type ChainOptions,
  checkBlock,
  checkRegistrationProof,
  promotionTransaction,
  readRegistration,
} from '../src/index.ts';
import { blockOn, branchOn, type DevBlock, genesis, keyPair, NOW, noWork, registration } from './dev-chain.ts';

const dev = (options: Partial<ChainOptions> = {}) => new Chain({ network: 'dev', powHash: noWork, ...options });

/** Effects in a form that a failing test can show: type and what tells one from another. */
function told(effects: readonly ChainEffect[], names: Readonly<Record<string, DevBlock>> = {}): string[] {
  const known = new Map(Object.entries(names).map(([name, { id }]) => [bytesToHex(id), name]));
  const nameOf = (id: Uint8Array | null) => (id === null ? 'null' : (known.get(bytesToHex(id)) ?? 'other'));
  return effects.map((effect) => {
    if (effect.type === 'rejected') return `rejected ${nameOf(effect.id)} ${effect.code} ${effect.penalty}`;
    if (effect.type === 'orphan') return `orphan ${nameOf(effect.id)} ${nameOf(effect.missing)}`;
    return `${effect.type} ${nameOf(effect.id)}`;
  });
}

const add = (chain: Chain, ...blocks: readonly DevBlock[]) => blocks.flatMap(({ bytes }) => chain.addBlock(bytes, NOW));

describe('adding blocks (CHAIN-61)', () => {
  test('a block on the tip is accepted, connected and the tip', () => {
    const chain = dev();
    const a1 = blockOn(genesis);
    expect(told(add(chain, a1), { a1 })).toEqual(['accepted a1', 'connected a1', 'tip a1']);
    expect(chain.tip).toEqual({ id: a1.id, height: 1, time: a1.header.time, bits: a1.header.bits });
    expect(chain.entry(a1.id)).toMatchObject({ height: 1, inActiveChain: true });
    expect(chain.entry(a1.id)?.transactions).toEqual(a1.block.transactions.map(transactionId));
    expect(chain.blockBytes(a1.id)).toEqual(a1.bytes);
  });

  test('of equals the first stays; a longer branch takes over, told from the tip down and upwards', () => {
    const chain = dev();
    const [a1, a2] = branchOn(genesis, 2, 'a') as [DevBlock, DevBlock];
    const [b1, b2, b3] = branchOn(genesis, 3, 'b') as [DevBlock, DevBlock, DevBlock];
    add(chain, a1, a2);
    expect(told(add(chain, b1, b2), { b1, b2 })).toEqual(['accepted b1', 'accepted b2']);
    expect(told(add(chain, b3), { a1, a2, b1, b2, b3 })).toEqual([
      'accepted b3',
      'disconnected a2',
      'disconnected a1',
      'connected b1',
      'connected b2',
      'connected b3',
      'tip b3',
    ]);
    expect(chain.entry(a2.id)).toMatchObject({ inActiveChain: false });
    expect(chain.heightOf(a1.id)).toBeUndefined();
  });

  test('a known block and a known orphan are duplicates', () => {
    const chain = dev();
    const [a1, a2, a3] = branchOn(genesis, 3) as [DevBlock, DevBlock, DevBlock];
    add(chain, a1, a3);
    expect(told(add(chain, genesis, a1, a3), { genesis, a1, a3 })).toEqual([
      'rejected genesis duplicate 0',
      'rejected a1 duplicate 0',
      'rejected a3 duplicate 0',
    ]);
    expect(told(add(chain, a2), { a2, a3 })).toContain('accepted a3');
  });

  test('bytes after a block are ignored, long lengths are shortened, and what is told is the shortest form', () => {
    const chain = dev();
    const { bytes } = blockOn(genesis);
    const trailing = Uint8Array.from([...bytes, 1, 2, 3]);
    expect(chain.addBlock(trailing, NOW)[0]).toMatchObject({ type: 'accepted', bytes });
    const other = blockOn(genesis, { text: 'other' });
    const long = Uint8Array.from([...other.bytes.slice(0, 84), 0xfd, 1, 0, ...other.bytes.slice(85)]);
    expect(chain.addBlock(long, NOW)[0]).toMatchObject({ type: 'accepted', bytes: other.bytes });
  });

  test('the received bytes may be overwritten afterwards', () => {
    const chain = dev();
    const a1 = blockOn(genesis, { registrations: [registration('alice', 1)] });
    const a2 = blockOn(a1, { registrations: [registration('bob', 2)] });
    for (const { bytes } of [a2, a1]) {
      const buffer = bytes.slice();
      chain.addBlock(buffer, NOW);
      buffer.fill(0xff);
    }
    expect(chain.user('alice')?.publicKey).toEqual(keyPair(1).publicKey);
    expect(chain.user('bob')?.publicKey).toEqual(keyPair(2).publicKey);
    expect(chain.blockBytes(a2.id)).toEqual(a2.bytes);
    expect(chain.header(a2.id)).toEqual(a2.header);
  });

  test('unreadable bytes have no id', () => {
    expect(told(dev().addBlock(new Uint8Array(10), NOW))).toEqual(['rejected null truncated 0']);
  });

  test('work is judged by the given hash', () => {
    const chain = dev({ powHash: () => new Uint8Array(32).fill(0xff) });
    const a1 = blockOn(genesis);
    expect(told(add(chain, a1), { a1 })).toEqual(['rejected a1 insufficient-work 50']);
    expect(told(chain.addBlock(a1.bytes, NOW, { trusted: true }), { a1 })).toContain('connected a1');
  });

  test('a block from the future is refused and may come again', () => {
    const chain = dev();
    const a1 = blockOn(genesis);
    const early = (a1.header.time - 7201) * 1000;
    expect(told(chain.addBlock(a1.bytes, early), { a1 })).toEqual(['rejected a1 time-too-new 0']);
    expect(told(chain.addBlock(a1.bytes, early + 1000), { a1 })).toContain('tip a1');
  });

  test.each([
    ['wrong-bits', 100, { bits: 0x1f00ffff }],
    ['time-too-old', 0, { time: genesis.header.time }],
    ['old-version', 0, { version: 1 }],
    ['wrong-height', 100, { height: 2 }],
  ])('%s', (code, penalty, header) => {
    const chain = dev();
    const a1 = blockOn(genesis, { header });
    expect(told(add(chain, a1), { a1 })).toEqual([`rejected a1 ${code} ${penalty}`]);
    expect(chain.knowsBlock(a1.id)).toBe(false);
  });
});

describe('blocks that fail when they are to be connected (CHAIN-44, CHAIN-61, CHAIN-62)', () => {
  const [one, two] = [registration('alice', 1), registration('alice', 2)];
  const a1 = blockOn(genesis, { registrations: [one] });
  const bad = blockOn(a1, { registrations: [two] });

  test('on the tip: only the refusal is told, and the block is known', () => {
    const chain = dev();
    add(chain, a1);
    expect(told(add(chain, bad), { bad })).toEqual(['rejected bad name-taken 100']);
    expect(told(add(chain, bad), { bad })).toEqual(['rejected bad duplicate 0']);
    const child = blockOn(bad);
    expect(told(add(chain, child), { child })).toEqual(['rejected child invalid-ancestor 0']);
    expect(chain.tip.id).toEqual(a1.id);
    expect(chain.blockBytes(bad.id)).toBeUndefined();
  });

  test('a stored one: it is refused when its branch would be the better one, and nothing else changes', () => {
    const chain = dev();
    const [b1, b2] = branchOn(genesis, 2, 'b') as [DevBlock, DevBlock];
    const c3 = blockOn(b2);
    const d3 = blockOn(bad);
    const e3 = blockOn(bad, { text: 'sibling' });
    add(chain, b1, b2, a1);
    expect(told(add(chain, bad), { bad })).toEqual(['accepted bad']);
    expect(told(add(chain, d3), { bad, d3 })).toEqual([
      'rejected bad name-taken 100',
      'rejected d3 invalid-ancestor 0',
    ]);
    expect(chain.tip.id).toEqual(b2.id);
    expect(chain.user('alice')).toBeUndefined();
    expect(told(add(chain, e3), { e3 })).toEqual(['rejected e3 invalid-ancestor 0']);
    expect(told(add(chain, c3), { c3 })).toContain('tip c3');
  });

  test('a branch that fails at its end gives back what it took', () => {
    const chain = dev();
    const b1 = blockOn(genesis, { registrations: [registration('alice', 3), registration('bob', 4)], text: 'b' });
    const b2 = blockOn(b1, { registrations: [registration('carol', 5)] });
    add(chain, b1, b2, a1, bad);
    const before = ['alice', 'bob', 'carol'].map((name) => chain.user(name));
    add(chain, blockOn(bad));
    expect(['alice', 'bob', 'carol'].map((name) => chain.user(name))).toEqual(before);
    expect(chain.tip.id).toEqual(b2.id);
  });

  test('names of the branch that is left do not count (W4)', () => {
    const chain = dev();
    const b1 = blockOn(genesis, { registrations: [two], text: 'b' });
    const b2 = blockOn(b1);
    add(chain, a1, b1);
    expect(told(add(chain, b2), { a1, b1, b2 })).toEqual([
      'accepted b2',
      'disconnected a1',
      'connected b1',
      'connected b2',
      'tip b2',
    ]);
    expect(chain.user('alice')?.publicKey).toEqual(keyPair(2).publicKey);
  });

  test('a promotion that is not signed by its author, though the author is registered on the other branch', () => {
    const chain = dev();
    const author = { name: 'alice', secret: keyPair(1).secret };
    const promotion = promotionTransaction({ text: 'mine', author });
    const b1 = blockOn(genesis, { promotion });
    add(chain, a1, b1);
    expect(told(add(chain, blockOn(b1)), { b1 })).toEqual([
      'rejected b1 unknown-promotion-author 100',
      'rejected other invalid-ancestor 0',
    ]);
    expect(told(add(chain, blockOn(a1, { promotion })))).toContain('tip other');
  });

  test('trusted blocks are not judged again, so that a store can be read back quickly', () => {
    const chain = dev();
    add(chain, a1);
    expect(told(chain.addBlock(bad.bytes, NOW, { trusted: true }), { bad })).toContain('connected bad');
  });
});

describe('orphans (CHAIN-63)', () => {
  test('wait for their parent, however many are between, and come parents first', () => {
    const chain = dev();
    const [a1, a2, a3, a4] = branchOn(genesis, 4) as [DevBlock, DevBlock, DevBlock, DevBlock];
    const b3 = blockOn(a2, { text: 'b' });
    expect(told(add(chain, a3, a4, b3, a2), { a1, a2, a3, a4, b3 })).toEqual([
      'orphan a3 a2',
      'orphan a4 a2',
      'orphan b3 a2',
      'orphan a2 a1',
    ]);
    expect(chain.orphanRoot(a4.id)).toEqual(a2.id);
    expect(chain.missingBefore(a4.id)).toEqual(a1.id);
    expect(told(add(chain, a1), { a1, a2, a3, a4, b3 })).toEqual([
      'accepted a1',
      'accepted a2',
      'accepted a3',
      'accepted b3',
      'accepted a4',
      'connected a1',
      'connected a2',
      'connected a3',
      'connected a4',
      'tip a4',
    ]);
    expect(chain.orphanRoot(a4.id)).toBeUndefined();
  });

  test('that fail score nobody, and those after them neither', () => {
    const chain = dev();
    const a1 = blockOn(genesis);
    const a2 = blockOn(a1, { header: { height: 7 } });
    const a3 = blockOn(a2, { header: { height: 3 } });
    add(chain, a3, a2);
    expect(told(add(chain, a1), { a1, a2, a3 })).toEqual([
      'accepted a1',
      'rejected a2 wrong-height 0',
      'rejected a3 unknown-parent 0',
      'connected a1',
      'tip a1',
    ]);
  });

  test('a hundred wait at least; the oldest makes way', () => {
    const chain = dev({ limits: { orphans: 100 } });
    const [first, ...blocks] = branchOn(genesis, 102);
    const waiting = blocks.reverse();
    add(chain, ...waiting);
    expect(waiting.filter(({ id }) => chain.knowsBlock(id))).toHaveLength(100);
    expect(chain.knowsBlock(waiting[0]!.id)).toBe(false);
    add(chain, first!);
    expect(chain.tip.height).toBe(101);
  });

  test('what stands on nothing does not wait', () => {
    const a1 = blockOn(genesis, { header: { prev: new Uint8Array(32) } });
    expect(told(add(dev(), a1), { a1 })).toEqual(['rejected a1 unknown-parent 10']);
  });

  test('a chain with no place for any refuses them', () => {
    const [, a2] = branchOn(genesis, 2) as [DevBlock, DevBlock];
    expect(told(add(dev({ limits: { orphans: 0 } }), a2), { a2 })).toEqual(['rejected a2 unknown-parent 10']);
  });
});

describe('blocks beside the chain (CHAIN-64)', () => {
  test('are bounded: the lightest leaf goes, also if it is the one that came', () => {
    const chain = dev({ limits: { sideBlocks: 3 } });
    const [b1, b2] = branchOn(genesis, 2, 'b') as [DevBlock, DevBlock];
    const [c1, d1] = [blockOn(genesis, { text: 'c' }), blockOn(genesis, { text: 'd' })];
    add(chain, ...branchOn(genesis, 3, 'a'), b1, b2, c1);
    expect(told(add(chain, d1), { d1 })).toEqual(['rejected d1 side-branch-full 0']);
    const e2 = blockOn(b1, { text: 'e' });
    expect(told(add(chain, e2), { e2 })).toEqual(['accepted e2']);
    expect([b1, b2, c1, d1, e2].map(({ id }) => chain.knowsBlock(id))).toEqual([true, true, false, false, true]);
    expect(chain.blockBytes(c1.id)).toBeUndefined();
  });

  test('failed ones go first', () => {
    const chain = dev({ limits: { sideBlocks: 1 } });
    const a1 = blockOn(genesis, { registrations: [registration('alice', 1)] });
    const bad = blockOn(a1, { registrations: [registration('alice', 2)] });
    const side = blockOn(genesis, { text: 'side' });
    add(chain, a1, bad);
    expect(told(add(chain, side), { side })).toEqual(['accepted side']);
    expect(chain.knowsBlock(bad.id)).toBe(false);
  });
});

describe('users (CHAIN-43, CHAIN-68)', () => {
  const [first, second, third] = [registration('alice', 1), registration('alice', 2, 1), registration('al', 3)];
  const a1 = blockOn(genesis, { registrations: [first, third] });
  const a2 = blockOn(a1);
  const a3 = blockOn(a2, { registrations: [second] });
  const a4 = blockOn(a3, { registrations: [second] });
  const chain = dev();
  add(chain, a1, a2, a3, a4);

  test('keys at heights, first and last registration, one mined again included (W1)', () => {
    const [old, now] = [keyPair(1).publicKey, keyPair(2).publicKey];
    expect([0, 1, 2, 3, 4].map((height) => chain.keyAt('alice', height))).toEqual([undefined, old, old, now, now]);
    expect([chain.firstRegisteredAt('alice'), chain.registeredAt('alice')]).toEqual([1, 4]);
    expect(chain.user('alice')?.history.map(({ height }) => height)).toEqual([1, 3, 4]);
    expect(chain.user('alice', 2)).toMatchObject({ publicKey: old, registeredAt: 1, first: 1 });
    expect(chain.user('alice', 0)).toBeUndefined();
    expect(chain.user('bob')).toBeUndefined();
  });

  test('ordinals count promotions, and name the latest registration', () => {
    expect([chain.uidOf('alice'), chain.uidOf('al'), chain.uidOf('bob')]).toEqual([8, 3, undefined]);
    expect([0, 1, 2, 3, 4, 6, 8, 9].map((uid) => chain.nameOfUid(uid))).toEqual([
      undefined,
      undefined,
      'alice',
      'al',
      undefined,
      'alice',
      'alice',
      undefined,
    ]);
    expect(chain.transactionCount).toBe(9);
  });

  test('by prefix, sorted', () => {
    expect(chain.namesWithPrefix('al', 9)).toEqual(['al', 'alice']);
    expect(chain.namesWithPrefix('al', 1)).toEqual(['al']);
    expect(chain.namesWithPrefix('alj', 9)).toEqual([]);
    expect(chain.namesWithPrefix('', 9)).toEqual(['al', 'alice']);
  });

  test('a proof holds for a light client', () => {
    const proof = chain.proof('alice')!;
    const verdict = checkRegistrationProof(proof, { network: 'dev', name: 'alice', powHash: noWork });
    expect(verdict).toMatchObject({ ok: true, height: 4, publicKey: keyPair(2).publicKey, blockId: a4.id });
    expect(chain.proof('bob')).toBeUndefined();
  });
});

describe('the pool (CHAIN-45, CHAIN-65)', () => {
  const alice = registration('alice', 1);
  const bytes = encodeTransaction(alice);
  const id = transactionId(alice);

  test('keeps a registration until a block has it, and takes it back when that block leaves', () => {
    const chain = dev();
    expect(chain.addTransaction(Uint8Array.from([...bytes, 7]), NOW)).toEqual([{ type: 'pooled', id, bytes }]);
    expect(told(chain.addTransaction(bytes, NOW))).toEqual(['rejected other duplicate 0']);
    expect(chain.pool()).toEqual([id]);
    expect(chain.pooled(id)).toEqual(bytes);
    add(chain, blockOn(genesis, { registrations: [alice] }));
    expect(chain.pool()).toEqual([]);
    expect(told(chain.addTransaction(bytes, NOW))).toEqual(['rejected other name-taken 0']);
    add(chain, ...branchOn(genesis, 2, 'b'));
    expect(chain.pool()).toEqual([id]);
  });

  test('drops what lost its name, keeps what replaces the key', () => {
    const chain = dev();
    const [rival, replacement] = [registration('alice', 2), registration('alice', 3, 1)];
    for (const transaction of [rival, replacement]) chain.addTransaction(encodeTransaction(transaction), NOW);
    expect(chain.pool()).toHaveLength(2);
    add(chain, blockOn(genesis, { registrations: [alice] }));
    expect(chain.pool()).toEqual([transactionId(replacement)]);
  });

  test('keeps a replacement when what it replaces leaves', () => {
    const chain = dev();
    const replacement = registration('alice', 3, 1);
    add(chain, blockOn(genesis, { registrations: [alice] }));
    chain.addTransaction(encodeTransaction(replacement), NOW);
    add(chain, ...branchOn(genesis, 2, 'b'));
    expect(chain.pool()).toHaveLength(2);
    expect(chain.pooled(transactionId(replacement))).toBeDefined();
    expect(chain.pooled(id)).toEqual(bytes);
  });

  test('what came back with a name that the other branch gave away stays out', () => {
    const chain = dev();
    const b1 = blockOn(genesis, { registrations: [registration('alice', 2)], text: 'b' });
    add(chain, blockOn(genesis, { registrations: [alice] }), b1, blockOn(b1));
    expect(chain.pool()).toEqual([]);
  });

  test('is full of those with the most work', () => {
    const chain = dev({ limits: { poolTransactions: 2 } });
    const several = [1, 2, 3, 4, 5, 6].map((key) => registration('alice', key));
    for (const transaction of several) chain.addTransaction(encodeTransaction(transaction), NOW);
    const ids = several.map((transaction) => transactionId(transaction)).map((value) => value.slice().reverse());
    const best = ids.map(bytesToHex).sort().slice(0, 2);
    expect(chain.pool().map((value) => bytesToHex(value.slice().reverse()))).toEqual(best);
    const codes = several.flatMap((transaction) => told(chain.addTransaction(encodeTransaction(transaction), NOW)));
    expect(codes).toContain('rejected other pool-full 0');
  });

  test('takes only so much from the network in a while, and anything from the application', () => {
    const chain = dev({ limits: { poolRateBytes: 1, poolRateSeconds: 10 } });
    const add = (key: number, now: number, local = false) =>
      told(chain.addTransaction(encodeTransaction(registration(`user${key}`, key)), now, { local }));
    expect(add(1, NOW)).toEqual(['pooled other']);
    expect(add(2, NOW)).toEqual(['rejected other rate-limited 0']);
    expect(add(3, NOW, true)).toEqual(['pooled other']);
    expect(add(2, NOW + 60_000)).toEqual(['pooled other']);
  });

  test('unreadable bytes and promotions are refused', () => {
    const chain = dev();
    expect(told(chain.addTransaction(new Uint8Array(3), NOW))).toEqual(['rejected null truncated 0']);
    const promotion = encodeTransaction(promotionTransaction({ text: 'loose' }));
    expect(told(chain.addTransaction(promotion, NOW))).toEqual(['rejected other loose-promotion 100']);
  });
});

describe('templates (CHAIN-55)', () => {
  test('a template is a valid block: smallest ids first, one a name, all that is known of the chain kept', () => {
    const chain = dev();
    const waiting = [registration('alice', 1), registration('alice', 2), registration('bob', 3)];
    for (const transaction of waiting) chain.addTransaction(encodeTransaction(transaction), NOW);
    const block = chain.blockTemplate({ now: NOW, message: 'hello', extraNonce: 1 });
    expect(checkBlock(block, { network: 'dev', now: NOW / 1000, powHash: noWork })).toMatchObject({ ok: true });
    const ids = block.transactions.slice(1).map(transactionId).map(bytesToHex);
    const expected = chain.pool().map(bytesToHex);
    expect(ids).toHaveLength(2);
    expect(ids[0]).toBe(expected[0]);
    expect(bytesToHex(block.transactions[0]!.pubKey)).toBe('0101062f503253482f');
    expect(told(chain.addBlock(encodeBlock(block), NOW))).toContain('tip other');
    expect(chain.user('bob')).toBeDefined();
  });

  test('its time passes the median even where the clock stands', () => {
    const chain = dev();
    add(chain, ...branchOn(genesis, 3));
    const block = chain.blockTemplate({ now: 0, message: 'hello' });
    expect(block.header.time).toBe(chain.medianTimePast() + 1);
    expect(told(chain.addBlock(encodeBlock(block), NOW))).toContain('tip other');
  });

  test('keeps to its size, and to registered authors', () => {
    const chain = dev();
    for (let key = 1; key < 40; key += 1) chain.addTransaction(encodeTransaction(registration(`user${key}`, key)), NOW);
    const small = chain.blockTemplate({ now: NOW, message: 'hello', maxBytes: 2000 });
    expect(encodeBlock(small).length).toBeLessThanOrEqual(2000);
    expect(small.transactions.length).toBeGreaterThan(10);
    const name = readRegistration(small.transactions[1]!).name!;
    const author = { name, secret: keyPair(Number(name.slice(4))).secret };
    expect(() => chain.blockTemplate({ now: NOW, message: 'hello', author })).toThrow(RangeError);
    chain.addBlock(encodeBlock(small), NOW);
    const signed = chain.blockTemplate({ now: NOW, message: 'hello', author });
    expect(told(chain.addBlock(encodeBlock(signed), NOW))).toContain('tip other');
    expect(() =>
      chain.blockTemplate({ now: NOW, message: 'hello', author: { name, secret: keyPair(77).secret } }),
    ).toThrow();
    expect(() => chain.blockTemplate({ now: NOW, message: 'hi', extraNonce: -1 })).toThrow(RangeError);
  });
});

describe('a block source', () => {
  test('spares the memory, and the chain still reorganises, proves and keeps what it cannot read back', () => {
    const stored = new Map<string, Uint8Array>();
    const reads: string[] = [];
    const source = {
      blockBytes: (id: Uint8Array) => {
        reads.push(bytesToHex(id));
        return stored.get(bytesToHex(id));
      },
    };
    const chain = dev({ source, limits: { recentBlocks: 2 } });
    const save = (effects: readonly ChainEffect[]) => {
      for (const effect of effects) if (effect.type === 'accepted') stored.set(bytesToHex(effect.id), effect.bytes);
    };
    const alice = registration('alice', 1);
    const a1 = blockOn(genesis, { registrations: [alice] });
    const a = [a1, ...branchOn(a1, 5, 'a')];
    const b = branchOn(genesis, 7, 'b');
    for (const block of [...a, ...b.slice(0, 5)]) save(add(chain, block));
    expect(reads).toEqual([]);
    expect(chain.proof('alice')).toBeDefined();
    expect(reads).toEqual([bytesToHex(a1.id)]);
    stored.clear();
    for (const block of b.slice(5)) save(add(chain, block));
    expect(chain.tip.id).toEqual(b[6]!.id);
    expect(chain.user('alice')).toBeUndefined();
    expect(chain.blockBytes(a1.id)).toBeUndefined();
    expect(chain.blockBytes(genesis.id)).toEqual(genesis.bytes);
    for (const block of branchOn(a.at(-1)!, 2, 'c')) add(chain, block);
    expect(chain.user('alice')?.publicKey).toEqual(keyPair(1).publicKey);
  });
});

describe('locators and being up to date (CHAIN-66, CHAIN-67)', () => {
  test('step back one by one, then by growing steps, and end with the first block', () => {
    const chain = dev();
    expect(chain.locator()).toEqual([genesis.id, genesis.id]);
    const blocks = [genesis, ...branchOn(genesis, 28)];
    add(chain, ...blocks.slice(1));
    const heights = [28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 15, 11, 3, 0];
    expect(chain.locator()).toEqual(heights.map((height) => blocks[height]!.id));
  });

  test('follow the branch of the block that they are of', () => {
    const chain = dev();
    const [b1, b2] = branchOn(genesis, 2, 'b') as [DevBlock, DevBlock];
    add(chain, ...branchOn(genesis, 3, 'a'), b1, b2);
    expect(chain.locator(b2.id)).toEqual([b2.id, b1.id, genesis.id, genesis.id]);
    expect(chain.locator(new Uint8Array(32))).toEqual(chain.locator());
  });

  test('an old chain that moves is being loaded; checkpoints say how far at least', () => {
    const chain = dev();
    const a1 = blockOn(genesis);
    const late = (a1.header.time + 86_401) * 1000;
    expect(chain.isSynced(late)).toBe(true);
    chain.addBlock(a1.bytes, late);
    expect([late, late + 9999, late + 10_000].map((now) => chain.isSynced(now))).toEqual([false, false, true]);
    expect(new Chain({ network: 'main' }).isSynced(NOW)).toBe(false);
    expect(new Chain({ network: 'main', checkpoints: false }).isSynced(NOW)).toBe(true);
  });
});

test('the chain of every network begins with its first block', () => {
  for (const network of ['main', 'testnet', 'regtest', 'dev'] as const) {
    const chain = new Chain({ network });
    expect(chain.tip.height).toBe(0);
    expect(chain.blockIdAt(0)).toEqual(chain.tip.id);
    expect(chain.work).toBeGreaterThan(0n);
    expect(chain.nextBits(chain.tip.time + 1)).toBe(chain.tip.bits);
    expect(hexToBytes(bytesToHex(chain.locator()[0]!))).toEqual(chain.tip.id);
  }
});

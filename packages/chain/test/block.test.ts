import { hexToBytes } from '@noble/hashes/utils.js';
import { type Block, decodeBlock, encodeBlock, WireError } from '@rookery/wire';
import { describe, expect, test } from 'vitest';
import {
  checkBlock,
  checkBlockKinds,
  checkBlockSize,
  checkBlockTime,
  checkHeaderContext,
  checkSideBlock,
  checkWork,
  genesisBlock,
  LIMIT_BITS,
  NETWORKS,
  type ParentBlock,
  type PowHash,
} from '../src/index.ts';
import { blockOf, chainMain } from './captured.ts';

const noWork: PowHash = () => new Uint8Array(32);

describe('a block by itself', () => {
  const raw = chainMain.blocks[26]!.raw;
  const block = blockOf(raw);
  const now = block.header.time;

  test('no bit of its header may flip', () => {
    for (let bit = 0; bit < 8 * 84; bit += 1) {
      const flipped = hexToBytes(raw);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      const verdict = checkBlock(decodeBlock(flipped).value, { network: 'main', now: 0xffff_ffff });
      expect(verdict.ok, `bit ${bit}`).toBe(false);
    }
  });

  test('no bit of its transactions may flip, and no byte be cut off', () => {
    const bytes = hexToBytes(raw);
    for (let bit = 8 * 84; bit < 8 * bytes.length; bit += 1) {
      const flipped = bytes.slice();
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      const judged = judge(flipped);
      expect(judged, `bit ${bit}`).toBe(false);
    }
    for (let length = 0; length < bytes.length; length += 1)
      expect(() => decodeBlock(bytes.subarray(0, length))).toThrow(WireError);
  });

  function judge(bytes: Uint8Array): boolean {
    try {
      return checkBlock(decodeBlock(bytes).value, { network: 'main', now, powHash: noWork }).ok;
    } catch (error) {
      expect(error).toBeInstanceOf(WireError);
      return false;
    }
  }

  test('the rules run in their order: of two faults the first in order speaks', () => {
    const faults: [string, (from: Block) => Block][] = [
      [
        'insufficient-work',
        ({ header, transactions }) => ({ header: { ...header, nonce: header.nonce ^ 1 }, transactions }),
      ],
      ['missing-promotion', ({ header, transactions }) => ({ header, transactions: transactions.slice(1) })],
      [
        'insufficient-registration-work',
        ({ header, transactions }) => ({
          header,
          transactions: transactions.map((one) => ({ ...one, nonce: one.nonce ^ 1 })),
        }),
      ],
      [
        'duplicate-transaction',
        ({ header, transactions }) => ({ header, transactions: [...transactions, ...transactions.slice(1)] }),
      ],
      ['wrong-merkle-root', ({ header, transactions }) => ({ header, transactions: transactions.slice(0, 1) })],
    ];
    for (const [at, [code, spoil]] of faults.entries()) {
      expect(checkBlock(spoil(block), { network: 'main', now })).toMatchObject({ code });
      if (at === 0) continue;
      const [, withoutWork] = faults[0]!;
      expect(checkBlock(withoutWork(spoil(block)), { network: 'main', now })).toMatchObject({ code: faults[0]![0] });
    }
  });

  test('time is judged before the transactions and after the work', () => {
    const empty = { header: block.header, transactions: block.transactions.slice(1) };
    expect(checkBlock(empty, { network: 'main', now: now - 7201 })).toMatchObject({ code: 'time-too-new' });
    expect(checkBlock(empty, { network: 'main', now: now - 7200 })).toMatchObject({ code: 'missing-promotion' });
    expect(checkBlockTime(now, now - 7200)).toEqual({ ok: true });
    expect(checkBlockTime(now, now - 7201)).not.toHaveProperty('penalty');
  });

  test('a block is at most 50,000 bytes, of the shortest form', () => {
    const [promotion] = block.transactions;
    const fill = (count: number) => ({ header: block.header, transactions: Array(count).fill(promotion) });
    const least = encodeBlock(fill(1)).length - 85;
    const most = Math.floor((50_000 - 87) / least);
    expect(checkBlockSize(fill(most))).toEqual({ ok: true });
    expect(checkBlockSize(fill(most + 1))).toMatchObject({ code: 'block-size', penalty: 100 });
    expect(checkBlockKinds(fill(2))).toMatchObject({ code: 'extra-promotion', penalty: 100 });
    expect(checkBlockKinds(fill(0))).toMatchObject({ code: 'missing-promotion', penalty: 100 });
  });

  test('many transactions without content are refused by the count', () => {
    const [promotion] = block.transactions;
    const transactions = Array(50_001).fill(promotion);
    expect(checkBlockSize({ header: block.header, transactions })).toMatchObject({ code: 'block-size' });
  });
});

describe('genesis', () => {
  test.each(['main', 'testnet', 'regtest', 'dev'] as const)('of %s is valid by itself', (network) => {
    const block = genesisBlock(network);
    expect(checkBlock(block, { network, now: block.header.time })).toMatchObject({ ok: true });
    expect(checkHeaderContext(block.header, undefined, { network })).toEqual({ ok: true });
  });

  test('of testnet and regtest has no work, and is worth nothing elsewhere', () => {
    for (const network of ['testnet', 'regtest'] as const) {
      const { header } = genesisBlock(network);
      expect(checkWork(header, network)).toEqual({ ok: true });
      expect(checkWork(header, 'dev')).toMatchObject({ code: 'insufficient-work', penalty: 50 });
      expect(checkHeaderContext(header, undefined, { network: 'dev' })).toMatchObject({ code: 'unknown-parent' });
    }
  });
});

describe('a header and its parent', () => {
  const parent: ParentBlock = { height: 9, bits: LIMIT_BITS, times: [100, 300, 200] };
  const header = { ...genesisBlock('dev').header, version: 2, height: 10, time: 201 };
  const check = (changed: object, network: 'dev' | 'main' = 'dev') =>
    checkHeaderContext({ ...header, ...changed }, parent, { network });

  test('passes, and fails by each rule in order', () => {
    expect(check({})).toEqual({ ok: true });
    const all = { bits: 0x1f03ffff, time: 200, version: 1, height: 11 };
    expect(check(all)).toMatchObject({ code: 'wrong-bits', penalty: 100 });
    expect(check({ ...all, bits: LIMIT_BITS })).toMatchObject({ code: 'time-too-old' });
    expect(check({ ...all, bits: LIMIT_BITS, time: 201 })).toMatchObject({ code: 'old-version' });
    expect(check({ height: 11 })).toMatchObject({ code: 'wrong-height', penalty: 100 });
    expect(check({ height: 9 })).toMatchObject({ code: 'wrong-height', penalty: 100 });
    expect(checkHeaderContext(header, undefined, { network: 'dev' })).toMatchObject({
      code: 'unknown-parent',
      penalty: 10,
    });
  });

  test('a harder target than asked for is refused as well (CHAIN-35)', () => {
    expect(check({ bits: 0x1e00ffff })).toMatchObject({ code: 'wrong-bits' });
    expect(check({ bits: 0x2100ffff })).toMatchObject({ code: 'wrong-bits' });
  });

  test('versions have no upper bound and time may run back to the median (CHAIN-36, CHAIN-38)', () => {
    expect(check({ version: 0x7fff_ffff, time: 299 })).toEqual({ ok: true });
    expect(check({ version: -1 })).toMatchObject({ code: 'old-version' });
  });

  test.each([['main', 121] as const, ['testnet', 546] as const])(
    '%s has a checkpoint at %i (CHAIN-37)',
    (network, height) => {
      const before = { ...parent, height: height - 1, lastBits: undefined };
      const next = { ...header, height };
      const newTime = { ...next, time: 301 };
      const code = 'checkpoint-mismatch';
      expect(checkHeaderContext(newTime, before, { network })).toMatchObject({ code, penalty: 100 });
      expect(checkHeaderContext(newTime, before, { network, checkpoints: false })).toEqual({ ok: true });
      expect(checkHeaderContext({ ...newTime, height: 7 }, before, { network })).toMatchObject({ code });
      expect(NETWORKS[network].checkpoints.map((entry) => entry.height)).toContain(height);
    },
  );

  test('a parent without times is a misuse', () => {
    expect(() => checkHeaderContext(header, { ...parent, times: [] }, { network: 'dev' })).toThrow(RangeError);
  });
});

describe('a side block (CHAIN-32, CHAIN-33)', () => {
  const { header } = chainMain.blocks.map(({ raw }) => blockOf(raw))[30]!;
  const checkpoint = { time: header.time, bits: 0x1e00ffff };

  test('is not older than the checkpoint', () => {
    expect(checkSideBlock(header, undefined, 'main')).toEqual({ ok: true });
    expect(checkSideBlock(header, { ...checkpoint, time: header.time + 1 }, 'main')).toMatchObject({
      code: 'time-before-checkpoint',
      penalty: 100,
    });
  });

  test('is not easier than time allows: 1f03ffff is two bits and a little easier than 1e00ffff times 256', () => {
    const at = (seconds: number) => checkSideBlock(header, { time: header.time - seconds, bits: 0x1e00ffff }, 'main');
    expect(at(0)).toMatchObject({ code: 'work-below-minimum', penalty: 100 });
    expect(at(4_838_400 * 4)).toMatchObject({ code: 'work-below-minimum' });
    expect(at(4_838_400 * 5 + 1)).toEqual({ ok: true });
    expect(checkSideBlock({ ...header, bits: 0x1e00ffff }, checkpoint, 'main')).toEqual({ ok: true });
  });
});

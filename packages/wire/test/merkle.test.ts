import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  buildPartialMerkle,
  extractPartialMerkle,
  foldMerkleBranch,
  merkleBranch,
  merkleRoot,
  type PartialMerkle,
  sha256d,
  WireError,
} from '../src/index.ts';
import { hash } from './arbitraries.ts';
import { display, fromHex, toHex } from './captured-chain.ts';

const wireOrder = (shown: string) => fromHex(shown).reverse();
const ids = (count: number) =>
  Array.from({ length: count }, (_, index) => sha256d(Uint8Array.of(index & 255, index >> 8)));

function codeOf(tree: PartialMerkle): string | undefined {
  try {
    extractPartialMerkle(tree);
    return undefined;
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return error.code;
  }
}

test('the hash is SHA-256 twice (WIRE-4)', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const once = createHash('sha256').update(bytes).digest();
      expect(toHex(sha256d(bytes))).toBe(createHash('sha256').update(once).digest('hex'));
    }),
  );
});

test('the root of Bitcoin block 100000 (WIRE-15)', () => {
  const transactions = [
    '8c14f0db3df150123e6f3dbbf30f8b955a8249b62ac1d1ff16284aefa3d06d87',
    'fff2525b8931402dd09222c50775608f75787bd2b87e56995a7bdd30f79702c4',
    '6359f0868171b1d194cbee1af2f16ea598ae8fad666d9b012c8ed2b79a236ec4',
    'e9a66845e05d5abc0ad04ec80f774a7e585c6e8db975962d069a522137b80c1d',
  ].map(wireOrder);
  expect(display(merkleRoot(transactions))).toBe('f3e94742aca4b5ef85488dc37c06c3282295ffec960994b2c0d5ac2a25a95766');
});

test('every branch of every small tree leads to the root, and to another from any other index (WIRE-15)', () => {
  for (let count = 1; count <= 17; count += 1) {
    const leaves = ids(count);
    const root = toHex(merkleRoot(leaves));
    for (let index = 0; index < count; index += 1) {
      const branch = merkleBranch(leaves, index);
      expect(toHex(foldMerkleBranch(leaves[index]!, branch, index))).toBe(root);
      for (let other = 0; other < 2 ** branch.length; other += 1) {
        const folds = toHex(foldMerkleBranch(leaves[index]!, branch, other)) === root;
        // The last of an odd level is its own sibling, so that it stands at two places.
        if (other !== index && other < count) expect(folds).toBe(false);
      }
    }
  }
});

test('a changed id or sibling changes the root (WIRE-15)', () => {
  fc.assert(
    fc.property(fc.array(hash, { minLength: 1, maxLength: 12 }), fc.nat(), fc.nat(255), (leaves, pick, bit) => {
      const index = pick % leaves.length;
      const root = merkleRoot(leaves);
      const flip = (bytes: Uint8Array) => bytes.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
      expect(merkleRoot(leaves.with(index, flip(leaves[index]!)))).not.toEqual(root);
      const branch = merkleBranch(leaves, index);
      branch.forEach((sibling, at) => {
        expect(foldMerkleBranch(leaves[index]!, branch.with(at, flip(sibling)), index)).not.toEqual(root);
      });
    }),
  );
});

test('a repeated tail has the same root, as in Bitcoin: equal ids are for the block rules to refuse (WIRE-15)', () => {
  const leaves = ids(3);
  expect(merkleRoot([...leaves, leaves[2]!])).toEqual(merkleRoot(leaves));
});

test('bits of the index beyond the branch are ignored, as deployed nodes ignore them (WIRE-15)', () => {
  const leaves = ids(4);
  expect(foldMerkleBranch(leaves[1]!, merkleBranch(leaves, 1), 1 + 4 * 2 ** 40)).toEqual(merkleRoot(leaves));
});

test('misuse of the Merkle functions throws', () => {
  expect(() => merkleRoot([])).toThrow(RangeError);
  expect(() => merkleRoot([new Uint8Array(31), new Uint8Array(32)])).toThrow(RangeError);
  expect(() => merkleBranch(ids(2), 2)).toThrow(RangeError);
  expect(() => foldMerkleBranch(ids(1)[0]!, [], -1)).toThrow(RangeError);
  expect(() => buildPartialMerkle([], [])).toThrow(RangeError);
  expect(() => buildPartialMerkle(ids(2), [true])).toThrow(RangeError);
});

test('a partial tree proves exactly the marked ids, by index, under the root of the whole tree (WIRE-16)', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }), (marks) => {
      const leaves = ids(marks.length);
      const { root, matches } = extractPartialMerkle(buildPartialMerkle(leaves, marks));
      expect(root).toEqual(merkleRoot(leaves));
      const marked = leaves.flatMap((txId, index) => (marks[index] ? [{ index, txId }] : []));
      expect(matches).toEqual(marked);
    }),
  );
});

test('a partial tree over the 833 transactions that are allowed is read, one over 834 is not (WIRE-16)', () => {
  for (const [count, expected] of [
    [833, undefined],
    [834, 'bad-merkle-proof'],
  ] as const) {
    expect(codeOf(buildPartialMerkle(ids(count), new Array(count).fill(true)))).toBe(expected);
  }
});

test('a partial tree with anything missing, left over or out of bounds is refused (WIRE-16)', () => {
  const tree = buildPartialMerkle(ids(7), [true, false, false, true, false, false, true]);
  const zero = new Uint8Array(32);
  expect(codeOf(tree)).toBeUndefined();
  for (const bad of [
    { ...tree, totalTx: 0 },
    { ...tree, totalTx: 0xffffffff },
    { ...tree, totalTx: 3 },
    { ...tree, hashes: [] },
    { ...tree, hashes: tree.hashes.slice(1) },
    { ...tree, hashes: [...tree.hashes, zero] },
    { ...tree, hashes: new Array(8).fill(zero) },
    { ...tree, flags: new Uint8Array(0) },
    { ...tree, flags: tree.flags.subarray(0, 1) },
    { ...tree, flags: Uint8Array.of(...tree.flags, 0) },
    { totalTx: 1, hashes: [], flags: Uint8Array.of(1) },
    { totalTx: 1, hashes: [zero], flags: new Uint8Array(0) },
  ]) {
    expect(codeOf(bad)).toBe('bad-merkle-proof');
  }
});

test('arbitrary partial trees give a root or bad-merkle-proof (WIRE-16)', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 900 }),
      fc.array(hash, { maxLength: 12 }),
      fc.uint8Array({ maxLength: 4 }),
      (totalTx, hashes, flags) => {
        expect([undefined, 'bad-merkle-proof']).toContain(codeOf({ totalTx, hashes, flags }));
      },
    ),
  );
});

test('padding bits may be set, as deployed nodes allow (WIRE-16)', () => {
  const [id] = ids(1);
  expect(extractPartialMerkle({ totalTx: 1, hashes: [id!], flags: Uint8Array.of(0xff) }).matches).toEqual([
    { index: 0, txId: id },
  ]);
});

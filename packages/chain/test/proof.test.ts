import {
  encodeScript,
  encodeTransaction,
  headerId,
  merkleBranch,
  merkleRoot,
  sha256d,
  type Transaction,
  transactionId,
} from '@rookery/wire';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  checkRegistrationProof,
  checkTransaction,
  genesisBlock,
  type ProofContext,
  type RegistrationProof,
  startRegistrationSearch,
  stepRegistrationSearch,
} from '../src/index.ts';
import { blockOf, chainMain, newUsers } from './captured.ts';

const utf8 = (text: string) => new Uint8Array(Buffer.from(text, 'utf8'));

function proofOf(raw: string, index: number): RegistrationProof {
  const { header, transactions } = blockOf(raw);
  return {
    header,
    transaction: transactions[index]!,
    branch: merkleBranch(transactions.map(transactionId), index),
    index,
  };
}

describe('the proof of a registration (CHAIN-56)', () => {
  const block = blockOf(newUsers.block);
  const names = ['mf1', 'mf2', 'mf3', 'erin', 'frank', 'grace'];

  test('holds for every registration of a captured block, and for no other name', () => {
    for (let index = 1; index < block.transactions.length; index += 1) {
      const proof = proofOf(newUsers.block, index);
      const proven = names.filter((name) => checkRegistrationProof(proof, { network: 'main', name }).ok);
      expect(proven).toHaveLength(1);
      const verdict = checkRegistrationProof(proof, { network: 'main', name: proven[0]! });
      const user = newUsers.users.find(({ name }) => name === proven[0]);
      expect(verdict).toMatchObject({ blockId: headerId(block.header), height: 39 });
      expect(verdict.ok && Buffer.from(verdict.publicKey!).toString('hex')).toBe(user?.pubHex);
    }
  });

  const proof = proofOf(chainMain.blocks[14]!.raw, 2);
  const context: ProofContext = { network: 'main', name: 'alice' };

  test('fails with another place, branch, root or header', () => {
    expect(checkRegistrationProof(proof, context)).toMatchObject({ ok: true, height: 14 });
    for (const index of [0, 1, 4, -1, 0.5, 2 ** 53])
      expect(checkRegistrationProof({ ...proof, index }, context)).toMatchObject({ code: 'bad-merkle-proof' });
    const branches = [proof.branch.slice(1), [...proof.branch, proof.branch[0]!], [...proof.branch].reverse()];
    for (const branch of [...branches, [new Uint8Array(31), proof.branch[1]!], Array(13).fill(new Uint8Array(32))])
      expect(checkRegistrationProof({ ...proof, branch }, context)).toMatchObject({ code: 'bad-merkle-proof' });
    const header = { ...proof.header, nonce: proof.header.nonce + 1 };
    expect(checkRegistrationProof({ ...proof, header }, context)).toMatchObject({ code: 'insufficient-work' });
  });

  test('fails for the promotion and for a transaction that is invalid', () => {
    const promotion = proofOf(chainMain.blocks[14]!.raw, 0);
    expect(checkRegistrationProof(promotion, context)).toMatchObject({ code: 'wrong-user-name' });
    const transaction = { ...proof.transaction, nonce: 1 };
    expect(checkRegistrationProof({ ...proof, transaction }, context)).toMatchObject({
      code: 'insufficient-registration-work',
    });
  });

  test('no flipped bit of a branch passes', () => {
    fc.assert(
      fc.property(fc.nat({ max: proof.branch.length - 1 }), fc.nat({ max: 255 }), (at, bit) => {
        const branch = proof.branch.map((hash) => hash.slice());
        branch[at]![bit >> 3]! ^= 1 << (bit & 7);
        expect(checkRegistrationProof({ ...proof, branch }, context)).toMatchObject({ code: 'bad-merkle-proof' });
      }),
    );
  });
});

test('a registration of 64 bytes cannot be passed off as a node that proves what no block holds', () => {
  const solve = (fields: Partial<Transaction>): Transaction => {
    const empty = {
      version: 1,
      message: new Uint8Array(),
      userName: new Uint8Array(),
      pubKey: new Uint8Array(),
      nonce: 0,
    };
    return stepRegistrationSearch(startRegistrationSearch({ ...empty, ...fields }, 'dev'), 1000).found!;
  };
  const forged = solve({
    userName: encodeScript([utf8('victim')]),
    pubKey: encodeScript([new Uint8Array(33).fill(2)]),
  });
  const forgedId = transactionId(forged);

  let real: Transaction | undefined;
  for (let version = 0; real === undefined; version += 1) {
    const pubKey = new Uint8Array(50);
    pubKey.set(forgedId.subarray(0, 28), 22);
    const nonce = new DataView(forgedId.buffer, forgedId.byteOffset + 28).getUint32(0, true);
    const candidate = { version, message: new Uint8Array(), userName: utf8('\u0002me'), pubKey, nonce };
    if (checkTransaction(candidate, 'dev').ok) real = candidate;
  }
  const { header: start, transactions } = genesisBlock('dev');
  const ids = [...transactions, real].map(transactionId);
  const header = { ...start, merkleRoot: merkleRoot(ids) };
  const powHash = () => new Uint8Array(32);

  const left = encodeTransaction(real).subarray(0, 32);
  const pair = new Uint8Array([...left, ...forgedId]);
  expect(sha256d(pair), 'the forged branch leads to the real transaction').toEqual(transactionId(real));

  const branch = [left, ids[0]!];
  const verdict = checkRegistrationProof(
    { header, transaction: forged, branch, index: 3 },
    { network: 'dev', name: 'victim', powHash },
  );
  expect(verdict).toMatchObject({ code: 'ambiguous-proof' });
  const honest = { header, transaction: real, branch: merkleBranch(ids, 1), index: 1 };
  expect(checkRegistrationProof(honest, { network: 'dev', name: 'me', powHash })).toMatchObject({ ok: true });
});

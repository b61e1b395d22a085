import { decodeBlock, decodeTransaction, encodeTransaction, transactionId } from '@rookery/wire';
import { describe, expect, test } from 'vitest';
import {
  BlockMiner,
  Chain,
  checkTransaction,
  checkWork,
  type PowHash,
  promotionTransaction,
  RegistrationMiner,
  registrationTransaction,
} from '../src/index.ts';
import { blockOn, genesis, keyPair, NOW, registration } from './dev-chain.ts';

const never: PowHash = () => new Uint8Array(32).fill(0xff);

describe('a block miner (CHAIN-55)', () => {
  const chain = new Chain({ network: 'dev' });
  const template = chain.blockTemplate({ now: NOW, message: 'mined', extraNonce: 1 });

  test('finds the work of a template, whatever the steps', () => {
    const found = [1, 3, 1000].map((tries) => {
      const miner = new BlockMiner(template);
      for (;;) {
        const step = miner.step(tries);
        expect(step.tried).toBeLessThanOrEqual(tries);
        expect(step.over).toBe(step.found !== undefined);
        if (step.found !== undefined) return step.found;
      }
    });
    expect(found[1]).toEqual(found[0]);
    expect(found[2]).toEqual(found[0]);
    const { value } = decodeBlock(found[0]!);
    expect(checkWork(value.header, 'dev')).toEqual({ ok: true });
    expect(value.transactions).toEqual(template.transactions);
    expect(new Chain({ network: 'dev' }).addBlock(found[0]!, NOW).at(-1)).toMatchObject({ type: 'tip', height: 1 });
  });

  test('goes on with the next counter when its nonces are spent', () => {
    let calls = 0;
    const powHash: PowHash = (header) => {
      calls += 1;
      return calls <= 6 ? never(header) : new Uint8Array(32);
    };
    const miner = new BlockMiner(template, { range: { first: 5, last: 6 }, powHash });
    const steps = Array.from({ length: 4 }, () => miner.step(100));
    expect(steps.map(({ tried }) => tried)).toEqual([2, 2, 2, 1]);
    const { value } = decodeBlock(steps[3]!.found!);
    expect(value.header.nonce).toBe(5);
    expect(value.transactions[0]!.pubKey).toEqual(
      chain.blockTemplate({ now: NOW, message: 'mined', extraNonce: 4 }).transactions[0]!.pubKey,
    );
    expect(
      new Chain({ network: 'dev', powHash: () => new Uint8Array(32) }).addBlock(steps[3]!.found!, NOW),
    ).toHaveLength(3);
    expect(miner.step(1)).toMatchObject({ tried: 0, over: true });
  });

  test.each([127, 255])('the counter after %i is a script number', (extraNonce) => {
    const before = chain.blockTemplate({ now: NOW, message: 'mined', extraNonce });
    const next = new BlockMiner(chain.blockTemplate({ now: NOW, message: 'mined', extraNonce: extraNonce + 1 }), {
      powHash: () => new Uint8Array(32),
    });
    const spent = new BlockMiner(before, { range: { first: 0, last: 0 }, powHash: onceNever() });
    spent.step(1);
    expect(spent.step(1).found).toEqual(next.step(1).found);
  });

  test('takes no block without a promotion', () => {
    const { header } = blockOn(genesis);
    expect(() => new BlockMiner({ header, transactions: [] })).toThrow(RangeError);
  });

  test('a promotion with no counter gets one', () => {
    const { block } = blockOn(genesis, { promotion: promotionTransaction({ text: 'bare' }) });
    const miner = new BlockMiner(block, { range: { first: 0, last: 0 }, powHash: onceNever() });
    miner.step(1);
    expect(decodeBlock(miner.step(1).found!).value.transactions[0]!.pubKey).toEqual(Uint8Array.from([1, 1]));
  });
});

/** Shows no work the first time, and all of it from then on. */
function onceNever(): PowHash {
  let calls = 0;
  return (header) => {
    calls += 1;
    return calls === 1 ? never(header) : new Uint8Array(32);
  };
}

describe('a registration miner (CHAIN-52)', () => {
  const bare = registrationTransaction({ name: 'alice', publicKey: keyPair(1).publicKey });

  test('finds what the search finds', () => {
    const miner = new RegistrationMiner(bare, 'dev');
    let step = miner.step(1);
    while (!step.over) step = miner.step(1);
    expect(step.found).toEqual(encodeTransaction(registration('alice', 1)));
    const { value } = decodeTransaction(step.found!);
    expect(checkTransaction(value, 'dev')).toMatchObject({ ok: true, id: transactionId(value) });
  });

  test('is over when its range is spent, and can be shared out', () => {
    const nonce = registration('alice', 1).nonce;
    const before = nonce === 0 ? undefined : new RegistrationMiner(bare, 'dev', { first: 0, last: nonce - 1 });
    expect(before?.step(1000)).toEqual(before && { found: undefined, tried: nonce, over: true });
    expect(new RegistrationMiner(bare, 'dev', { first: nonce }).step(1).found).toBeDefined();
    const none = new RegistrationMiner(bare, 'main', { first: 0, last: 9 });
    expect(none.step(100)).toEqual({ found: undefined, tried: 10, over: true });
    expect(none.step(100)).toEqual({ found: undefined, tried: 0, over: true });
  });

  test('takes no promotion', () => {
    expect(() => new RegistrationMiner(promotionTransaction({ text: 'no' }), 'dev')).toThrow(TypeError);
  });
});

import { describe, expect, test } from 'vitest';
import { type Endpoint, groupByPrefix } from '../src/endpoint.ts';
import { DHT_LIMITS } from '../src/index.ts';
import { Transactions } from '../src/transactions.ts';
import { seeded } from './engine.ts';

const FAR: Endpoint = { ip: '11.0.0.1', port: 4000 };
const NEAR: Endpoint = { ip: '127.0.0.1', port: 4000 };

function transactionsOf(random = seeded(1), limits = DHT_LIMITS): Transactions<string> {
  return new Transactions(limits, groupByPrefix, random);
}

describe('requests under way (DHT-35)', () => {
  test('are found by id and address, once; the port matters on the own machine only', () => {
    const transactions = transactionsOf();
    const far = transactions.open(FAR, 'far', 0)!;
    const near = transactions.open(NEAR, 'near', 0)!;
    expect(transactions.take(far, { ...FAR, ip: '11.0.0.2' })).toBeUndefined();
    expect(transactions.take(near, { ...NEAR, port: 4001 })).toBeUndefined();
    expect(transactions.take(Uint8Array.of(...far, 0), FAR)).toBeUndefined();
    expect(transactions.take(far, { ...FAR, port: 4001 })?.purpose).toBe('far');
    expect(transactions.take(far, FAR)).toBeUndefined();
    expect(transactions.take(near, NEAR)?.purpose).toBe('near');
    expect(transactions.size).toBe(0);
  });

  test('become slow after 1 s, late after 3 s, lost after 8 s, each told once', () => {
    const transactions = transactionsOf();
    transactions.open(FAR, 'a', 0);
    transactions.open(FAR, 'b', 500);
    const told: string[] = [];
    for (let now = transactions.nextDeadline(); now !== undefined; now = transactions.nextDeadline()) {
      for (const { transaction, lateness } of transactions.takeLate(now)) {
        told.push(`${now} ${transaction.purpose} ${lateness}`);
      }
    }
    const stages = [1000, 3000, 8000].flatMap((ms, index) => {
      const lateness = ['slow', 'late', 'lost'][index];
      return [`${ms} a ${lateness}`, `${ms + 500} b ${lateness}`];
    });
    expect(told).toEqual(stages);
    expect(transactions.size).toBe(0);
  });

  test('one look after a long time tells all stages', () => {
    const transactions = transactionsOf();
    transactions.open(FAR, 'a', 0);
    expect(transactions.takeLate(9000).map(({ lateness }) => lateness)).toEqual(['slow', 'late', 'lost']);
  });

  test('are bounded, and have different ids even when luck gives the same', () => {
    const transactions = transactionsOf(() => Uint8Array.of(0xff, 0xfe));
    const ids = Array.from({ length: DHT_LIMITS.transactions }, () => transactions.open(FAR, 'x', 0)!.join());
    expect(new Set(ids).size).toBe(DHT_LIMITS.transactions);
    expect(ids.slice(0, 3)).toEqual(['255,254', '255,255', '0,0']);
    expect(transactions.open(FAR, 'x', 0)).toBeUndefined();
  });
});

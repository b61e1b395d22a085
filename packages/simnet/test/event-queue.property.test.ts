import fc from 'fast-check';
import { expect, test } from 'vitest';
import { WAITING } from '../src/event-kinds.ts';
import { EventQueue } from '../src/event-queue.ts';

interface Waiting {
  readonly at: number;
  readonly order: number;
  readonly name: number;
}

const operation = fc.oneof(
  fc.record({ push: fc.oneof(fc.nat(5), fc.nat(10_000), fc.nat(1_000_000)), first: fc.constant(false) }),
  fc.constant('pop' as const),
  fc.record({ advance: fc.nat(9_000) }),
);

test('events come in the order of their time, and within a millisecond as they were scheduled', () => {
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 400 }), (operations) => {
      const queue = new EventQueue();
      let model: Waiting[] = [];
      let names = 0;
      const inOrder = () => model.sort((a, b) => a.at - b.at || a.order - b.order);
      const pop = (): void => {
        const slot = queue.pop();
        const next = inOrder()[0];
        expect(slot === -1 ? undefined : queue.a[slot]).toBe(next?.name);
        if (next === undefined) return;
        expect(queue.now).toBe(next.at);
        expect(queue.at[slot]).toBe(next.at);
        model = model.slice(1);
        queue.release(slot);
      };
      for (const one of operations) {
        if (one === 'pop') pop();
        else if ('push' in one) {
          names += 1;
          const at = queue.now + one.push;
          model.push({ at, order: names, name: names });
          queue.push(at, names % 2 === 0 ? WAITING.wake : WAITING.datagram, names, 0);
        } else {
          expect(queue.nextTime()).toBe(inOrder()[0]?.at ?? Number.POSITIVE_INFINITY);
          queue.advance(Math.min(queue.nextTime(), queue.now + one.advance));
        }
        expect(queue.size).toBe(model.length);
        expect(queue.busy).toBe(model.filter(({ name }) => name % 2 === 1).length);
      }
      while (queue.size > 0) pop();
      expect(queue.pop()).toBe(-1);
    }),
  );
});

test('what is scheduled first of its millisecond goes before all that waits for it', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 20 }), fc.constantFrom(10, 50_000), (firsts, at) => {
      const queue = new EventQueue();
      const model: number[] = [];
      for (const [name, first] of firsts.entries()) {
        queue.push(at, WAITING.datagram, name, 0, first);
        if (first) model.unshift(name);
        else model.push(name);
      }
      const order = firsts.map(() => queue.a[queue.pop()]);
      expect(order).toEqual(model);
    }),
  );
});

test('slots and their payloads are used again', () => {
  const queue = new EventQueue();
  for (let round = 0; round < 10_000; round += 1) {
    const slot = queue.push(round, WAITING.datagram, round, 0);
    queue.bytes[slot] = new Uint8Array(1);
    queue.release(queue.pop());
  }
  expect(queue.at.length).toBe(256);
  expect(queue.bytes.every((bytes) => bytes === undefined)).toBe(true);
});

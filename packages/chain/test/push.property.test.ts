import { parseScriptItems } from '@rookery/wire';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pushAt } from '../src/push.ts';

const opcode = fc.oneof(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0x4b, max: 0x62 }), fc.nat({ max: 255 }));
const script = fc.array(opcode, { maxLength: 40 }).map((bytes) => Uint8Array.from(bytes));

test('finds what reading the whole list finds, at every index', () => {
  fc.assert(
    fc.property(script, (bytes) => {
      const items = parseScriptItems(bytes);
      for (let index = 0; index < 42; index += 1) expect(pushAt(bytes, index)).toEqual(items?.[index]);
    }),
  );
});

test('reads every width of length, and refuses one that runs out', () => {
  const data = new Uint8Array(70_000).fill(7);
  const scripts: [number[], number][] = [
    [[75], 75],
    [[0x4c, 200], 200],
    [[0x4d, 0x00, 0x01], 256],
    [[0x4e, 0x00, 0x00, 0x01, 0x00], 65536],
  ];
  for (const [prefix, length] of scripts) {
    const whole = Uint8Array.from([...prefix, ...data.subarray(0, length)]);
    expect(pushAt(whole, 0)).toHaveLength(length);
    expect(pushAt(whole.subarray(0, -1), 0)).toBeUndefined();
    for (let cut = 1; cut < prefix.length; cut += 1) expect(pushAt(whole.subarray(0, cut), 0)).toBeUndefined();
  }
  expect(pushAt(Uint8Array.of(0x4e, 0xff, 0xff, 0xff, 0xff, 1), 0)).toBeUndefined();
});

test('a script of a million pushes is judged without making them', () => {
  const many = new Uint8Array(8_000_000);
  expect(pushAt(many, 7_999_999)).toHaveLength(0);
  expect(pushAt(many, 8_000_000)).toBeUndefined();
});

import { defaultBackend, directoryOf } from '@rookery/keys';
import { decodeBencode } from '@rookery/wire';
import { expect, test } from 'vitest';
import { checkPut, createDhtValue } from '../src/index.ts';
import { NOW, newPost, secretOf, world } from './world.ts';

const base = { n: 'alice', height: 28, time: NOW } as const;

test('what is made is accepted, single and multi (DHT-5 to DHT-18)', () => {
  const single = createDhtValue(
    { ...base, r: 'profile', t: 's', v: { fullname: 'Alice' }, seq: 3 },
    'alice',
    secretOf('alice'),
  );
  expect(checkPut(single, world())).toMatchObject({ ok: true, value: { multi: false, seq: 3n } });
  const v = newPost('bob', { msg: 'hello @alice' });
  const multi = createDhtValue({ ...base, r: 'mention', t: 'm', v, seq: 9 }, 'bob', secretOf('bob'));
  expect(checkPut(multi, world())).toMatchObject({ ok: true, value: { multi: true, seq: undefined } });
  expect(decodeBencode(multi.p).value.get('seq')).toBeUndefined();
});

test('the signature is of the form of the registered key, 33 bytes or 65 (DHT-10)', () => {
  const secret = secretOf('alice');
  const fields = { ...base, r: 'profile', t: 's', v: 'x', seq: 1 } as const;
  for (const compressed of [true, false]) {
    const publicKey = defaultBackend().derivePublicKey(secret, compressed);
    const context = { ...world(), users: directoryOf([{ name: 'alice', keys: [{ height: 1, publicKey }] }]) };
    expect(checkPut(createDhtValue(fields, 'alice', secret, { compressed }), context).ok).toBe(true);
    const other = createDhtValue(fields, 'alice', secret, { compressed: !compressed });
    expect(checkPut(other, context)).toMatchObject({ ok: false, code: 'bad-signature' });
  }
});

test('a single value has a sequence number', () => {
  expect(() => createDhtValue({ ...base, r: 'profile', t: 's', v: 'x' }, 'alice', secretOf('alice'))).toThrow(
    RangeError,
  );
});

test('numbers that are none are refused', () => {
  const fields = { ...base, r: 'profile', t: 's', v: 'x', seq: 1 } as const;
  expect(() => createDhtValue({ ...fields, height: 0.5 }, 'alice', secretOf('alice'))).toThrow(RangeError);
  expect(() => createDhtValue(fields, 'alice', new Uint8Array(32))).toThrow(RangeError);
});

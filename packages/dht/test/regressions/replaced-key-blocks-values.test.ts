import { type CurveBackend, createNobleBackend, directoryOf, type UserDirectory } from '@rookery/keys';
import { dhtTarget, encodeUtf8 } from '@rookery/wire';
import { expect, test } from 'vitest';
import { createDhtValue, type DhtNode, type SignedValue } from '../../src/index.ts';
import { ask, decoded, HERE, NOW_MS, nodeOf, PEER, query, tokenFor } from '../engine.ts';

const backend: CurveBackend = createNobleBackend();
const [OLD, NEW] = [1, 2].map((fill) => new Uint8Array(32).fill(fill)) as [Uint8Array, Uint8Array];
const PROFILE = { n: 'alice', r: 'profile', t: 's' } as const;
const TARGET = dhtTarget(encodeUtf8('alice'), 'profile', 's');

/** Registered at 1, the key replaced at 50. */
const users: UserDirectory = directoryOf([
  {
    name: 'alice',
    keys: [
      { height: 1, publicKey: backend.derivePublicKey(OLD, true) },
      { height: 50, publicKey: backend.derivePublicKey(NEW, true) },
    ],
  },
]);

function profile(seq: number, secret: Uint8Array): SignedValue {
  const fields = { ...PROFILE, v: { fullname: `${seq}` }, height: 40, time: NOW_MS / 1000, seq };
  return createDhtValue(fields, 'alice', secret, { backend });
}

function putBy(node: DhtNode, { p, sigP, sigUser }: SignedValue): void {
  const token = tokenFor(node, PROFILE);
  node.receive(query('putData', { p: decoded(p).toValue(), sig_p: sigP, sig_user: sigUser, token }), PEER, NOW_MS);
}

test('a value that the replaced key signed does not stand in the way of the new key', () => {
  const node = nodeOf({ id: undefined, address: HERE, users, tip: 49 });
  putBy(node, profile(7, OLD));
  expect(node.held(TARGET)).toEqual([profile(7, OLD)]);
  node.setTip(50, NOW_MS);
  putBy(node, profile(1, NEW));
  expect(node.held(TARGET)).toEqual([profile(1, NEW)]);
  expect(ask(node, 'getData', { target: PROFILE }).getList('data')!.size).toBe(1);
  putBy(node, profile(0, NEW));
  expect(node.held(TARGET)).toEqual([profile(1, NEW)]);
});

test('an own value neither, which would otherwise be kept for ever and put by nobody', () => {
  const node = nodeOf({ users, tip: 49 });
  node.put(profile(7, OLD), NOW_MS);
  node.setTip(50, NOW_MS);
  const { effects } = node.put(profile(1, NEW), NOW_MS);
  expect(effects.map((effect) => ('code' in effect ? effect.code : effect.type))).toEqual([
    'superseded',
    'stored',
    'done',
  ]);
});

import { hexToBytes } from '@noble/hashes/utils.js';
import type { CurveBackend } from '@rookery/keys';
import { bencodeDict, decodeBencode, encodeBencode, encodeUtf8 } from '@rookery/wire';
import { expect, test } from 'vitest';
import type { SignedValue } from '../../src/index.ts';
import { NOW_MS, nodeOf, PEER, replyTo, sendsOf } from '../engine.ts';
import { newPost, signed, world } from '../world.ts';

/** A value that a deployed node stored and served although it has to do with no post: its `v` is {x: y}. */
const CAPTURED: SignedValue = {
  p: hexToBytes(
    [
      '64363a68656967687469323865363a74617267657464313a6e393a636c69656e74746167313a72373a68617368746167313a',
      '74313a6d65343a74696d65693137393532343330363665313a7664313a78313a796565',
    ].join(''),
  ),
  sigP: hexToBytes(
    '20bb42d01c19c9ca878df347b7cf2b1403689a51ce9babc5d5135c2336d794d59431a448a6203e3c778a8d23db8f1299044bcbe837946e754cd87756bfe1bd5be7',
  ),
  sigUser: 'alice',
};

function tagged(v: Parameters<typeof bencodeDict>[0][string], height = 28): SignedValue {
  const target = { n: 'clienttag', r: 'hashtag', t: 'm' };
  return signed(encodeBencode(bencodeDict({ height, target, time: NOW_MS / 1000, v })), 'alice');
}

/** Deployed nodes keep what is no post, the greatest height first, so a few such values stand before all others (W40). */
const JUNK = [...Array.from({ length: 20 }, (_, index) => tagged(`another ${index}`, 30)), CAPTURED];
const HONEST = [tagged(newPost('alice', { msg: 'about #clienttag' }))];

function fieldsOf({ p, sigP, sigUser }: SignedValue) {
  return bencodeDict({ p: decodeBencode(p).value.toValue(), sig_p: sigP, sig_user: sigUser });
}

test('values are found behind others that are no posts', () => {
  const { backend } = world();
  let judged = 0;
  const counting: CurveBackend = {
    ...backend!,
    matches: (...given) => {
      judged += 1;
      return backend!.matches(...given);
    },
  };
  const node = nodeOf({ backend: counting });
  for (const port of [PEER.port, PEER.port + 1]) {
    const from = { ...PEER, port };
    const [ping] = sendsOf(node.addContact(from, NOW_MS));
    node.receive(replyTo(ping!.bytes, {}, new Uint8Array(20).fill(port)), from, NOW_MS);
  }
  const { effects } = node.get(encodeUtf8('clienttag'), 'hashtag', 'm', NOW_MS);
  const data = [...JUNK, ...HONEST].map(fieldsOf);
  const told = sendsOf(effects).flatMap(({ bytes, to }) =>
    node.receive(replyTo(bytes, { data, nodes: '' }, new Uint8Array(20).fill(to.port)), to, NOW_MS),
  );
  expect(told.flatMap((effect) => (effect.type === 'value' ? effect.entries : []))).toEqual(HONEST);
  const refused = told.flatMap((effect) => (effect.type === 'dropped' ? [effect.code] : []));
  expect(refused).toEqual(JUNK.map(() => 'bad-post'));
  expect(judged).toBe(JUNK.length + 2);
});

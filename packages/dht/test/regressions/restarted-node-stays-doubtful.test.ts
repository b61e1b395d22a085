import { bencodeDict, decodeBencode, decodeCompactNodes, encodeUtf8 } from '@rookery/wire';
import { expect, test } from 'vitest';
import type { DhtNode, Endpoint } from '../../src/index.ts';
import { ask, decoded, NOW_MS, nodeOf, PEER, query, replyTo, sendsOf } from '../engine.ts';
import { value } from '../world.ts';

const OTHER: Endpoint = { ip: PEER.ip, port: PEER.port + 1 };

function idOf({ port }: Endpoint): Uint8Array {
  return new Uint8Array(20).fill(port);
}

/** A node that knows two others, and has once not got an answer from the second, which was being started anew. */
function afterRestart(): { readonly node: DhtNode; readonly now: number } {
  const node = nodeOf();
  for (const contact of [PEER, OTHER]) {
    const [ping] = sendsOf(node.addContact(contact, NOW_MS));
    const joined = sendsOf(node.receive(replyTo(ping!.bytes, {}, idOf(contact)), contact, NOW_MS));
    for (const { bytes, to } of joined) node.receive(replyTo(bytes, { nodes: '' }, idOf(to)), to, NOW_MS);
  }
  let now = NOW_MS;
  const { effects } = node.get(encodeUtf8('alice'), 'custom', 's', now);
  for (const { bytes, to } of sendsOf(effects)) {
    if (to.port === PEER.port) node.receive(replyTo(bytes, { nodes: '' }, idOf(to)), to, now);
  }
  for (const after of [1000, 3000, 4000, 8000]) {
    now = NOW_MS + after;
    for (const { bytes, to } of sendsOf(node.tick(now))) {
      if (to.port === PEER.port) node.receive(replyTo(bytes, { nodes: '' }, idOf(to)), to, now);
    }
  }
  return { node, now };
}

test('a contact that missed one request is asked again as soon as it says something', () => {
  const { node, now } = afterRestart();
  const named = () => {
    const x = { target: idOf(OTHER) };
    return decodeCompactNodes(ask(node, 'findNode', x, { ...PEER, port: 7 }, now).getBytes('nodes')!);
  };
  expect(named().map(({ port }) => port)).not.toContain(OTHER.port);
  const [pong, ping, ...more] = sendsOf(node.receive(query('ping', {}, idOf(OTHER)), OTHER, now));
  expect(decoded(pong!.bytes).getText('z')).toBe('r');
  expect([decoded(ping!.bytes).getText('q'), ping!.to, more]).toEqual(['ping', OTHER, []]);
  expect(sendsOf(node.receive(query('ping', {}, idOf(OTHER)), OTHER, now))).toHaveLength(1);
  node.receive(replyTo(ping!.bytes, {}, idOf(OTHER)), OTHER, now);
  expect(named().map(({ port }) => port)).toContain(OTHER.port);
});

test('so the values that it alone holds are found, although others answer first', () => {
  const { node, now } = afterRestart();
  const [, ping] = sendsOf(node.receive(query('ping', {}, idOf(OTHER)), OTHER, now));
  if (ping !== undefined) node.receive(replyTo(ping.bytes, {}, idOf(OTHER)), OTHER, now);
  const { effects } = node.get(encodeUtf8('alice'), 'profile', 's', now);
  const { p, sigP, sigUser } = value();
  const data = [bencodeDict({ p: decodeBencode(p).value.toValue(), sig_p: sigP, sig_user: sigUser })];
  const first = (left: { to: Endpoint }, right: { to: Endpoint }): number => left.to.port - right.to.port;
  const told = sendsOf(effects)
    .sort(first)
    .flatMap(({ bytes, to }) => {
      const held = to.port === OTHER.port ? { data, nodes: '' } : { nodes: '' };
      return node.receive(replyTo(bytes, held, idOf(to)), to, now);
    });
  expect(told.filter(({ type }) => type === 'value')).toHaveLength(1);
});

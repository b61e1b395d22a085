import { directoryOf } from '@rookery/keys';
import { decodeKrpc, parseKrpcReply } from '@rookery/wire';
import { expect, test } from 'vitest';
import { DhtNode } from '../../src/index.ts';
import { queryPacket } from '../../src/packets.ts';

/**
 * A daemon that had connected to the own node was counted by nobody: it told no port, so no peer was in the table, so `followers` was 0, and a
 * daemon shows its users no tracker without followers.
 */
test('a member that knows only peers nobody can connect to still counts them', () => {
  const node = new DhtNode({
    address: { ip: '0.0.0.0', port: 1 },
    users: directoryOf([]),
    random: (length) => new Uint8Array(length),
  });
  const followers = (now: number): number | undefined => {
    const target = { n: 'bob', r: 'tracker', t: 'm' };
    const query = queryPacket(new Uint8Array(2), 'getData', new Uint8Array(20).fill(9), { target });
    const effects = node.receive(query, { ip: '127.0.0.1', port: 29333 }, now);
    const sent = effects.flatMap((effect) => (effect.type === 'send' ? [decodeKrpc(effect.bytes)] : []));
    const reply = sent.find(({ kind }) => kind === 'reply');
    return reply === undefined ? undefined : parseKrpcReply(reply).followers;
  };
  expect(followers(0)).toBeUndefined();
  node.trackPeers('bob', [], 1, 0);
  expect(followers(1)).toBe(1);
  expect(followers(3_600_000)).toBe(1);
  node.trackPeers('bob', [], 0, 3_600_001);
  expect(followers(3_600_002)).toBeUndefined();
  expect(() => node.trackPeers('bob', [], -1, 3_600_003)).toThrow(RangeError);
});

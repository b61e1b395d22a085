import { createNobleBackend } from '@rookery/keys';
import fc from 'fast-check';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { addressBytes, addressText } from '../src/chain/address-bytes.ts';
import { pairAddresses } from '../src/chain/seeds.ts';
import { Conversations } from '../src/people/conversations.ts';
import { Following } from '../src/people/following.ts';
import { Mentions } from '../src/people/mentions.ts';
import { Wallet } from '../src/people/wallet.ts';
import { openMemoryStore } from '../src/store/open.ts';

const log = pino({ level: 'silent' });
const text = (value: string) => new Uint8Array(Buffer.from(value, 'utf8'));
const backend = createNobleBackend();

describe('what is kept of people is the same after a restart', () => {
  test('direct messages, whatever the order in which they came', async () => {
    const message = fc.record({
      from: fc.constantFrom('alice', 'bob'),
      fromMe: fc.boolean(),
      k: fc.nat(9),
      time: fc.nat(5),
      text: fc.uint8Array({ minLength: 1, maxLength: 2 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(message, { maxLength: 20 }), async (messages) => {
        const store = await openMemoryStore(log);
        const before = await Conversations.load(store);
        for (const each of messages) before.add('bob', 'alice', each);
        const list = before.between('bob', 'alice');
        for (let at = 1; at < list.length; at += 1) expect(list[at]!.time).toBeGreaterThanOrEqual(list[at - 1]!.time);
        const after = await Conversations.load(store);
        expect(
          after.between('bob', 'alice').map(({ text: bytes, ...rest }) => ({ ...rest, text: [...bytes] })),
        ).toEqual(list.map(({ text: bytes, ...rest }) => ({ ...rest, text: [...bytes] })));
        // One more finds its number.
        after.add('bob', 'alice', { from: 'x', fromMe: false, k: 1, time: 99, text: text('last') });
        expect((await Conversations.load(store)).between('bob', 'alice').at(-1)?.from).toBe('x');
      }),
    );
  });

  test('follows, with names of any characters', async () => {
    const store = await openMemoryStore(log);
    const names = ['alice', 'a/b', 'ä', '%2f', '', '*group', 'z'.repeat(300)];
    const before = await Following.load(store);
    for (const local of names) for (const name of names) before.add(local, name);
    before.remove('alice', 'ä');
    before.remove('nobody', 'x');
    const after = await Following.load(store);
    for (const local of names) expect(after.of(local)).toEqual(before.of(local));
    expect(after.follows('alice', 'ä')).toBe(false);
    expect(after.follows('a/b', '%2f')).toBe(true);
    expect(after.isKnown('nobody')).toBe(false);
  });

  test('mentions, each once', async () => {
    const store = await openMemoryStore(log);
    const before = await Mentions.load(store);
    for (const k of [3, 1, 3]) before.add('bob', 'alice', k, text(`post ${k}`));
    const after = await Mentions.load(store);
    after.add('bob', 'alice', 1, text('another'));
    after.add('bob', 'carol', 1, text('hers'));
    expect(after.of('bob').map((post) => Buffer.from(post).toString())).toEqual(['post 3', 'post 1', 'hers']);
    expect((await Mentions.load(store)).of('bob')).toHaveLength(3);
  });

  test('keys, and the replacement that is under way', async () => {
    const store = await openMemoryStore(log);
    const before = await Wallet.load(store, backend);
    const first = before.create('alice');
    expect(before.endorser('alice')).toBeUndefined();
    expect(before.replace('bob')).toBeUndefined();
    before.replace('alice');
    // The key that was never sent cannot sign for the third.
    const third = before.replace('alice')!;
    const after = await Wallet.load(store, backend);
    expect(after.key('alice')).toEqual(third);
    expect(after.endorser('alice')?.id).toBe(first.id);
    expect(after.keys()).toHaveLength(3);
    expect(after.has(first.publicKey)).toBe(true);
    after.forgetReplacement('alice');
    expect((await Wallet.load(store, backend)).endorser('alice')).toBeUndefined();
  });
});

test('a seed tells ports by pairs of addresses', () => {
  // CRC-16 of 10.0.0.1, worked out apart from the program, is fc4a (CRC-16/CCITT-FALSE).
  const partner = `${0xfc}.${0x4a}.${28333 >> 8}.${28333 & 0xff}`;
  expect(pairAddresses(['10.0.0.1', '8.8.8.8', partner])).toEqual([{ ip: '10.0.0.1', port: 28333 }]);
  expect(pairAddresses([])).toEqual([]);
});

test('addresses come back from their 16 bytes', () => {
  for (const ip of ['1.2.3.4', '::1', '2001:db8::ff00:42:8329', 'fe80::', '255.255.255.255'])
    expect(addressText(addressBytes(ip))).toBe(ip);
});

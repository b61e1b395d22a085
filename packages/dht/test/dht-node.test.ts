import { sha1 } from '@noble/hashes/legacy.js';
import { bencodeDict, decodeBencode, decodeCompactNodes, dhtTarget, encodeBencode, encodeUtf8 } from '@rookery/wire';
import { describe, expect, test } from 'vitest';
import { DHT_LIMITS, DhtNode, type Endpoint, type SignedValue } from '../src/index.ts';
import {
  ask,
  decoded,
  HERE,
  NOW_MS,
  nodeOf,
  onlySent,
  PEER,
  PEER_ID,
  query,
  replyTo,
  seeded,
  sendsOf,
  tokenFor,
} from './engine.ts';
import { newPost, signed, TIP, value, world } from './world.ts';

const PROFILE = { n: 'alice', r: 'profile', t: 's' };
const ALICE = encodeUtf8('alice');
const STRANGER: Endpoint = { ip: '10.1.2.3', port: 5000 };
const HOUR = 3_600_000;

function fieldsOf({ p, sigP, sigUser }: SignedValue) {
  return { p: decodeBencode(p).value.toValue(), sig_p: sigP, sig_user: sigUser };
}

/** Puts a value by the packets of another node; returns what the node told. */
function putBy(node: DhtNode, entry: SignedValue, from: Endpoint = PEER, now: number = NOW_MS) {
  const target = decodeBencode(entry.p).value.getDict('target')!.toValue();
  const token = ask(node, 'getData', { justtoken: 1, target }, from, now).getBytes('token')!;
  return node.receive(query('putData', { ...fieldsOf(entry), token }), from, now);
}

/** Tags of alice, one post each. */
function tagged(count: number, pad = ''): SignedValue[] {
  return Array.from({ length: count }, (_, k) => {
    const v = newPost('alice', { k, msg: `#many ${k} ${pad}` });
    const target = { n: 'many', r: 'hashtag', t: 'm' };
    return signed(encodeBencode(bencodeDict({ height: 28, target, time: NOW_MS / 1000, v })), 'alice');
  });
}

describe('tokens (DHT-9, DHT-39)', () => {
  const accepted = (age: number): boolean => {
    const node = nodeOf();
    tokenFor(node, PROFILE, PEER, NOW_MS - HOUR);
    const token = tokenFor(node, PROFILE);
    const effects = node.receive(query('putData', { ...fieldsOf(value()), token }), PEER, NOW_MS + age);
    return effects.some(({ type }) => type === 'stored');
  };
  test.each([
    [0, true],
    [299_999, true],
    [300_000, true],
    [600_000, false],
    [HOUR, false],
  ])('one of %i ms ago: %s', (age, good) => {
    expect(accepted(age)).toBe(good);
  });

  test('is for one address and one target; the port does not matter', () => {
    const node = nodeOf();
    const token = tokenFor(node, PROFILE);
    expect(tokenFor(node, PROFILE, { ...PEER, port: 1 })).toEqual(token);
    expect(tokenFor(node, PROFILE, STRANGER)).not.toEqual(token);
    expect(tokenFor(node, { ...PROFILE, r: 'avatar' })).not.toEqual(token);
    expect(
      onlySent(node.receive(query('putData', { ...fieldsOf(value()), token }), STRANGER, NOW_MS))
        .getList('e')
        ?.items()[1]?.text,
    ).toBe('invalid token');
  });

  test('two nodes give different ones', () => {
    expect(tokenFor(nodeOf(), PROFILE)).not.toEqual(tokenFor(nodeOf({ random: seeded(2) }), PROFILE));
  });
});

describe('values of others (DHT-40, DHT-42)', () => {
  test('a value that was put is stored, served in the same bytes, and told to the application', () => {
    const node = nodeOf();
    const entry = value();
    const told = putBy(node, entry);
    const target = dhtTarget(ALICE, 'profile', 's');
    expect(told.map(({ type }) => type)).toEqual(['stored', 'send']);
    expect(told[0]).toMatchObject({ target, entry });
    const data = ask(node, 'getData', { target: PROFILE }).getList('data')!.items();
    expect(data.map((item) => item.getDict('p')!.raw)).toEqual([entry.p]);
    expect(node.held(target)).toEqual([entry]);
  });

  test('the application may use the buffer of a datagram again', () => {
    const node = nodeOf();
    const entry = value();
    const token = tokenFor(node, PROFILE);
    const datagram = query('putData', { ...fieldsOf(entry), token });
    node.receive(datagram, PEER, NOW_MS);
    datagram.fill(0);
    expect(node.held(dhtTarget(ALICE, 'profile', 's'))).toEqual([entry]);
  });

  test('an older one is acknowledged and dropped', () => {
    const node = nodeOf();
    putBy(node, value({ seq: 7 }));
    const told = putBy(node, value({ seq: 6 }));
    expect(told[0]).toMatchObject({ type: 'dropped', code: 'not-newer' });
    expect(onlySent(told).getText('z')).toBe('r');
    expect(putBy(node, value({ seq: 8 })).map((effect) => ('code' in effect ? effect.code : effect.type))).toEqual([
      'superseded',
      'stored',
      'send',
    ]);
  });

  test('a node that is no neighbour says yes and stores nothing (DHT-3)', () => {
    const node = nodeOf();
    const target = dhtTarget(ALICE, 'profile', 's');
    for (let index = 1; index <= 20; index += 1) {
      const id = target.slice();
      id[19] = id[19]! ^ index;
      const from = { ip: '127.0.0.1', port: 1000 + index };
      const [ping] = sendsOf(node.addContact(from, NOW_MS));
      node.receive(replyTo(ping!.bytes, {}, id), from, NOW_MS);
    }
    const told = putBy(node, value());
    expect(told[0]).toEqual({ type: 'dropped', target, code: 'not-neighbour' });
    expect(onlySent(told).getText('z')).toBe('r');
    expect(node.counts.values).toBe(0);
    const nodes = decodeCompactNodes(ask(node, 'findNode', { target }).getBytes('nodes')!);
    expect(nodes.map(({ id }) => id[19]! ^ target[19]!)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test.each([
    ['canonical', undefined, 0],
    ['deployed', 1, 1],
  ] as const)('an expired one is served by deployed nodes only (%s)', (profile, served, kept) => {
    const node = nodeOf({ profile });
    putBy(node, value({ target: { ...PROFILE, r: 'custom' } }));
    const count = () => ask(node, 'getData', { target: { ...PROFILE, r: 'custom' } }).getList('data')?.size;
    expect(count()).toBe(1);
    node.setTip(28 + 2017, NOW_MS);
    expect(count()).toBe(served);
    expect(node.nextDeadline()).toBeLessThanOrEqual(NOW_MS + DHT_LIMITS.valueSweepMs);
    node.tick(NOW_MS + DHT_LIMITS.valueSweepMs);
    expect(node.counts.values).toBe(kept);
  });
});

describe('the size of replies (DHT-40)', () => {
  function full(values: readonly SignedValue[]): DhtNode {
    const node = nodeOf({ users: world().users });
    for (const entry of values) expect(putBy(node, entry).some(({ type }) => type === 'stored')).toBe(true);
    return node;
  }
  const question = query('getData', { target: { n: 'many', r: 'hashtag', t: 'm' } });

  test('a stranger gets 1200 bytes and a ping; once it has answered, up to 10000', () => {
    const node = full(tagged(32, 'x'.repeat(120)));
    const [few, ping] = sendsOf(node.receive(question, STRANGER, NOW_MS));
    expect(few!.bytes.length).toBeLessThanOrEqual(1200);
    expect(decoded(few!.bytes).getDict('r')!.getList('data')!.size).toBeGreaterThan(0);
    expect(decoded(ping!.bytes).getText('q')).toBe('ping');
    expect(sendsOf(node.receive(question, STRANGER, NOW_MS))).toHaveLength(1);
    node.receive(replyTo(ping!.bytes), STRANGER, NOW_MS);
    const [many] = sendsOf(node.receive(question, STRANGER, NOW_MS));
    expect(many!.bytes.length).toBeGreaterThan(5000);
    expect(many!.bytes.length).toBeLessThanOrEqual(10_000);
    expect(decoded(many!.bytes).getDict('r')!.getList('data')!.size).toBeLessThan(32);
  });

  test('one large single value goes to strangers as long as there is room for it', () => {
    const avatar = { ...PROFILE, r: 'avatar' };
    const node = full([value({ target: avatar, v: 'A'.repeat(8000) })]);
    const sizes = Array.from({ length: 8 }, () => {
      return onlyReply(node.receive(query('getData', { target: avatar }), STRANGER, NOW_MS)).getList('data')!.size;
    });
    expect(sizes).toEqual([1, 1, 1, 1, 1, 0, 0, 0]);
    const later = node.receive(query('getData', { target: avatar }), STRANGER, NOW_MS + 1000);
    expect(onlyReply(later).getList('data')!.size).toBe(1);
  });

  function onlyReply(effects: ReturnType<DhtNode['receive']>) {
    return decoded(sendsOf(effects)[0]!.bytes).getDict('r')!;
  }
});

describe('swarms (DHT-41, DHT-46)', () => {
  const TRACKER = { n: 'alice', r: 'tracker', t: 'm' };
  const infoHash = dhtTarget(ALICE, 'tracker', 'm');
  const peersOf = (node: DhtNode, now: number): number => {
    return ask(node, 'getData', { target: TRACKER }, PEER, now).getList('values')!.size;
  };

  test('announced peers are told for 45 minutes', () => {
    const node = nodeOf();
    const token = tokenFor(node, TRACKER);
    ask(node, 'announcePeer', { infoHash, port: 7, token, n: 'alice' });
    const implied = query('announcePeer', { infoHash, port: 99_999, implied_port: 1, token });
    expect(onlySent(node.receive(implied, PEER, NOW_MS)).getText('z')).toBe('r');
    const reply = ask(node, 'getData', { target: TRACKER });
    expect(
      reply
        .getList('values')!
        .items()
        .map(({ bytes }) => [...bytes]),
    ).toEqual([
      [127, 0, 0, 1, 0, 7],
      [127, 0, 0, 1, 40000 >> 8, 40000 & 0xff],
    ]);
    expect([reply.getText('n'), reply.getNumber('followers')]).toEqual(['alice', 0]);
    expect(peersOf(node, NOW_MS + 45 * 60_000)).toBe(2);
    expect(peersOf(node, NOW_MS + 45 * 60_000 + 1)).toBe(0);
  });

  test('a reply has 100 peers of many, not always the same', () => {
    const node = nodeOf();
    node.trackPeers(
      'alice',
      Array.from({ length: 400 }, (_, port) => ({ ip: '127.0.0.1', port: port + 1 })),
      400,
      NOW_MS,
    );
    const shown = Array.from({ length: 8 }, () => ask(node, 'getData', { target: TRACKER }).getList('values')!.items());
    expect(shown.map(({ length }) => length)).toEqual(Array<number>(8).fill(100));
    expect(new Set(shown.flatMap((items) => items.map(({ bytes }) => bytes.join()))).size).toBeGreaterThan(300);
  });
});

describe('floods (DHT-44)', () => {
  test('the 1000th packet within 5 s is ignored, until there has been silence for 5 minutes', () => {
    const node = nodeOf();
    const heard = (now: number): boolean => sendsOf(node.receive(query('ping'), PEER, now)).length === 1;
    for (let packet = 1; packet < 1000; packet += 1) expect(heard(NOW_MS)).toBe(true);
    expect(heard(NOW_MS + 4999)).toBe(false);
    expect(heard(NOW_MS + 290_000)).toBe(false);
    expect(heard(NOW_MS + 580_000)).toBe(false);
    expect(heard(NOW_MS + 880_000)).toBe(true);
    expect(sendsOf(node.receive(query('ping'), STRANGER, NOW_MS)).length).toBe(1);
  });

  test('a thousand packets in more than 5 s are heard', () => {
    const node = nodeOf();
    for (let packet = 0; packet < 3000; packet += 1) {
      expect(sendsOf(node.receive(query('ping'), PEER, NOW_MS + 6 * packet)).length).toBe(1);
    }
  });

  test('the upload limit holds answers back, but not what the user asked for', () => {
    const node = nodeOf({ limits: { uploadBytesPerSecond: 100 } });
    const answers = Array.from({ length: 10 }, () => sendsOf(node.receive(query('ping'), PEER, NOW_MS)).length);
    expect(answers).toEqual([1, 1, 1, 1, 1, 0, 0, 0, 0, 0]);
    expect(sendsOf(node.get(ALICE, 'profile', 's', NOW_MS).effects)).toHaveLength(1);
    expect(sendsOf(node.receive(query('ping'), PEER, NOW_MS + 1000))).toHaveLength(1);
  });
});

describe('own values (DHT-30, DHT-43)', () => {
  function joined(): DhtNode {
    const node = nodeOf();
    const [ping] = sendsOf(node.addContact(PEER, NOW_MS));
    const [find] = sendsOf(node.receive(replyTo(ping!.bytes), PEER, NOW_MS));
    node.receive(replyTo(find!.bytes, { nodes: '' }), PEER, NOW_MS);
    return node;
  }

  /** Lets time pass; the peer answers everything. Returns the questions for data and the puts, with their times. */
  function run(node: DhtNode, until: number, data: readonly SignedValue[] = []) {
    const log: { readonly at: number; readonly q: string; readonly justToken: boolean }[] = [];
    for (let now = node.nextDeadline(); now !== undefined && now <= until; now = node.nextDeadline()) {
      let sends = sendsOf(node.tick(now));
      while (sends.length > 0) {
        const answers = sends.flatMap(({ bytes }) => {
          const packet = decoded(bytes);
          const q = packet.getText('q')!;
          const justToken = packet.getDict('x')!.getInteger('justtoken') === 1n;
          log.push({ at: now! - NOW_MS, q, justToken });
          const held = data.map((entry) => bencodeDict(fieldsOf(entry)));
          const fields = q === 'getData' ? { token: 'tokn', data: justToken ? [] : held, nodes: '' } : { nodes: '' };
          return sendsOf(node.receive(replyTo(bytes, fields), PEER, now!));
        });
        sends = answers;
      }
    }
    return log.filter(({ q }) => q === 'getData' || q === 'putData');
  }

  test('are put again every minute until they are read back, then every hour', () => {
    const node = joined();
    const entry = value();
    node.put(entry, NOW_MS);
    // The put itself is over within seconds; then come the refreshes.
    const unread = run(node, NOW_MS + 300_000).filter(({ at }) => at > 10_000);
    const puts = unread.filter(({ q }) => q === 'putData').map(({ at }) => at);
    expect(puts.length).toBeGreaterThanOrEqual(4);
    expect(unread.filter(({ q }) => q === 'getData').every(({ justToken }) => !justToken)).toBe(true);
    for (const [index, at] of puts.entries()) {
      const gap = at - (puts[index - 1] ?? 0);
      expect(gap).toBeGreaterThanOrEqual(54_000);
      expect(gap).toBeLessThanOrEqual(66_000);
    }
    const since = node.nextDeadline()!;
    const read = run(node, since + 3 * HOUR, [entry]);
    const late = read.filter(({ q }) => q === 'putData').map(({ at }) => at);
    expect(late.length).toBeGreaterThanOrEqual(3);
    expect(late.length).toBeLessThanOrEqual(5);
    expect(
      read
        .slice(2)
        .filter(({ q }) => q === 'getData')
        .every(({ justToken }) => justToken),
    ).toBe(true);
  });

  test('are put again after a restart', () => {
    const saved: [Uint8Array, readonly SignedValue[]][] = [];
    const disk = {
      load: () => [],
      save: (target: Uint8Array, values: readonly SignedValue[]) => saved.push([target, values]),
    };
    nodeOf({ store: disk }).put(value(), NOW_MS);
    const node = nodeOf({ store: { load: () => saved, save: () => undefined } });
    const [ping] = sendsOf(node.addContact(PEER, NOW_MS));
    node.receive(replyTo(ping!.bytes), PEER, NOW_MS);
    const log = run(node, NOW_MS + 62 * 60_000);
    expect(log.filter(({ q }) => q === 'putData').length).toBeGreaterThanOrEqual(1);
  });

  test('what others would not take is told, and sent to those who do', () => {
    const node = joined();
    const odd = value({ seq: undefined, target: { n: 'bob', r: 'mention', t: 'm' }, v: 'no post' });
    const { effects } = node.put(odd, NOW_MS);
    expect(effects[0]).toMatchObject({ type: 'dropped', code: 'bad-post' });
    expect(sendsOf(effects)).toHaveLength(1);
    expect(node.counts.values).toBe(0);
    const bad = node.put({ ...value(), sigUser: 'bob' }, NOW_MS);
    expect(bad.effects).toMatchObject([
      { type: 'dropped', code: 'bad-signature' },
      { type: 'done', found: false },
    ]);
    expect(() => node.put({ ...value(), p: encodeUtf8('de') }, NOW_MS)).toThrow(TypeError);
  });

  test('an error of a node is told', () => {
    const node = joined();
    const { handle, effects } = node.put(value(), NOW_MS);
    const [put] = sendsOf(node.receive(replyTo(sendsOf(effects)[0]!.bytes, { token: 'tokn' }), PEER, NOW_MS));
    const t = decoded(put!.bytes).getBytes('t')!;
    const refusal = encodeBencode(bencodeDict({ e: [203, 'invalid token'], t, z: 'e' }));
    const target = dhtTarget(ALICE, 'profile', 's');
    expect(node.receive(refusal, PEER, NOW_MS)).toEqual([
      { type: 'dropped', target, code: 'refused' },
      { type: 'done', handle, target, found: false, acknowledged: 0 },
    ]);
  });
});

describe('answers to nothing', () => {
  test('replies with another id or from another address are dropped (DHT-35)', () => {
    const node = nodeOf();
    const [ping] = sendsOf(node.addContact(STRANGER, NOW_MS));
    const reply = replyTo(ping!.bytes);
    for (const from of [PEER, { ip: '10.1.2.4', port: 5000 }]) {
      expect(node.receive(reply, from, NOW_MS)).toEqual([{ type: 'ignored', from, code: 'unmatched' }]);
    }
    const other = reply.slice();
    const at = reply.length - 9;
    other[at] = other[at]! ^ 1;
    expect(node.counts.contacts).toBe(0);
    node.receive(reply, { ...STRANGER, port: 6000 }, NOW_MS);
    expect(node.counts.contacts).toBe(1);
    expect(node.receive(reply, STRANGER, NOW_MS)).toEqual([{ type: 'ignored', from: STRANGER, code: 'unmatched' }]);
  });

  test('a request fails after 8 s, and its node goes', () => {
    const node = nodeOf();
    node.receive(query('ping'), PEER, NOW_MS);
    const { handle } = node.get(ALICE, 'profile', 's', NOW_MS);
    const times: number[] = [];
    let effects: readonly { readonly type: string }[] = [];
    for (let now = node.nextDeadline()!; !effects.some(({ type }) => type === 'done'); now = node.nextDeadline()!) {
      times.push(now - NOW_MS);
      effects = node.tick(now);
    }
    expect(times).toContain(1000);
    expect(times.at(-1)).toBe(8000);
    expect(effects).toContainEqual({
      type: 'done',
      handle,
      target: sha1(encodeBencode(bencodeDict(PROFILE))),
      found: false,
      acknowledged: 0,
    });
    expect(node.counts.contacts).toBe(0);
  });
});

describe('a node is made', () => {
  const { users } = world();
  test('with an id of its address, the same for the same luck', () => {
    const make = () => new DhtNode({ address: { ip: '198.18.5.5', port: 1 }, users, random: seeded(4) });
    expect(make().id).toEqual(make().id);
    const from = { ip: '198.18.5.5', port: 1 };
    expect(
      onlySent(nodeOf().receive(query('ping', {}, make().id), from, NOW_MS))
        .getDict('r')!
        .get('ip'),
    ).toBeUndefined();
  });

  test('or refused, for an id or an address that is none', () => {
    expect(() => nodeOf({ id: new Uint8Array(19) })).toThrow(RangeError);
    expect(() => nodeOf({ id: undefined, address: { ip: 'here', port: 1 } })).toThrow(RangeError);
  });

  test('and waits for nothing until it knows somebody', () => {
    const node = nodeOf();
    expect(node.nextDeadline()).toBeUndefined();
    expect(node.tick(NOW_MS)).toEqual([]);
    expect(node.get(ALICE, 'profile', 's', NOW_MS).effects).toMatchObject([{ type: 'done', found: false }]);
    expect(node.contacts()).toEqual([]);
    node.addContact(PEER, NOW_MS);
    expect(node.nextDeadline()).toBe(NOW_MS + 1000);
  });

  test('and tries again to join while nobody answers', () => {
    const node = nodeOf();
    node.addContact(PEER, NOW_MS);
    const pings: number[] = [];
    for (let now = node.nextDeadline()!; now <= NOW_MS + 30_000; now = node.nextDeadline()!) {
      for (const { bytes } of sendsOf(node.tick(now)))
        if (decoded(bytes).getText('q') === 'ping') pings.push(now - NOW_MS);
    }
    expect(pings).toEqual(expect.arrayContaining([5000, 10_000, 15_000, 20_000, 25_000, 30_000]));
  });
});

test('the clock is that of the caller, and never goes back', () => {
  const node = nodeOf({ address: HERE });
  const { effects } = node.get(ALICE, 'profile', 's', NOW_MS);
  expect(effects).toHaveLength(1);
  node.receive(query('ping'), PEER, NOW_MS);
  node.receive(query('ping', {}, PEER_ID), PEER, NOW_MS - HOUR);
  expect(node.nextDeadline()).toBeGreaterThanOrEqual(NOW_MS);
  expect(TIP).toBeGreaterThan(0);
});

import { directoryOf } from '@rookery/keys';
import { checkPost, createPost, createRetweet, originalOf, signPost } from '@rookery/posts';
import { decodePost, type PeerMessage } from '@rookery/wire';
import { describe, expect, test } from 'vitest';
import { hasPiece, memoryPieces, type Swarm, type SwarmEffect } from '../../src/index.ts';
import { NOW, PUBLIC_KEY, post, REGISTERED, TIP, USER, WORLD } from '../author.ts';
import { backend, frames, handshakeOf, idOf, messagesTo, newSwarm } from '../harness.ts';

const NEW_SECRET = new Uint8Array(32).fill(9);
const NEW_KEY = backend.derivePublicKey(NEW_SECRET, true);
const request = (piece: number): PeerMessage => ({ id: 6, name: 'request', piece, begin: 0, length: 16_384 });
const piece = (k: number, data: Uint8Array): PeerMessage => ({ id: 7, name: 'piece', piece: k, begin: 0, data });

/** What was said to a peer, without what every connection begins with. */
function told(effects: readonly SwarmEffect[], peer: string): string[] {
  return messagesTo(effects, peer)
    .filter(({ name }) => !['extended', 'allowed_fast', 'dht_port', 'hashcash_nbits'].includes(name))
    .map((message) => ('piece' in message ? `${message.name} ${message.piece}` : message.name));
}

function open(swarm: Swarm, name: string, id: number): readonly SwarmEffect[] {
  swarm.connect(name, { outgoing: false, ip: '10.0.0.1' }, NOW);
  return swarm.receive(name, handshakeOf(USER, idOf(id)), NOW);
}

/** An engine that got `data` as post 4 from `source`, and another peer that wants it. */
function relayed(data: Uint8Array, users = WORLD.users): { swarm: Swarm; effects: readonly SwarmEffect[] } {
  const swarm = newSwarm({ ...WORLD, users });
  for (const [at, name] of ['source', 'behind'].entries()) open(swarm, name, 5 + at);
  swarm.receive('behind', frames({ id: 2, name: 'interested' }), NOW);
  swarm.receive('source', frames({ id: 4, name: 'have', piece: 4 }, { id: 1, name: 'unchoke' }), NOW);
  return { swarm, effects: swarm.receive('source', frames(piece(4, data)), NOW) };
}

describe('posts that a peer one block behind has to refuse, for which deployed nodes ban', () => {
  test('a post from above the tip waits until the tip has passed it', () => {
    const height = TIP + 1;
    const { swarm, effects } = relayed(post(4, { height }));
    expect(effects.filter(({ type }) => type === 'piece').length).toBe(1);
    expect(swarm.have()).toEqual([4]);
    expect(told(effects, 'behind')).toEqual([]);
    expect(told(swarm.receive('behind', frames(request(4)), NOW), 'behind')).toEqual(['reject 4']);
    expect(told(open(swarm, 'late', 8), 'late')).toEqual(['have_none']);
    for (let tip = TIP + 1; tip <= height; tip += 1) expect(told(swarm.setTip(tip, NOW), 'behind')).toEqual([]);
    expect(told(swarm.setTip(height + 1, NOW), 'behind')).toEqual(['have 4']);
    expect(told(swarm.receive('behind', frames(request(4)), NOW), 'behind')).toEqual(['piece 4']);
    expect(told(swarm.setTip(height + 2, NOW), 'behind')).toEqual([]);
  });

  test.each([TIP - 1, TIP])('a post of height %i is passed on at once, where the tip is 60', (height) => {
    const { effects } = relayed(post(4, { height }));
    expect(told(effects, 'behind')).toEqual(['have 4']);
  });

  test('so is one of a user whom the newest block has registered: nobody behind is in the swarm', () => {
    const users = directoryOf([{ name: USER, keys: [{ height: TIP, publicKey: PUBLIC_KEY }] }]);
    const { effects } = relayed(post(4, { height: TIP }), users);
    expect(told(effects, 'behind')).toEqual(['have 4']);
  });

  test('a post with a new key: forged in the eyes of who does not know the block of the replacement', () => {
    const keys = [
      { height: REGISTERED, publicKey: PUBLIC_KEY },
      { height: TIP, publicKey: NEW_KEY },
    ];
    const data = post(4, { height: TIP, secret: NEW_SECRET });
    const behind = directoryOf([{ name: USER, keys }], TIP - 1);
    expect(checkPost(data, { user: USER, k: 4, tip: TIP - 1, users: behind, profile: 'deployed' })).toMatchObject({
      ok: false,
      code: 'bad-signature',
    });
    const { effects, swarm } = relayed(data, directoryOf([{ name: USER, keys }]));
    expect(effects.filter(({ type }) => type === 'piece').length).toBe(1);
    expect(told(effects, 'behind')).toEqual([]);
    expect(told(swarm.setTip(TIP + 1, NOW), 'behind')).toEqual(['have 4']);
  });

  test('and a retweet of somebody whom the newest block has registered', () => {
    const keys = [{ height: REGISTERED, publicKey: PUBLIC_KEY }];
    const carol = { name: 'carol', keys: [{ height: TIP, publicKey: NEW_KEY }] };
    const time = 1_699_000_000;
    const hers = createPost({ user: 'carol', k: 1, height: TIP, time }, 'I am new');
    const original = originalOf(decodePost(signPost(hers, NEW_SECRET, { backend })));
    const retweet = createRetweet({ user: USER, k: 4, height: TIP, time }, original);
    const users = directoryOf([{ name: USER, keys }, carol]);
    const { effects, swarm } = relayed(signPost(retweet, new Uint8Array(32).fill(7), { backend }), users);
    expect(effects.filter(({ type }) => type === 'piece').length).toBe(1);
    expect(told(effects, 'behind')).toEqual([]);
    expect(told(swarm.setTip(TIP + 1, NOW), 'behind')).toEqual(['have 4']);
  });

  test('where no newer block comes, they wait for five seconds', () => {
    const keys = [
      { height: REGISTERED, publicKey: PUBLIC_KEY },
      { height: TIP, publicKey: NEW_KEY },
    ];
    const data = post(4, { height: TIP, secret: NEW_SECRET });
    const { swarm } = relayed(data, directoryOf([{ name: USER, keys }]));
    expect(told(swarm.receive('behind', frames(request(4)), NOW), 'behind')).toContain('reject 4');
    expect(swarm.nextDeadline()).toBe(NOW + 5_000);
    expect(told(swarm.tick(NOW + 4_999), 'behind')).toEqual([]);
    expect(told(swarm.tick(NOW + 5_000), 'behind')).toEqual(['have 4']);
    expect(swarm.nextDeadline()).toBeGreaterThan(NOW + 5_000);
    expect(told(swarm.receive('behind', frames(request(4)), NOW + 5_001), 'behind')).toEqual(['piece 4']);
    // A block of the same height takes the place of the newest one, and the wait begins anew.
    expect(told(swarm.setTip(TIP, NOW + 6_000), 'behind')).toEqual([]);
    expect(told(swarm.receive('behind', frames(request(4)), NOW + 6_000), 'behind')).toContain('reject 4');
    expect(told(swarm.tick(NOW + 11_000), 'behind')).toEqual(['have 4']);
    expect(told(swarm.receive('behind', frames(request(4)), NOW + 11_001), 'behind')).toEqual(['piece 4']);
  });

  test('own posts too, and those of a tip that has fallen', () => {
    const swarm = newSwarm(WORLD);
    open(swarm, 'peer', 5);
    expect(told(swarm.publish(1, post(1, { height: TIP + 1 }), NOW), 'peer')).toEqual([]);
    expect(told(swarm.publish(2, post(2), NOW), 'peer')).toEqual(['have 2']);
    expect(told(swarm.setTip(TIP + 2, NOW), 'peer')).toEqual(['have 1']);
    swarm.receive('peer', frames({ id: 2, name: 'interested' }), NOW);
    swarm.setTip(TIP - 2, NOW);
    expect(told(swarm.receive('peer', frames(request(2)), NOW), 'peer')).toEqual(['reject 2']);
    expect(told(swarm.setTip(TIP, NOW), 'peer')).toEqual(['have 2']);
  });

  test('deployed nodes do not wait', () => {
    const swarm = newSwarm({ ...WORLD, profile: 'deployed' });
    open(swarm, 'peer', 5);
    expect(told(swarm.publish(1, post(1, { height: TIP + 1 }), NOW), 'peer')).toEqual(['have 1']);
  });
});

describe('a deployed node asks again at once for a piece that is rejected, as long as it believes that it is there', () => {
  /** Plays such a node, which misses piece 30, with 10 ms to and fro; gives how often it asked in a minute. */
  function asks(swarm: Swarm): number {
    let asked = 0;
    let now = NOW;
    swarm.receive('peer', frames({ id: 2, name: 'interested' }), now);
    for (let believes = true; believes && now < NOW + 60_000; now += 10) {
      asked += 1;
      for (const message of messagesTo(swarm.receive('peer', frames(request(30)), now), 'peer')) {
        if (message.name === 'bitfield') believes = hasPiece(message.bitfield, 30);
        if (message.name === 'have_none') believes = false;
      }
    }
    return asked;
  }

  test('the ceiling falls below it', () => {
    const swarm = newSwarm({ ...WORLD, pieces: memoryPieces([5, 30].map((k) => [k, post(k)])) });
    open(swarm, 'peer', 5);
    // 24 at height 3.
    swarm.setTip(3, NOW);
    expect(asks(swarm)).toBeLessThanOrEqual(101);
    expect(told(swarm.setTip(TIP, NOW), 'peer')).toEqual(['have 30']);
  });

  test('it has become invalid', () => {
    const swarm = newSwarm({ ...WORLD, pieces: memoryPieces([[30, post(30, { secret: NEW_SECRET })]]) });
    open(swarm, 'peer', 5);
    expect(told(open(swarm, 'other', 6), 'other')).toEqual(['bitfield']);
    expect(asks(swarm)).toBeLessThanOrEqual(101);
    // It is judged once, and told to nobody any more.
    expect(told(open(swarm, 'third', 7), 'third')).toEqual(['have_none']);
    expect(told(swarm.setTip(TIP + 1, NOW), 'peer')).toEqual([]);
  });

  test('who goes on asking all the same is not told more often', () => {
    const swarm = newSwarm({ ...WORLD, pieces: memoryPieces([[30, post(30, { secret: NEW_SECRET })]]) });
    open(swarm, 'peer', 5);
    swarm.receive('peer', frames({ id: 2, name: 'interested' }), NOW);
    const heard: string[] = [];
    for (let now = NOW; now < NOW + 3_500; now += 10) {
      heard.push(...told(swarm.receive('peer', frames(request(30)), now), 'peer'));
    }
    expect(heard.filter((name) => name === 'have_none').length).toBe(3);
    expect(heard.filter((name) => name === 'reject 30').length).toBe(350);
  });
});

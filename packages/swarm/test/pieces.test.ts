import { directoryOf } from '@rookery/keys';
import type { PeerMessage } from '@rookery/wire';
import { describe, expect, test } from 'vitest';
import {
  encodeBitfield,
  memoryPieces,
  SWARM_LIMITS,
  type Swarm,
  type SwarmEffect,
  type SwarmOptions,
} from '../src/index.ts';
import { forgedPost, NOW, PUBLIC_KEY, post, REGISTERED, TIP, USER, WORLD } from './author.ts';
import { frames, handshakeOf, idOf, messagesTo, newSwarm, others, RESERVED } from './harness.ts';

const UNCHOKE: PeerMessage = { id: 1, name: 'unchoke' };
const INTERESTED: PeerMessage = { id: 2, name: 'interested' };
const NOT_INTERESTED: PeerMessage = { id: 3, name: 'not_interested' };
const have = (piece: number): PeerMessage => ({ id: 4, name: 'have', piece });
const request = (piece: number): PeerMessage => ({ id: 6, name: 'request', piece, begin: 0, length: 16_384 });
const reject = (piece: number): PeerMessage => ({ id: 16, name: 'reject', piece, begin: 0, length: 16_384 });
const piece = (k: number, data: Uint8Array = post(k)): PeerMessage => ({
  id: 7,
  name: 'piece',
  piece: k,
  begin: 0,
  data,
});

/** An engine and scripted peers. */
class Stage {
  readonly swarm: Swarm;
  now = NOW;
  #peers = 1;

  constructor(options: Partial<SwarmOptions> = {}) {
    this.swarm = newSwarm({ ...WORLD, ...options });
  }

  open(name: string, options: { ip?: string; reserved?: Uint8Array; port?: number } = {}): SwarmEffect[] {
    this.#peers += 1;
    const { reserved = RESERVED, ip, port } = options;
    return [
      ...this.swarm.connect(name, { outgoing: port !== undefined, ip, port }, this.now),
      ...this.swarm.receive(name, handshakeOf(USER, idOf(this.#peers), reserved), this.now),
    ];
  }

  says(name: string, ...messages: readonly PeerMessage[]): readonly SwarmEffect[] {
    return this.swarm.receive(name, frames(...messages), this.now);
  }

  /** Lets time pass, with ticks when they are due. */
  wait(ms: number): SwarmEffect[] {
    const effects: SwarmEffect[] = [];
    const end = this.now + ms;
    for (let due = this.swarm.nextDeadline(); due !== undefined && due <= end; due = this.swarm.nextDeadline()) {
      this.now = Math.max(this.now, due);
      effects.push(...this.swarm.tick(this.now));
    }
    this.now = end;
    return effects;
  }
}

/** What an engine said to a peer, as names and piece numbers. */
function told(effects: readonly SwarmEffect[], peer: string): string[] {
  return messagesTo(effects, peer).map((message) =>
    'piece' in message ? `${message.name} ${message.piece}` : message.name,
  );
}

describe('asking (SWARM-19)', () => {
  test('a peer that has something is told of interest, and asked once it does not choke', () => {
    const stage = new Stage();
    stage.open('p');
    expect(told(stage.says('p', have(3)), 'p')).toEqual(['interested']);
    expect(told(stage.says('p', have(1)), 'p')).toEqual([]);
    expect(messagesTo(stage.says('p', UNCHOKE), 'p')).toEqual([request(1), request(3)]);
    expect(told(stage.says('p', piece(3)), 'p')).toEqual(['have 3']);
    expect(told(stage.says('p', piece(1)), 'p')).toEqual(['not_interested', 'have 1']);
    expect(stage.swarm.have()).toEqual([1, 3]);
    expect(stage.swarm.piece(3)).toEqual(post(3));
    expect(stage.swarm.highest()).toBe(3);
  });

  test('while it chokes, only its allowed-fast set is asked for', () => {
    const stage = new Stage();
    stage.open('p');
    stage.says('p', { id: 17, name: 'allowed_fast', piece: 2 }, { id: 17, name: 'allowed_fast', piece: 9 });
    expect(told(stage.says('p', have(1), have(2)), 'p')).toEqual(['interested', 'request 2']);
    expect(told(stage.says('p', reject(2)), 'p')).toEqual([]);
    expect(told(stage.says('p', UNCHOKE), 'p')).toEqual(['request 1', 'request 2']);
  });

  test('a rejected piece is not asked for again until it is announced again', () => {
    const stage = new Stage();
    stage.open('p');
    stage.says('p', have(1), have(2), UNCHOKE);
    expect(told(stage.says('p', reject(1)), 'p')).toEqual([]);
    expect(told(stage.says('p', reject(2)), 'p')).toEqual(['not_interested']);
    expect(told(stage.says('p', have(1)), 'p')).toEqual(['interested', 'request 1']);
  });

  test('no piece is asked of two peers, and each gets no more requests than it wants', () => {
    const stage = new Stage({ limits: { openRequests: 3 } });
    for (const name of ['p', 'q']) {
      stage.open(name);
      stage.says(name, { id: 5, name: 'bitfield', bitfield: encodeBitfield([0, 1, 2, 3, 4, 5, 6, 7], 8) });
    }
    expect(told(stage.says('p', UNCHOKE), 'p')).toEqual(['request 0', 'request 1', 'request 2']);
    expect(told(stage.says('q', UNCHOKE), 'q')).toEqual(['request 3', 'request 4', 'request 5']);
    expect(told(stage.says('q', piece(4)), 'q')).toEqual(['have 4', 'request 6']);
  });

  test('what a peer does not answer in 20 s is asked of another one; a late answer still counts', () => {
    const stage = new Stage();
    for (const name of ['p', 'q']) {
      stage.open(name);
      stage.says(name, have(1), have(2), UNCHOKE);
    }
    expect(told(stage.wait(19_999), 'q')).toEqual([]);
    const later = stage.wait(1);
    expect(told(later, 'q')).toEqual(['request 1', 'request 2']);
    expect(told(later, 'p')).toEqual([]);
    const late = stage.says('p', piece(1));
    expect(others(late)).toMatchObject([{ type: 'piece', k: 1, peer: 'p' }]);
    expect(told(late, 'q')).toEqual(['cancel 1', 'have 1']);
    // The other answer was on its way.
    expect(stage.says('q', piece(1))).toEqual([]);
  });

  test('a slow peer that is the only one is asked for one piece at a time', () => {
    const stage = new Stage();
    stage.open('p');
    stage.says('p', have(1), have(2), have(3), UNCHOKE);
    expect(told(stage.wait(20_000), 'p')).toEqual(['request 1']);
    expect(told(stage.wait(20_000), 'p').filter((name) => name !== 'keepalive')).toEqual(['request 2']);
    expect(told(stage.says('p', piece(1)), 'p')).toEqual(['have 1', 'request 3']);
  });

  test('what was asked of a peer that is gone is asked of another', () => {
    const stage = new Stage();
    for (const name of ['p', 'q']) {
      stage.open(name);
      stage.says(name, have(1), UNCHOKE);
    }
    expect(told(stage.swarm.disconnect('p', NOW), 'q')).toEqual(['request 1']);
  });

  test('without the fast extension a choke ends all requests', () => {
    const stage = new Stage();
    for (const name of ['p', 'q']) {
      stage.open(name, { reserved: new Uint8Array(8) });
      stage.says(name, have(1), UNCHOKE);
    }
    expect(told(stage.says('p', { id: 0, name: 'choke' }), 'q')).toEqual(['request 1']);
  });

  test('have_all is all that is known of, have_none nothing', () => {
    const stage = new Stage({ pieces: memoryPieces([[2, post(2)]]) });
    stage.open('p');
    expect(told(stage.says('p', { id: 14, name: 'have_all' }, UNCHOKE), 'p')).toEqual([
      'interested',
      'request 0',
      'request 1',
      'request 3',
    ]);
    expect(told(stage.says('p', { id: 15, name: 'have_none' }), 'p')).toEqual(['not_interested']);
  });

  test('empty answers are repeated a few times only (SWARM-9)', () => {
    const stage = new Stage();
    stage.open('p');
    stage.says('p', have(1), UNCHOKE);
    const empty = piece(1, new Uint8Array(0));
    const answers = Array.from({ length: 5 }, () => told(stage.says('p', empty), 'p'));
    expect(answers).toEqual([['request 1'], ['request 1'], ['request 1'], ['not_interested'], []]);
  });
});

describe('what came (SWARM-20)', () => {
  const asked = (options: Partial<SwarmOptions> = {}): Stage => {
    const stage = new Stage(options);
    for (const name of ['p', 'q']) {
      stage.open(name);
      stage.says(name, have(1), UNCHOKE);
    }
    return stage;
  };

  test('a good post is stored once and told to all, its sender included', () => {
    const stage = asked();
    const effects = stage.says('p', piece(1));
    expect(others(effects)).toEqual([{ type: 'piece', k: 1, bytes: post(1), flags: [], peer: 'p' }]);
    expect(told(effects, 'p')).toEqual(['not_interested', 'have 1']);
    expect(told(effects, 'q')).toEqual(['not_interested', 'have 1']);
  });

  test('a forged one bans its sender, and another peer is asked', () => {
    const stage = asked();
    const effects = stage.says('p', piece(1, forgedPost(1)));
    expect(others(effects)).toEqual([
      { type: 'ban', peer: 'p', code: 'bad-signature' },
      { type: 'close', peer: 'p', code: 'bad-signature' },
    ]);
    expect(told(effects, 'q')).toEqual(['request 1']);
    expect(stage.swarm.connect('p', { outgoing: false }, NOW)).toEqual([{ type: 'close', peer: 'p', code: 'banned' }]);
  });

  test('a ban holds for the group of an address, and the oldest is forgotten', () => {
    const stage = new Stage({ groupOf: (name) => name.split(':')[0]!, limits: { bans: 1 } });
    for (const name of ['x:1', 'y:1']) {
      stage.open(name);
      stage.says(name, have(1), UNCHOKE, piece(1, forgedPost(1)));
    }
    const codes = ['x:2', 'y:2'].map((name) => stage.swarm.connect(name, { outgoing: false }, NOW).length);
    expect(codes).toEqual([0, 1]);
  });

  test('policy bans nobody: the post is not asked for again there, but elsewhere (W57)', () => {
    const stage = asked();
    const effects = stage.says('p', piece(1, post(2)));
    expect(others(effects)).toEqual([{ type: 'refused', peer: 'p', k: 1, code: 'wrong-number' }]);
    expect(told(effects, 'p')).toEqual(['not_interested']);
    expect(told(effects, 'q')).toEqual(['request 1']);
    expect(told(stage.says('p', have(1)), 'p')).toEqual([]);
  });

  test('a post from the future is asked for again after each block', () => {
    const stage = asked();
    stage.swarm.disconnect('q', NOW);
    const early = post(1, { height: TIP + 3 });
    expect(others(stage.says('p', piece(1, early)))).toMatchObject([{ type: 'refused', code: 'bad-height' }]);
    expect(told(stage.swarm.setTip(TIP + 1, NOW), 'p')).toEqual(['interested', 'request 1']);
    expect(told(stage.says('p', piece(1, early)), 'p')).toEqual(['not_interested']);
    expect(told(stage.swarm.setTip(TIP + 2, NOW), 'p')).toEqual(['interested', 'request 1']);
    expect(others(stage.says('p', piece(1, early)))).toMatchObject([{ type: 'piece', k: 1 }]);
  });

  test('nothing that nobody asked for is taken', () => {
    const stage = asked();
    expect(stage.says('p', piece(2), piece(5, forgedPost(5)))).toEqual([]);
    expect(stage.swarm.have()).toEqual([]);
  });
});

describe('own posts (SWARM-6)', () => {
  test('are told to everybody and served', () => {
    const stage = new Stage();
    stage.open('p', { ip: '10.0.0.1' });
    const effects = stage.swarm.publish(4, post(4), NOW);
    expect(others(effects)).toEqual([{ type: 'piece', k: 4, bytes: post(4), flags: [], peer: undefined }]);
    expect(told(effects, 'p')).toEqual(['have 4']);
    expect(messagesTo(stage.says('p', INTERESTED, request(4)), 'p')).toEqual([UNCHOKE, piece(4)]);
    expect(stage.swarm.publish(4, post(4), NOW)).toEqual([]);
  });

  test('are judged like those of others', () => {
    const { swarm } = new Stage();
    expect(swarm.publish(1, forgedPost(1), NOW)).toMatchObject([{ type: 'refused', peer: undefined, k: 1 }]);
    expect(swarm.publish(139, post(139), NOW)).toMatchObject([{ type: 'refused', code: 'too-many-posts' }]);
    expect(swarm.publish(2, post(1), NOW)).toMatchObject([{ type: 'refused', code: 'wrong-number' }]);
    expect(swarm.have()).toEqual([]);
  });

  test('a change of the array that was handed in changes nothing', () => {
    const { swarm } = new Stage();
    const bytes = post(1).slice();
    swarm.publish(1, bytes, NOW);
    bytes.fill(0);
    expect(swarm.piece(1)).toEqual(post(1));
  });
});

describe('two posts of one number (SWARM-21)', () => {
  const twin = post(1, { text: 'something else' });

  test('published', () => {
    const { swarm } = new Stage({ pieces: memoryPieces([[1, post(1)]]) });
    expect(swarm.publish(1, twin, NOW)).toEqual([{ type: 'equivocation', k: 1, bytes: twin, other: post(1) }]);
    expect(swarm.publish(1, twin, NOW)).toEqual([]);
    expect(swarm.piece(1)).toEqual(post(1));
    expect(swarm.evidence()).toEqual([{ k: 1, bytes: twin, other: post(1) }]);
  });

  test('late, after another peer has sent the other', () => {
    const stage = new Stage();
    for (const name of ['p', 'q']) {
      stage.open(name);
      stage.says(name, have(1), UNCHOKE);
    }
    stage.wait(20_000);
    stage.says('q', piece(1));
    expect(others(stage.says('p', piece(1, twin)))).toEqual([
      { type: 'equivocation', k: 1, bytes: twin, other: post(1) },
    ]);
  });

  test('unasked, as far as the budget of the connection goes; a forged one bans', () => {
    const stage = new Stage({ pieces: memoryPieces([[1, post(1)]]), limits: { uninvitedPieces: 2 } });
    stage.open('p');
    expect(stage.says('p', piece(1), piece(1))).toEqual([]);
    expect(stage.says('p', piece(1, twin))).toEqual([]);
    stage.open('q');
    expect(others(stage.says('q', piece(1, twin)))).toMatchObject([{ type: 'equivocation' }]);
    const other = new Stage({ pieces: memoryPieces([[1, post(1)]]) });
    other.open('p');
    expect(others(other.says('p', piece(1, forgedPost(1)))).map(({ type }) => type)).toEqual(['ban', 'close']);
  });

  test('evidence is bounded', () => {
    const pieces = [0, 1, 2].map((k) => [k, post(k)] as const);
    const { swarm } = new Stage({ pieces: memoryPieces(pieces), limits: { evidence: 2 } });
    for (const k of [0, 1, 2]) swarm.publish(k, post(k, { text: 'other' }), NOW);
    expect(swarm.evidence().map(({ k }) => k)).toEqual([0, 1]);
  });
});

describe('serving (SWARM-7, SWARM-8)', () => {
  const full = (options: Partial<SwarmOptions> = {}): Stage =>
    new Stage({ pieces: memoryPieces([0, 1, 2, 3].map((k) => [k, post(k)])), ...options });

  test('private addresses are always unchoked, others take slots (SWARM-17)', () => {
    const stage = full({ limits: { uploadSlots: 1 } });
    for (const [name, ip] of [
      ['near', '192.168.7.7'],
      ['p', '192.0.2.1'],
      ['q', '192.0.2.2'],
      ['loop', '127.0.0.1'],
    ] as const) {
      stage.open(name, { ip });
      const first = told(stage.says(name, INTERESTED), name);
      expect(first).toEqual(name === 'q' ? [] : ['unchoke']);
    }
    const effects = stage.says('p', NOT_INTERESTED);
    expect(told(effects, 'p')).toEqual(['choke']);
    expect(told(effects, 'q')).toEqual(['unchoke']);
  });

  test('slots go round while somebody waits', () => {
    const stage = full({ limits: { uploadSlots: 2, keepAliveMs: 1_000_000, silenceMs: 1_000_000 } });
    const names = ['a', 'b', 'c', 'd', 'e'];
    for (const name of names) {
      stage.open(name);
      stage.says(name, INTERESTED);
      stage.now += 1;
    }
    const unchoked = new Map(names.map((name) => [name, 0]));
    for (let round = 0; round < 10; round += 1) {
      const effects = stage.wait(15_000);
      const all = names.flatMap((name) => told(effects, name).map((said) => [name, said] as const));
      expect(all.filter(([, said]) => said === 'unchoke')).toHaveLength(2);
      expect(all.filter(([, said]) => said === 'choke')).toHaveLength(2);
      for (const [name, said] of all) if (said === 'unchoke') unchoked.set(name, unchoked.get(name)! + 1);
    }
    for (const times of unchoked.values()) expect(Math.abs(times - 4)).toBeLessThanOrEqual(1);
    for (const name of names) stage.swarm.disconnect(name, stage.now);
    expect(stage.swarm.nextDeadline()).toBeUndefined();
  });

  test('a slot that a peer leaves behind goes to who waits', () => {
    const stage = full({ limits: { uploadSlots: 1 } });
    for (const name of ['p', 'q']) {
      stage.open(name);
      stage.says(name, INTERESTED);
    }
    expect(told(stage.swarm.disconnect('p', NOW), 'q')).toEqual(['unchoke']);
  });

  test('who is choked may go on asking for two seconds', () => {
    const stage = full({ limits: { allowedFast: 0, uploadSlots: 1 } });
    for (const name of ['p', 'q']) {
      stage.open(name);
      stage.says(name, INTERESTED);
    }
    expect(told(stage.says('p', request(0)), 'p')).toEqual(['piece 0']);
    stage.wait(15_000);
    stage.now += 2_000;
    expect(told(stage.says('p', request(0)), 'p')).toEqual(['reject 0']);
    stage.now += 1;
    expect(others(stage.says('p', request(0)))).toEqual([{ type: 'close', peer: 'p', code: 'choked' }]);
  });

  test('requests wait while the application cannot write, up to 250; choke and cancel take them back', () => {
    const stage = full();
    stage.open('p', { ip: '10.0.0.1' });
    stage.says('p', INTERESTED);
    stage.swarm.pause('p');
    const many = Array.from({ length: 300 }, (_, at) => request(at % 4));
    const refused = stage.says('p', ...many);
    // The queue is as long as deployed nodes let it become: one more than the limit.
    expect(messagesTo(refused, 'p').filter(({ name }) => name === 'reject').length).toBeGreaterThanOrEqual(49);
    expect(messagesTo(refused, 'p').every(({ name }) => name === 'reject')).toBe(true);
    expect(told(stage.says('p', { ...request(1), id: 8, name: 'cancel' } as PeerMessage), 'p')).toEqual(['reject 1']);
    const sent = messagesTo(stage.swarm.resume('p', NOW), 'p');
    expect(sent.every(({ name }) => name === 'piece')).toBe(true);
    expect(sent.length).toBeLessThanOrEqual(SWARM_LIMITS.waitingRequests);
    expect(told(stage.says('p', request(2)), 'p')).toEqual(['piece 2']);
  });

  test('one call answers no more requests than may wait', () => {
    const stage = full();
    stage.open('p', { ip: '10.0.0.1' });
    stage.says('p', INTERESTED);
    const sent = messagesTo(stage.says('p', ...Array.from({ length: 1_000 }, () => request(0))), 'p');
    const pieces = sent.filter(({ name }) => name === 'piece').length;
    expect(pieces).toBeLessThanOrEqual(SWARM_LIMITS.waitingRequests + 1);
    expect(sent.length).toBe(1_000);
  });

  test('a stored piece that no rule accepts any more is not served, but kept', () => {
    const stage = new Stage({ pieces: memoryPieces([[1, forgedPost(1)]]) });
    stage.open('p', { ip: '10.0.0.1' });
    expect(told(stage.says('p', INTERESTED, request(1)), 'p')).toEqual(['unchoke', 'reject 1']);
    expect(stage.swarm.piece(1)).toEqual(forgedPost(1));
  });
});

describe('a ceiling that moves (SWARM-18, weaknesses W1, W36)', () => {
  test('pieces above it are kept, neither told nor served, and come back', () => {
    const registrations = [{ height: REGISTERED, publicKey: PUBLIC_KEY }];
    let users = directoryOf([{ name: USER, keys: registrations }]);
    const stage = new Stage({
      users: {
        keyAt: (name, height) => users.keyAt(name, height),
        registeredAt: (name) => users.registeredAt(name),
        firstRegisteredAt: (name) => users.firstRegisteredAt(name),
      },
      pieces: memoryPieces([5, 20, 21, 30].map((k) => [k, post(k)])),
    });
    stage.open('p', { ip: '10.0.0.1' });
    stage.says('p', INTERESTED);
    expect(told(stage.says('p', request(30)), 'p')).toEqual(['piece 30']);

    // The same registration is mined again.
    users = directoryOf([{ name: USER, keys: [...registrations, { height: TIP + 1, publicKey: PUBLIC_KEY }] }]);
    expect(told(stage.swarm.setTip(TIP + 1, NOW), 'p')).toEqual([]);
    expect(stage.swarm.have()).toEqual([5, 20]);
    expect(stage.swarm.highest()).toBe(20);
    expect(told(stage.says('p', request(30), request(21), request(20)), 'p')).toEqual([
      'reject 30',
      'reject 21',
      'piece 20',
    ]);
    const [bitfield] = messagesTo(stage.open('q', { reserved: new Uint8Array(8) }), 'q');
    expect(bitfield).toEqual({ id: 5, name: 'bitfield', bitfield: encodeBitfield([5, 20], 22) });
    stage.open('r');
    expect(others(stage.says('r', have(21)))).toEqual([{ type: 'close', peer: 'r', code: 'too-many-pieces' }]);
    expect(stage.swarm.piece(30)).toEqual(post(30));

    expect(told(stage.swarm.setTip(TIP + 2, NOW), 'p')).toEqual(['have 21']);
    expect(told(stage.swarm.setTip(TIP + 6, NOW), 'p')).toEqual(['have 30']);
    expect(told(stage.says('p', request(30)), 'p')).toEqual(['piece 30']);
  });

  test('after a fall of the tip what was valid is judged again (SWARM-8)', () => {
    const stage = new Stage({ pieces: memoryPieces([[1, post(1)]]) });
    stage.open('p', { ip: '10.0.0.1' });
    expect(told(stage.says('p', INTERESTED, request(1)), 'p')).toEqual(['unchoke', 'piece 1']);
    // The post has the height TIP − 1, and the tip falls by more than the one block that a post may be ahead.
    stage.swarm.setTip(TIP - 3, NOW);
    expect(told(stage.says('p', request(1)), 'p')).toEqual(['reject 1']);
    // It is told and served again once the tip has passed it.
    expect(told(stage.swarm.setTip(TIP - 2, NOW), 'p')).toEqual([]);
    expect(told(stage.says('p', request(1)), 'p')).toEqual(['reject 1']);
    expect(told(stage.swarm.setTip(TIP, NOW), 'p')).toEqual(['have 1']);
    expect(told(stage.says('p', request(1)), 'p')).toEqual(['piece 1']);
  });

  test('what a peer has above it is wanted once it has risen', () => {
    const stage = new Stage({ tip: REGISTERED + 1, profile: 'deployed' });
    stage.open('p');
    // Deployed nodes take a bitfield by its length: up to seven bits above the ceiling of 22.
    expect(
      told(stage.says('p', { id: 5, name: 'bitfield', bitfield: encodeBitfield([23], 24) }, UNCHOKE), 'p'),
    ).toEqual([]);
    expect(told(stage.swarm.setTip(REGISTERED + 2, NOW), 'p')).toEqual(['interested', 'request 23']);
  });
});

describe('peer exchange (SWARM-22)', () => {
  const offer: PeerMessage = {
    id: 20,
    name: 'extended',
    extId: 0,
    payload: new TextEncoder().encode('d1:md6:ut_pexi7ee1:pi5000ee'),
  };
  const exchanges = (effects: readonly SwarmEffect[], peer: string): string[] =>
    messagesTo(effects, peer).flatMap((message) =>
      message.name === 'extended' && message.extId === 7
        ? [[...message.payload].map((byte) => String.fromCharCode(byte)).join('')]
        : [],
    );

  test('who came and who went, private peers to private peers only', () => {
    const stage = new Stage();
    stage.open('p', { ip: '192.0.2.1' });
    stage.open('q', { ip: '192.0.2.2', port: 6000 });
    stage.open('near', { ip: '10.0.0.1' });
    stage.open('nowhere');
    for (const name of ['p', 'q', 'near', 'nowhere']) stage.says(name, offer);
    const first = stage.wait(1_000);
    const dictionary = (added: string, flags: string, dropped: string): string =>
      `d5:added${added.length}:${added}7:added.f${flags.length}:${flags}6:added60:8:added6.f0:7:dropped${dropped.length}:${dropped}8:dropped60:e`;
    const [p, q] = ['\xc0\x00\x02\x01\x13\x88', '\xc0\x00\x02\x02\x17\x70'];
    expect(exchanges(first, 'p')).toEqual([dictionary(q, '\x10', '')]);
    expect(exchanges(first, 'q')).toEqual([dictionary(p, '\x00', '')]);
    expect(exchanges(first, 'near')).toEqual([dictionary(p + q, '\x00\x10', '')]);
    expect(exchanges(stage.wait(59_000), 'near')).toEqual([]);
    stage.swarm.disconnect('q', stage.now);
    const later = stage.wait(1_000);
    expect(exchanges(later, 'p')).toEqual([dictionary('', '', q)]);
    expect(exchanges(later, 'near')).toEqual([dictionary('', '', q)]);
    expect(exchanges(stage.wait(60_000), 'near')).toEqual([]);
  });

  test('at most 100 addresses of a message are taken, none of port 0, private ones from private peers only', () => {
    const addresses = Array.from({ length: 150 }, (_, at) => Uint8Array.of(192, 0, 2, at, 0, at < 10 ? 0 : 9));
    addresses.push(Uint8Array.of(10, 0, 0, 1, 0, 9));
    const text = (bytes: readonly number[]): Uint8Array => Uint8Array.from(bytes);
    const ascii = (value: string): number[] => [...value].map((character) => character.charCodeAt(0));
    const payload = (list: readonly Uint8Array[]): Uint8Array =>
      text([
        ...ascii(`d5:added${6 * list.length}:`),
        ...list.flatMap((address) => [...address]),
        ...ascii(`7:added.f${list.length}:`),
        ...list.map(() => 0),
        ...ascii('e'),
      ]);
    for (const ip of ['192.0.2.200', '10.0.0.2']) {
      const stage = new Stage();
      stage.open('p', { ip });
      stage.says('p', offer);
      const [effect] = others(
        stage.says('p', { id: 20, name: 'extended', extId: 1, payload: payload(addresses.slice(0, 9)) }),
      );
      expect(effect).toBeUndefined();
      const [all] = others(stage.says('p', { id: 20, name: 'extended', extId: 1, payload: payload(addresses) }));
      if (all?.type !== 'peers') throw new Error('no peers');
      expect(all.items).toHaveLength(100);
      const [last] = others(
        stage.says('p', { id: 20, name: 'extended', extId: 1, payload: payload(addresses.slice(145)) }),
      );
      expect(last?.type === 'peers' && last.items.some(({ ip: found }) => found === '10.0.0.1')).toBe(
        ip.startsWith('10.'),
      );
    }
  });
});

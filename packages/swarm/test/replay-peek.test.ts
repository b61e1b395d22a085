import { hexToBytes } from '@noble/hashes/utils.js';
import type { UserDirectory } from '@rookery/keys';
import { decodePeerExchange, type PeerMessage } from '@rookery/wire';
import { describe, expect, test } from 'vitest';
import { SWARM_LIMITS, type SwarmEffect } from '../src/index.ts';
import { readCaptured } from './captured.ts';
import { capturedUsers, handshakeOf, idOf, newSwarm } from './harness.ts';
import { comparable, PEER, type Recorded, replay, said, saidBy } from './replay.ts';

interface Case {
  readonly name: string;
  readonly closedByNode?: boolean;
  readonly log?: readonly Recorded[];
  readonly messages?: readonly Recorded[];
}
interface File {
  readonly cases?: readonly Case[];
  readonly connections?: readonly Case[];
  readonly clients?: readonly Case[];
}

const TIP = 60;

/** Posts of these users that went over some captured connection. */
const posts = new Map<string, Map<number, Uint8Array>>();
for (const { user = '', messages } of readCaptured<{ connections: { user?: string; messages: Recorded[] }[] }>(
  'swarm.json',
).connections) {
  const own = posts.get(user) ?? new Map<number, Uint8Array>();
  posts.set(user, own);
  for (const message of [...said(messages, 'c2s').messages, ...said(messages, 's2c').messages]) {
    if (message.name === 'piece') own.set(message.piece, message.data);
  }
}

/** A connection that goes on in the next case of the file has no handshake there. */
function joined(cases: readonly Case[]): Case[] {
  const whole: Case[] = [];
  for (const { name, closedByNode, log = [] } of cases) {
    const before = whole.at(-1);
    if (log[0]?.msg === 'handshake' || before === undefined) {
      whole.push({ name, log, ...(closedByNode === undefined ? {} : { closedByNode }) });
      continue;
    }
    const offset = (before.log?.at(-1)?.t ?? 0) + 1;
    const moved = log.map((message) => ({ ...message, t: message.t + offset }));
    whole[whole.length - 1] = {
      name: `${before.name}, ${name}`,
      log: [...(before.log ?? []), ...moved],
      ...(closedByNode === undefined ? {} : { closedByNode }),
    };
  }
  return whole;
}

const ends = (effects: readonly SwarmEffect[]): string[] =>
  effects.flatMap((effect) => (effect.type === 'close' ? [effect.code] : []));

describe('requests of a choked peer (SWARM-7, SWARM-11, SWARM-13)', () => {
  const { cases = [] } = readCaptured<File>('swarm-peek-choked.json');
  const whole = joined(cases);

  test('there are five connections', () => expect(whole).toHaveLength(5));

  test.each(whole.map((one) => [one.name, one] as const))('%s', (name, { log = [], closedByNode }) => {
    const { effects } = replay({
      user: 'alice',
      tip: TIP,
      log,
      own: 'n2c',
      pieces: posts.get('alice')!,
      limits: { uploadSlots: 0 },
    });
    // The daemon's `reject` before the end of the connection did not get out any more.
    const messages = saidBy(effects, PEER).messages.filter((message) => message.name !== 'reject');
    expect(comparable(messages)).toEqual(comparable(said(log, 'n2c').messages));
    expect(ends(effects)).toEqual(closedByNode ? [name.includes('twice') ? 'second-nonce' : 'choked'] : []);
  });
});

test('a daemon fetches one post, and is served by the engine (SWARM-13)', () => {
  const { connections = [] } = readCaptured<File>('swarm-peek-by-twisterd.json');
  const log = connections[0]!.messages!;
  const sent = said(log, 's2c').messages.find((message) => message.name === 'piece');
  if (sent?.name !== 'piece') throw new Error('no piece was captured');
  const part = { user: 'erin', tip: TIP, log, own: 's2c', pieces: new Map([[sent.piece, sent.data.slice()]]) };
  const { effects } = replay(part);
  expect(comparable(saidBy(effects, PEER).messages)).toEqual(comparable(said(log, 's2c').messages));
  expect(ends(effects)).toEqual([]);
  // Where no slot is free the nonce pays for it: it was worked for 17 bits, and the engine asks for 16.
  const choked = replay({ ...part, limits: { uploadSlots: 0, allowedFast: 0 } });
  expect(choked.effects.filter((effect) => effect.type === 'send').map(({ bytes }) => bytes[4])).not.toContain(1);
  expect(saidBy(choked.effects, PEER).messages.at(-1)).toEqual(sent);
});

describe('peer exchange (SWARM-22)', () => {
  const { cases = [] } = readCaptured<File>('swarm-pex.json');
  const [first] = cases;
  const { cases: extra = [] } = readCaptured<File>('swarm-extra.json');
  const flood = extra.find(({ name }) => name.startsWith('8 ut_pex'))!;
  const three = cases.find(({ name }) => name.includes('three ut_pex'))!;
  const play = (log: readonly Recorded[]): SwarmEffect[] =>
    replay({ user: 'bob', tip: TIP, log, own: 'n2c', pieces: posts.get('bob')! }).effects;

  test('too many messages close the connection at the same one', () => {
    const effects = play(flood.log!);
    expect(ends(effects)).toEqual(['too-frequent-exchange']);
    const sent = said(flood.log!, 'c2n').messages.filter(({ name }) => name === 'extended').length;
    const heard = effects.filter(({ type }) => type === 'peers').length;
    // One of what was sent is the extension handshake, the last two came to a closed connection.
    expect(heard).toBe(sent - 3);
    expect(heard).toBe(SWARM_LIMITS.exchangeMessages);
  });

  test('three at once are tolerated', () => {
    const start = first!.log!.filter(({ t }) => t < 1);
    const later = three.log!.map((message) => ({ ...message, t: message.t + 1 }));
    const effects = play([...start, ...later]);
    expect(ends(effects)).toEqual([]);
    const [told] = said(three.log!, 'c2n').messages;
    if (told?.name !== 'extended') throw new Error('no exchange was captured');
    const items = decodePeerExchange(told.payload, 'deployed').added.map(({ ip, port }) => ({ ip, port }));
    expect(effects.filter(({ type }) => type === 'peers')).toEqual(
      Array.from({ length: 3 }, () => ({ type: 'peers', peer: PEER, items })),
    );
  });
});

test('a piece that is not here is rejected, and the connection stays (SWARM-7)', () => {
  const { cases = [] } = readCaptured<File>('swarm-extra.json');
  const { log = [] } = cases.find(({ name }) => name.includes('not owned'))!;
  const { effects } = replay({ user: 'alice', tip: TIP, log, own: 'n2c', pieces: posts.get('alice')! });
  expect(comparable(saidBy(effects, PEER).messages)).toEqual(comparable(said(log, 'n2c').messages));
  expect(ends(effects)).toEqual([]);
});

describe('a registration that was mined again (SWARM-18, weaknesses W1, W36)', () => {
  interface Step {
    readonly step: string;
    readonly post?: string;
    readonly log?: readonly Recorded[];
  }
  const { steps } = readCaptured<{ steps: readonly Step[] }>('w1-remined-registration.json');
  const logOf = (name: string): readonly Recorded[] => steps.find(({ step }) => step === name)!.log!;
  const post = hexToBytes(steps.find(({ step }) => step.startsWith('post k=40'))!.post!);
  const pieces = new Map([[40, post]]);
  const before = capturedUsers(36);
  const after: UserDirectory = {
    ...before,
    registeredAt: (name) => (name === 'carol' ? 37 : before.registeredAt(name)),
  };

  test('a piece is served before', () => {
    const log = logOf('piece 40 requested from node b before');
    const { effects } = replay({ user: 'carol', tip: 36, log, own: 'n2c', pieces });
    expect(comparable(saidBy(effects, PEER).messages)).toEqual(comparable(said(log, 'n2c').messages));
  });

  test('and refused after', () => {
    const log = logOf('piece 40 requested again');
    const { effects, swarm } = replay({ user: 'carol', tip: 37, users: after, log, own: 'n2c', pieces });
    const rejects = (messages: readonly PeerMessage[]): PeerMessage[] =>
      messages.filter(({ name }) => name === 'reject');
    expect(rejects(saidBy(effects, PEER).messages)).toEqual(rejects(said(log, 'n2c').messages));
    expect(swarm.highest()).toBe(20);
  });

  test.each(['have(40) to node a after', 'have(40) to node b after'])('%s closes', (name) => {
    const { effects } = replay({ user: 'carol', tip: 37, users: after, log: logOf(name), own: 'n2c', pieces });
    expect(ends(effects)).toEqual(['too-many-pieces']);
  });
});

describe('a fresh node beside two others', () => {
  type Line = readonly [at: number, dir: string, kind: string, ...rest: unknown[]];
  const { swarm: connections } = readCaptured<{ swarm: readonly { messages: readonly Line[] }[] }>(
    'timeline-fresh-node.json',
  );
  const OPENING = /^handshake,extended ext0,(bitfield|have_none),(allowed_fast,)+dht_port,\?10(,|$)/;

  test('every side of every connection begins as the engine does', () => {
    for (const { messages } of connections) {
      for (const dir of ['c2s', 's2c']) {
        const kinds = messages.flatMap(([, from, kind]) => (from === dir ? [kind] : []));
        expect(kinds.join()).toMatch(OPENING);
      }
    }
    const swarm = newSwarm({ user: 'erin', users: capturedUsers(TIP), tip: TIP });
    const opening = [
      ...swarm.connect(PEER, { outgoing: true }, 0),
      ...swarm.receive(PEER, handshakeOf('erin', idOf(2)), 0),
    ];
    const names: Readonly<Record<string, string>> = { extended: 'extended ext0', hashcash_nbits: '?10' };
    const kinds = saidBy(opening, PEER).messages.map(({ name }) => names[name] ?? name);
    expect(['handshake', ...kinds].join()).toMatch(OPENING);
  });
});

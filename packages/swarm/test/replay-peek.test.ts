import { hexToBytes } from '@noble/hashes/utils.js';
import { decodePeerExchange } from '@rookery/wire';
import { describe, expect, test } from 'vitest';
import { SWARM_LIMITS, type SwarmEffect } from '../src/index.ts';
import { readCaptured } from './captured.ts';
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
    readonly tip?: number;
    readonly post?: string;
    readonly log?: readonly Recorded[];
  }
  const { steps } = readCaptured<{ steps: readonly Step[] }>('w1-remined-registration.json');
  const find = (name: string): Step => steps.find(({ step }) => step.startsWith(name))!;
  const post = hexToBytes(find('post k=40 before').post!);

  test('a piece is served before, is refused after, and is served again once the ceiling allows it', () => {
    const before = find('piece 40 requested from node b before').log!;
    const pieces = new Map([[40, post]]);
    const { effects } = replay({ user: 'carol', tip: 36, log: before, own: 'n2c', pieces });
    expect(saidBy(effects, PEER).messages.filter(({ name }) => name === 'piece')).toEqual(
      said(before, 'n2c').messages.filter(({ name }) => name === 'piece'),
    );
  });

  test.each(['have(40) to node a after', 'have(40) to node b after'])('%s closes', (name) => {
    const { log } = find(name) as { log: readonly Recorded[] };
    // The captured directory knows the first registration only: a tip that leaves a ceiling of 20 stands for the second.
    const { effects } = replay({ user: 'carol', tip: 17, log, own: 'n2c', pieces: new Map() });
    expect(ends(effects)).toEqual(['too-many-pieces']);
  });
});

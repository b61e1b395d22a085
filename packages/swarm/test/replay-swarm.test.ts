import { bytesToHex } from '@noble/hashes/utils.js';
import { decodePeerExchange, type PeerMessage } from '@rookery/wire';
import { describe, expect, test } from 'vitest';
import { readCaptured } from './captured.ts';
import { comparable, PEER, type Recorded, replay, said, saidBy } from './replay.ts';

interface Connection {
  readonly capture: string;
  readonly user?: string;
  readonly client: readonly [string, number];
  readonly server: readonly [string, number];
  readonly messages: readonly Recorded[];
}

const TIP = 60;
const { connections } = readCaptured<{ connections: readonly Connection[] }>('swarm.json');
const whole = connections.filter(({ user, messages }) => user !== undefined && messages.length > 0);

/** All posts of a user that went over some connection. */
function postsOf(user: string): Map<number, Uint8Array> {
  const posts = new Map<number, Uint8Array>();
  for (const { messages } of whole.filter((connection) => connection.user === user)) {
    for (const message of [...said(messages, 'c2s').messages, ...said(messages, 's2c').messages]) {
      if (message.name === 'piece') posts.set(message.piece, message.data);
    }
  }
  return posts;
}

const numbers = (messages: readonly PeerMessage[], name: 'have' | 'request' | 'piece'): number[] =>
  messages.flatMap((message) => (message.name === name ? [message.piece] : [])).sort((left, right) => left - right);

/** Messages up to the price of a peek, with which the opening ends. */
function opening(messages: readonly PeerMessage[]): unknown[] {
  const end = messages.findIndex(({ name }) => name === 'hashcash_nbits');
  return comparable(messages.slice(0, end + 1));
}

const sides = whole.flatMap((connection) =>
  (['s2c', 'c2s'] as const).map((own) => {
    const name = `${connection.capture} ${connection.client.join(':')} to ${connection.server.join(':')}, ${connection.user}`;
    return [own === 's2c' ? 'server' : 'client', name, own, connection] as const;
  }),
);

describe('connections between two deployed daemons, one of them played by the engine', () => {
  test('there are enough of them', () => expect(sides.length).toBeGreaterThanOrEqual(20));

  test.each(sides)('the %s of %s', (_, __, own, { user = '', messages: log }) => {
    const pieces = postsOf(user);
    const { effects } = replay({ user, tip: TIP, log, own, outgoing: own === 'c2s', pieces });
    const expected = said(log, own);
    const received = said(log, own === 's2c' ? 'c2s' : 's2c').messages;
    const { handshake, messages } = saidBy(effects, PEER);

    expect(handshake).toEqual(expected.handshake);
    expect(opening(messages)).toEqual(opening(expected.messages));
    expect(effects.filter(({ type }) => type === 'ban' || type === 'close' || type === 'refused')).toEqual([]);

    // The daemon also asked other connections, and other daemons posted: what it got here is asked for here too.
    expect(numbers(messages, 'request')).toEqual(expect.arrayContaining(numbers(expected.messages, 'request')));
    expect(numbers(messages, 'have')).toEqual(numbers(expected.messages, 'have').filter((k) => pieces.has(k)));
    expect(numbers(messages, 'piece')).toEqual(numbers(expected.messages, 'piece'));
    const data = (all: readonly PeerMessage[]): string[] =>
      all.flatMap((message) => (message.name === 'piece' ? [`${message.piece} ${bytesToHex(message.data)}`] : []));
    expect(data(messages).sort()).toEqual(data(expected.messages).sort());

    // Who is told of interest is unchoked, and choked when it is over.
    const answers = (all: readonly PeerMessage[]): string[] =>
      all.map(({ name }) => name).filter((name) => name === 'unchoke' || name === 'choke');
    expect(answers(messages)).toEqual(
      received.flatMap(({ name }) =>
        name === 'interested' ? ['unchoke'] : name === 'not_interested' ? ['choke'] : [],
      ),
    );

    const silent = messages.filter(({ name }) => name === 'keepalive').length;
    const silentThere = expected.messages.filter(({ name }) => name === 'keepalive').length;
    expect(Math.abs(silent - silentThere)).toBeLessThanOrEqual(1 + silentThere / 5);

    // Whoever the daemon told of is told to the application, but for private addresses from a public one.
    const told = received.flatMap((message) =>
      message.name === 'extended' && message.extId === 1 ? decodePeerExchange(message.payload).added : [],
    );
    const heard = effects.flatMap((effect) => (effect.type === 'peers' ? effect.items : []));
    const isPublic = said(log, own).messages.length > 0 && !heard.some(({ ip }) => ip.startsWith('127.'));
    expect(heard).toEqual(
      told.filter(({ ip }) => !isPublic || !ip.startsWith('127.')).map(({ ip, port }) => ({ ip, port })),
    );
  });

  test('a connection to itself is closed after both handshakes (SWARM-15)', () => {
    const { messages: log } = connections.find(({ user }) => user === undefined)!;
    const { effects } = replay({ user: 'dave', tip: TIP, log, own: 's2c', pieces: new Map() });
    expect(saidBy(effects, PEER)).toEqual(said(log, 's2c'));
    expect(effects.at(-1)).toEqual({ type: 'close', peer: PEER, code: 'self-connection' });
  });
});

import { readFileSync } from 'node:fs';
import { createNobleBackend } from '@rookery/keys';
import { expect, test } from 'vitest';
import { engines, operations } from '../src/operations.ts';
import { Session } from '../src/session.ts';

interface Case {
  readonly name: string;
  readonly request: string;
  readonly reply: string | null;
}
interface KeysFile {
  readonly users: Record<
    string,
    {
      readonly keys: readonly { readonly privHex: string }[];
      readonly registrations: readonly { readonly height: number; readonly pubKey: string }[];
    }
  >;
}
interface Effect {
  readonly type: string;
  readonly bytes?: string;
  readonly to?: object;
  readonly target?: string;
}
interface Answer {
  readonly ok?: { readonly effects: readonly Effect[]; readonly next: number | null };
  readonly error?: object;
}

function captured<T>(name: string): T {
  const url = new URL(`../../../spec/vectors/captured/twister/${name}`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8')) as T;
}

const { clientCases } = captured<{ readonly clientCases: readonly Case[] }>('dht.json');
const keys = captured<KeysFile>('keys.json');
const users = Object.entries(keys.users).map(([name, { registrations }]) => ({
  name,
  keys: registrations.map(({ height, pubKey }) => ({ height, publicKey: pubKey })),
}));
const NOW = 1_795_243_066_000;
const from = { ip: '127.0.0.1', port: 40_000 };

function open(config: object = {}): (input: object) => Answer {
  const identity = { name: 'n', version: '1', language: 'l', homepage: '', profiles: [] };
  const session = new Session(identity, operations, engines, { backend: createNobleBackend() });
  const ask = (request: object): Answer => session.answer(JSON.stringify(request)) as Answer;
  const id = '755022584f0dbec98eb03f9fdd9cee2e718790c8';
  const all = { id, address: { ip: '127.0.0.1', port: 29_433 }, tip: 29, users, ...config };
  const answer = ask({ seq: 1, cmd: 'open', engine: 'dht', config: all });
  if (answer.error !== undefined) return () => answer;
  return (input) => ask({ seq: 2, cmd: 'step', handle: 1, now: NOW, in: input });
}

test.each(['ping', 'ping_no_id', 'findNode_bad_target', 'unknown_query', 'mainline_y_key_ignored'])(
  'a captured %s gets the captured answer',
  (name) => {
    const { request, reply } = clientCases.find((one) => one.name === name)!;
    const sends = reply === null ? [] : [{ type: 'send', to: from, bytes: reply }];
    expect(open()({ type: 'datagram', from, bytes: request }).ok?.effects).toEqual(sends);
  },
);

test('a value that is put is held, sent and found; a lone announcement is over', () => {
  const step = open();
  const secret = keys.users.alice!.keys.at(-1)!.privHex;
  const put = { type: 'put', n: '616c696365', r: 'profile', t: 's', value: { d: [] }, signer: 'alice', secret };
  expect(step(put).ok?.effects.map(({ type }) => type)).toEqual(['stored', 'done']);
  const get = step({ type: 'get', n: '616c696365', r: 'profile', t: 's' }).ok?.effects;
  expect(get).toMatchObject([{ type: 'value', entries: [{ sigUser: 'alice' }] }, { type: 'done' }]);
  expect(step({ type: 'announce', user: 'alice' }).ok?.effects).toMatchObject([{ type: 'done' }]);
  expect(step({ type: 'tip', height: 30 }).ok).toBeDefined();
  expect(step({ type: 'users', users: [] }).ok?.effects).toEqual([]);
  expect(step({ type: 'tick' }).ok?.effects).toEqual([]);
});

test('unknown steps and limits are bad requests', () => {
  expect(open()({ type: 'jump' }).error).toBeDefined();
  expect(open({ limits: { nonsense: 1 } })({ type: 'tick' }).error).toBeDefined();
  expect(open({ limits: { searches: 1 } })({ type: 'tick' }).ok).toBeDefined();
});

import { readFileSync } from 'node:fs';
import { createNobleBackend } from '@rookery/keys';
import { expect, test } from 'vitest';
import { engines, operations } from '../src/operations.ts';
import { Session } from '../src/session.ts';

interface Recorded {
  readonly dir?: string;
  readonly hex?: string;
}
interface Case {
  readonly name: string;
  readonly log: readonly Recorded[];
}
interface NewUsers {
  readonly users: readonly { readonly name: string; readonly pubHex: string }[];
}

function captured<T>(name: string): T {
  const url = new URL(`../../../spec/vectors/captured/twister/${name}`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8')) as T;
}

const identity = { name: 'n', version: '1', language: 'l', homepage: '', profiles: [] };
const users = captured<NewUsers>('new-users.json').users.map(({ name, pubHex }) => ({
  name,
  keys: [{ height: 39, publicKey: pubHex }],
}));
const { cases } = captured<{ cases: readonly Case[] }>('swarm-forge.json');

interface Answer {
  readonly ok?: {
    readonly effects: readonly { readonly type: string; readonly code?: string }[];
    readonly next: number | null;
  };
  readonly error?: object;
}

/** An open engine that takes steps. */
function open(config: object): (now: number, input: object) => Answer {
  const session = new Session(identity, operations, engines, { backend: createNobleBackend() });
  const ask = (request: object): Answer => session.answer(JSON.stringify(request)) as Answer;
  const answer = ask({ seq: 1, cmd: 'open', engine: 'swarm', config: { user: 'erin', tip: 60, users, ...config } });
  if (answer.error !== undefined) return () => answer;
  return (now, input) => ask({ seq: 2, cmd: 'step', handle: 1, now, in: input });
}

/** Plays what the client of a captured connection said. */
function play(name: string, profile: string): string[] {
  const step = open({ profile });
  const peer = '10.77.0.3:40000';
  step(0, { type: 'connect', peer, outgoing: false });
  const { log } = cases.find((one) => one.name === name)!;
  return log
    .filter(({ dir }) => dir === 'c2n')
    .flatMap(({ hex }) => step(1000, { type: 'bytes', peer, bytes: hex }).ok?.effects ?? [])
    .filter(({ type }) => type !== 'send')
    .map(({ type, code }) => (code === undefined ? type : `${type} ${code}`));
}

test('captured pieces are stored, or their sender is banned, by either profile', () => {
  expect(play('valid piece 0 of erin', 'canonical')).toEqual(['piece']);
  expect(play('forged signature', 'canonical')).toEqual(['ban bad-signature', 'close bad-signature']);
  expect(play('141 chars, good signature', 'deployed')).toEqual(['ban too-long', 'close too-long']);
  expect(play('141 chars, good signature', 'canonical')).toEqual([]);
});

test('an own post is stored and told; another of its number is evidence', () => {
  const sent = (name: string): string => {
    const { log } = cases.find((one) => one.name === name)!;
    return log.findLast(({ dir }) => dir === 'c2n')!.hex!.slice(26);
  };
  const first = sent('valid piece 0 of erin');
  const step = open({ have: [{ k: 0, bytes: first }] });
  expect(step(0, { type: 'post', k: 0, bytes: first })).toMatchObject({ ok: { effects: [], next: null } });
  const second = sent('valid piece 1, then reuse of the same connection');
  expect(step(0, { type: 'post', k: 1, bytes: second })).toMatchObject({
    ok: { effects: [{ type: 'piece', k: 1, bytes: second }] },
  });
});

test('entries above the tip come into being when it rises', () => {
  const step = open({ tip: 38 });
  const { log } = cases[0]!;
  const handshake = log[0]!.hex;
  step(0, { type: 'connect', peer: 'a', outgoing: false });
  expect(step(0, { type: 'bytes', peer: 'a', bytes: handshake }).ok?.effects.at(-1)).toEqual({
    type: 'close',
    peer: 'a',
    code: 'unknown-user',
  });
  expect(step(0, { type: 'tip', height: 39 })).toMatchObject({ ok: { effects: [] } });
  step(0, { type: 'connect', peer: 'b', outgoing: false });
  expect(step(0, { type: 'bytes', peer: 'b', bytes: handshake }).ok?.effects.at(-1)?.type).toBe('send');
  expect(step(30_000, { type: 'tick' })).toMatchObject({
    ok: { effects: [{ type: 'send', peer: 'b', bytes: '00000000' }] },
  });
  expect(step(30_000, { type: 'disconnect', peer: 'b' })).toMatchObject({ ok: { effects: [], next: null } });
});

test('what has the wrong shape is an error', () => {
  for (const config of [
    { limits: { nothing: 1 } },
    { limits: { peers: -1 } },
    { peerId: '00' },
    { have: [1] },
    { tip: 'x' },
  ]) {
    expect(open(config)(0, {}).error).toBeDefined();
  }
  const step = open({});
  for (const input of [{ type: 'dance' }, { type: 'bytes', peer: 'a' }, { type: 'post', k: -1, bytes: '' }, {}]) {
    expect(step(0, input).error).toBeDefined();
  }
});

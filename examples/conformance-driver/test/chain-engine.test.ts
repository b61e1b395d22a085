import { readFileSync } from 'node:fs';
import { createNobleBackend } from '@rookery/keys';
import { describe, expect, test } from 'vitest';
import { engines, operations } from '../src/operations.ts';
import { Session } from '../src/session.ts';

interface Block {
  readonly raw: string;
  readonly hash: string;
  readonly height: number;
  readonly header: string;
  readonly txs: readonly { readonly txid: string; readonly raw: string }[];
}
interface Step {
  readonly name: string;
  readonly raw: string;
  readonly hash: string;
}

function captured<T>(name: string): T {
  const url = new URL(`../../../spec/vectors/captured/twister/${name}`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8')) as T;
}

const { blocks } = captured<{ blocks: readonly Block[] }>('chain-main.json');
const { sequences } = captured<{ sequences: readonly { steps: readonly Step[] }[] }>('reorg.json');
const identity = { name: 'n', version: '1', language: 'l', homepage: '', profiles: [] };
const NOW = 1_795_250_000_000;
/** The wire order of a hash that the daemon printed. */
const wire = (printed: string): string => (printed.match(/../g) ?? []).reverse().join('');

interface Answer {
  readonly ok?: { readonly effects: readonly object[]; readonly next: number | null };
  readonly error?: { readonly message: string };
}

/** An open engine that takes steps. */
function open(config: object = {}): (input: object) => Answer {
  const session = new Session(identity, operations, engines, { backend: createNobleBackend() });
  const ask = (request: object): Answer => session.answer(JSON.stringify(request)) as Answer;
  const answer = ask({
    seq: 1,
    cmd: 'open',
    engine: 'chain',
    config: { network: 'main', checkpoints: false, ...config },
  });
  if (answer.error !== undefined) return () => answer;
  return (input) => ask({ seq: 2, cmd: 'step', handle: 1, now: NOW, in: input });
}

const block = (step: (input: object) => Answer, { raw }: { readonly raw: string }) =>
  step({ type: 'block', bytes: raw }).ok?.effects;

/** An engine that has the captured chain up to a height. */
function grown(height: number): (input: object) => Answer {
  const step = open();
  for (const one of blocks.slice(1, height + 1)) block(step, one);
  return step;
}

describe('the chain engine, as the contract wants it', () => {
  test('tells of a block: stored, connected, the new tip', () => {
    const step = open();
    const id = wire(blocks[1]!.hash);
    expect(block(step, blocks[1]!)).toEqual([
      { type: 'accepted', id, height: 1 },
      { type: 'connected', id, height: 1 },
      { type: 'tip', id, height: 1 },
    ]);
    expect(block(step, blocks[1]!)).toEqual([{ type: 'rejected', id, code: 'duplicate', penalty: 0 }]);
    expect(step({ type: 'block', bytes: '00' })).toEqual({
      seq: 2,
      ok: { effects: [{ type: 'rejected', id: null, code: 'truncated', penalty: 0 }], next: null },
    });
  });

  test('plays the captured reorganisation by branch', () => {
    const step = grown(32);
    const of = (start: string) => sequences[0]!.steps.find(({ name }) => name.startsWith(start))!;
    const id = (start: string) => wire(of(start).hash);
    block(step, of('A1'));
    expect(block(step, of('B1'))).toEqual([{ type: 'accepted', id: id('B1'), height: 33 }]);
    expect(block(step, of('B2'))).toEqual([
      { type: 'accepted', id: id('B2'), height: 34 },
      { type: 'disconnected', id: id('A1'), height: 33 },
      { type: 'connected', id: id('B1'), height: 33 },
      { type: 'connected', id: id('B2'), height: 34 },
      { type: 'tip', id: id('B2'), height: 34 },
    ]);
    expect(block(step, of('O4'))).toEqual([{ type: 'orphan', id: id('O4'), missing: id('C3') }]);
    expect(block(step, of('C3'))).toEqual([
      { type: 'accepted', id: id('C3'), height: 35 },
      { type: 'accepted', id: id('O4'), height: 36 },
      { type: 'connected', id: id('C3'), height: 35 },
      { type: 'connected', id: id('O4'), height: 36 },
      { type: 'tip', id: id('O4'), height: 36 },
    ]);
  });

  test('tells of users, the tip, the locator and proofs', () => {
    const step = grown(28);
    const one = (input: object) => step(input).ok?.effects;
    const [, registration] = blocks[26]!.txs;
    expect(one({ type: 'user', name: 'dave' })).toMatchObject([
      {
        type: 'user',
        name: 'dave',
        registeredAt: 26,
        first: 24,
        history: [{ height: 24 }, { height: 26 }],
        synced: true,
      },
    ]);
    expect(one({ type: 'user', name: 'dave', maxHeight: 25 })).toMatchObject([{ registeredAt: 24, history: [{}] }]);
    const unknown = (name: string) => [{ type: 'unknown', name, synced: true }];
    expect(one({ type: 'user', name: 'dave', maxHeight: 23 })).toEqual(unknown('dave'));
    expect(one({ type: 'user', name: 'zoe' })).toEqual(unknown('zoe'));
    expect(one({ type: 'tip' })).toEqual([{ type: 'tip', id: wire(blocks[28]!.hash), height: 28 }]);
    const heights = [28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 15, 11, 3, 0];
    const hashes = heights.map((height) => wire(blocks[height]!.hash));
    expect(one({ type: 'locator' })).toEqual([{ type: 'locator', hashes }]);
    expect(one({ type: 'proof', name: 'dave' })).toEqual([
      {
        type: 'proof',
        header: blocks[26]!.header,
        tx: registration!.raw,
        branch: [wire(blocks[26]!.txs[0]!.txid)],
        index: 1,
      },
    ]);
    expect(one({ type: 'proof', name: 'zoe' })).toEqual([{ type: 'unknown', name: 'zoe' }]);
  });

  test('tells of the pool', () => {
    const step = open();
    const { raw, txid } = blocks.flatMap(({ txs }) => txs.slice(1))[0]!;
    const id = wire(txid);
    expect(step({ type: 'tx', bytes: `${raw}00` }).ok?.effects).toEqual([{ type: 'pooled', id }]);
    expect(step({ type: 'pool' }).ok?.effects).toEqual([{ type: 'pool', ids: [id] }]);
    expect(step({ type: 'tx', bytes: raw }).ok?.effects).toEqual([
      { type: 'rejected', id, code: 'duplicate', penalty: 0 },
    ]);
  });

  test('takes limits by their names, and wants a known network and step', () => {
    const step = open({ limits: { orphans: 0, another: 5 } });
    expect(block(step, blocks[2]!)).toMatchObject([{ type: 'rejected', code: 'unknown-parent', penalty: 10 }]);
    for (const config of [{ network: 'other' }, { checkpoints: 1 }, { limits: { orphans: 'many' } }])
      expect(open(config)({ type: 'tip' }).error).toBeDefined();
    for (const input of [{ type: 'other' }, { type: 'block' }, { type: 'user' }, { type: 'block', bytes: 'AA' }])
      expect(open()(input).error).toBeDefined();
  });
});

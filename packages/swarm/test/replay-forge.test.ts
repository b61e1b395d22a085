import { hexToBytes } from '@noble/hashes/utils.js';
import { describe, expect, test } from 'vitest';
import { readCaptured } from './captured.ts';
import { comparable, type Part, PEER, type Recorded, replay, said, saidBy } from './replay.ts';

interface ForgeCase {
  readonly name: string;
  readonly closedByNode?: boolean;
  readonly sent?: string;
  readonly log: readonly Recorded[];
}
interface ForgeFile {
  readonly tip: number;
  readonly cases: readonly ForgeCase[];
}

const files = ['swarm-forge.json', 'swarm-extra.json'].map((name) => readCaptured<ForgeFile>(name));
const cases = files.flatMap(({ tip, cases: all }) =>
  all.filter(({ sent }) => sent !== undefined).map((one) => [one.name, tip, one] as const),
);

/** Pieces that were accepted in some case, for engines that must have them. */
const accepted = new Map<number, Uint8Array>();
for (const [, , { sent = '', closedByNode, log }] of cases) {
  const piece = said(log, 'c2n').messages.find(({ name }) => name === 'piece');
  if (sent !== '' && closedByNode === false && piece?.name === 'piece') accepted.set(piece.piece, hexToBytes(sent));
}

/** The captured daemon, which the engine is to play. */
function partOf(tip: number, { log }: ForgeCase): Part {
  return { user: 'erin', tip, log, own: 'n2c', pieces: accepted };
}

describe('pieces that a scripted peer sent to a deployed daemon, judged by its rules (SWARM-9, SWARM-20)', () => {
  test.each(cases)('%s', (_, tip, one) => {
    const { effects } = replay(partOf(tip, one));
    expect(comparable(saidBy(effects, PEER).messages)).toEqual(comparable(said(one.log, 'n2c').messages));
    const types = effects.map(({ type }) => type).filter((type) => type !== 'send' && type !== 'dht-port');
    expect(types).toEqual(one.closedByNode ? ['ban', 'close'] : one.sent === '' ? [] : ['piece']);
  });
});

/** What the canonical profile makes of those that it judges otherwise: only forged bytes are the sender's fault (W57). */
const OTHERWISE: Readonly<Record<string, string>> = {
  'wrong k inside (valid signature, k=9 for piece 3)': 'wrong-number',
  '141 chars, good signature': 'too-long',
  'height tip+2 (future), good signature': 'bad-height',
  'trailing bytes after the dict': 'not-canonical',
  'piece of 2049 bytes': 'bad-size',
};

describe('the same pieces, judged by the canonical rules (SWARM-20)', () => {
  test.each(cases)('%s', (name, tip, one) => {
    const { effects } = replay({ ...partOf(tip, one), profile: 'canonical' });
    const outcome = effects.filter(({ type }) => type !== 'send' && type !== 'dht-port');
    const code = OTHERWISE[name];
    if (code !== undefined) {
      expect(outcome[0]).toMatchObject({ type: 'refused', peer: PEER, code });
      expect(outcome.some(({ type }) => type === 'ban' || type === 'close' || type === 'piece')).toBe(false);
      expect(saidBy(effects, PEER).messages.filter((message) => message.name === 'request')).toHaveLength(1);
    } else if (name === 'forged signature') {
      expect(outcome).toMatchObject([
        { type: 'ban', peer: PEER, code: 'bad-signature' },
        { type: 'close', peer: PEER, code: 'bad-signature' },
      ]);
    } else {
      expect(outcome.map(({ type }) => type)).toEqual(one.sent === '' ? [] : ['piece']);
    }
  });

  test('a post from the future is asked for again when the tip has risen', () => {
    const [, tip, one] = cases.find(([name]) => name.startsWith('height tip+2'))!;
    const { swarm, effects } = replay({ ...partOf(tip, one), profile: 'canonical' });
    expect(saidBy(effects, PEER).messages.at(-1)).toEqual({ id: 3, name: 'not_interested' });
    const piece = said(one.log, 'c2n').messages.find(({ name }) => name === 'piece');
    if (piece?.name !== 'piece') throw new Error('no piece was captured');
    const again = saidBy(swarm.setTip(tip + 1, 1_795_246_900_000), PEER).messages;
    expect(again).toMatchObject([{ name: 'interested' }, { name: 'request', piece: piece.piece }]);
    const frame = one.log.find(({ msg }) => msg === 'piece')!;
    expect(swarm.receive(PEER, hexToBytes(frame.hex!), 1_795_246_900_000)).toContainEqual(
      expect.objectContaining({ type: 'piece', k: piece.piece }),
    );
  });
});

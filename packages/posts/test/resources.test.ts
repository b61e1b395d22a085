import { type BencodeNode, decodeBencode, decodePost, WireError } from '@rookery/wire';
import { describe, expect, test } from 'vitest';
import { resourcesOf } from '../src/index.ts';
import { bytesOf, readCaptured } from './captured.ts';

/** A stored value: the dictionary `p` of a `putData` query, holding a post. */
function putOf(
  packet: string,
): { readonly target: BencodeNode; readonly seq: number | undefined; readonly piece: Uint8Array } | undefined {
  try {
    const p = decodeBencode(bytesOf(packet)).value.getDict('x')?.getDict('p');
    const target = p?.getDict('target');
    const post = p?.getDict('v');
    if (p === undefined || target === undefined || post?.getDict('userpost') === undefined) return undefined;
    return { target, seq: p.getNumber('seq'), piece: post.raw };
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}

describe('DHT resources of posts (POST-29)', () => {
  const { passive } = readCaptured<{ passive: readonly { hex: string }[] }>('dht.json');
  const puts = passive.map(({ hex }) => putOf(hex)).filter((put) => put !== undefined);

  test('a deployed producer put a post nowhere else', () => {
    expect(puts.length).toBeGreaterThan(10);
    for (const { target, seq, piece } of puts) {
      const expected = {
        n: target.getBytes('n'),
        r: target.getText('r'),
        t: target.getText('t'),
        ...(seq === undefined ? {} : { seq }),
      };
      expect(resourcesOf(decodePost(piece))).toContainEqual(expected);
    }
  });

  test('it put the first post of bob everywhere', () => {
    const ofBob = puts.filter(({ piece }) => decodePost(piece).userpost.getText('n') === 'bob');
    const found = new Set(ofBob.map(({ target }) => `${target.getText('n')} ${target.getText('r')}`));
    const listed = resourcesOf(decodePost(ofBob[0]!.piece)).map(({ n, r }) => `${new TextDecoder().decode(n)} ${r}`);
    expect([...found].sort()).toEqual([...new Set(listed)].sort());
  });
});

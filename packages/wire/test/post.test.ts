import { describe, expect, test } from 'vitest';
import { bencodeDict, decodeBencode, decodePost, encodeBencode, encodePost, encodeUtf8 } from '../src/index.ts';
import { captured, fromHex, toHex } from './captured-chain.ts';

interface CapturedPost {
  readonly user: string;
  readonly k: number;
  readonly raw: string;
  readonly signedBytes: string;
  readonly signature: string;
}
interface OfferedPost {
  readonly name: string;
  readonly raw: string;
  readonly accepted: boolean;
  readonly error: string | null;
}

const { posts } = captured<{ posts: readonly CapturedPost[] }>('posts.json');
const { dms } = captured<{ dms: readonly { readonly user: string; readonly k: number; readonly raw: string }[] }>(
  'direct-messages.json',
);
const offered = ['posts-rejects.json', 'w3-w27-w29-posts.json'].flatMap(
  (file) => captured<{ cases: readonly OfferedPost[] }>(file).cases,
);

/** What is wrong with the form of captured posts in the canonical profile, by the name of the case. */
const FAULTS: Readonly<Record<string, string>> = {
  missing_signature: 'missing-key',
  missing_userpost: 'missing-key',
  root_is_list: 'wrong-type',
  truncated: 'truncated',
  empty: 'truncated',
  unsorted_userpost_keys: 'unsorted-keys',
  leading_zero_int: 'bad-integer',
  trailing_bytes_after_root: 'trailing-bytes',
  'k as 2^64+i (int64 overflow)': 'bad-integer',
};
/** Those of them that deployed nodes read all the same. */
const READ_BY_DEPLOYED = new Set(['bad-integer', 'unsorted-keys', 'trailing-bytes']);

describe('captured posts', () => {
  test('there are some', () => {
    expect(posts.length).toBeGreaterThan(15);
    expect(offered.length).toBeGreaterThan(50);
  });

  test.each(posts.map((post) => [`${post.user} ${post.k}`, post] as const))('%s', (_, post) => {
    for (const profile of ['canonical', 'deployed'] as const) {
      const decoded = decodePost(fromHex(post.raw), profile);
      expect(toHex(decoded.signed)).toBe(post.signedBytes);
      expect(toHex(decoded.signature)).toBe(post.signature);
      expect(decoded.userpost.getText('n')).toBe(post.user);
      expect(decoded.userpost.getInteger('k')).toBe(BigInt(post.k));
      expect(toHex(encodeBencode(decoded.root.toValue()))).toBe(post.raw);
    }
  });

  test.each(dms.map((dm) => [`${dm.user} ${dm.k}`, dm] as const))('direct message %s', (_, dm) => {
    const { root, userpost, signature } = decodePost(fromHex(dm.raw));
    expect(toHex(encodeBencode(root.toValue()))).toBe(dm.raw);
    const again = encodePost({
      userpost: userpost.toValue(),
      signature,
      signatureWithoutRetweet: root.getBytes('sig_wort'),
    });
    expect(toHex(again)).toBe(dm.raw);
  });

  test.each(offered.map((post) => [post.name, post] as const))('form of %s', (name, post) => {
    const fault = FAULTS[name];
    const bytes = fromHex(post.raw);
    if (fault === undefined) {
      expect(toHex(encodeBencode(decodePost(bytes).root.toValue()))).toBe(post.raw);
    } else {
      expect(() => decodePost(bytes)).toThrow(expect.objectContaining({ code: fault }));
    }
    if (fault === undefined || READ_BY_DEPLOYED.has(fault)) {
      expect(decodePost(bytes, 'deployed').signature.length).toBe(65);
    } else {
      expect(post.accepted).toBe(false);
      expect(() => decodePost(bytes, 'deployed')).toThrow(expect.objectContaining({ code: fault }));
    }
  });
});

describe('the form of a post (BENC-15)', () => {
  const userpost = bencodeDict({ n: 'alice', k: 1 });
  const signature = new Uint8Array(65).fill(7);

  test('is the dictionary of the published example', () => {
    const text =
      'd6:heighti66495e1:ki442e5:lastki441e3:msg66:sucessfully decrypted my first ECIES testvector in javascript! \\o/1:n8:mfreitas4:timei1418265500ee';
    const sig =
      '1fb7922b8d6283168037d578cc4bed6c0af4e76d26db154bc5df881c5db3cfc74f969e90c3f76ee2cebc1ddd9b09ddf4b1e97040f9fe4dad749fcab6eb6fb5e984';
    const { value } = decodeBencode(encodeUtf8(text));
    const bytes = encodePost({ userpost: value.toValue(), signature: fromHex(sig) });
    expect(bytes.length).toBe(237);
    expect(new TextDecoder().decode(decodePost(bytes).signed)).toBe(text);
  });

  test('signed and signature are views of the piece', () => {
    const bytes = encodePost({ userpost, signature });
    const post = decodePost(bytes);
    expect(post.signed.buffer).toBe(bytes.buffer);
    expect(post.signature.buffer).toBe(bytes.buffer);
    expect(toHex(post.signed)).toBe(toHex(encodeBencode(userpost)));
  });

  test.each([
    ['a list', encodeBencode([]), 'wrong-type'],
    ['an integer', encodeBencode(1n), 'wrong-type'],
    ['no userpost', encodeBencode(bencodeDict({ sig_userpost: signature })), 'missing-key'],
    ['userpost that is a list', encodeBencode(bencodeDict({ sig_userpost: signature, userpost: [] })), 'missing-key'],
    ['no signature', encodeBencode(bencodeDict({ userpost })), 'missing-key'],
    ['an empty signature', encodeBencode(bencodeDict({ sig_userpost: '', userpost })), 'missing-key'],
    ['a signature that is a number', encodeBencode(bencodeDict({ sig_userpost: 1, userpost })), 'missing-key'],
  ])('%s is refused in both profiles', (_, bytes, code) => {
    expect(() => decodePost(bytes)).toThrow(expect.objectContaining({ code }));
    expect(() => decodePost(bytes, 'deployed')).toThrow(expect.objectContaining({ code }));
  });

  test('of two posts in one piece deployed nodes see the first (W28)', () => {
    const other = bencodeDict({ n: 'mallory', k: 1 });
    const twice = bencodeDict({ sig_userpost: signature, userpost }).entries.concat(
      bencodeDict({ userpost: other }).entries,
    );
    const bytes = encodeBencode({ entries: twice });
    expect(() => decodePost(bytes)).toThrow(expect.objectContaining({ code: 'duplicate-key' }));
    expect(decodePost(bytes, 'deployed').userpost.getText('n')).toBe('alice');
  });
});

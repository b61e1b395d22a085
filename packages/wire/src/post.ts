import { readBencode } from './bencode/decode.ts';
import { encodeBencode } from './bencode/encode.ts';
import type { BencodeNode } from './bencode/node.ts';
import { type BencodeValue, bencodeDict } from './bencode/value.ts';
import { WireError } from './errors.ts';
import { WIRE_LIMITS } from './limits.ts';
import type { Profile } from './profile.ts';

/** A post in the form in which swarms carry it as a piece; see {@link decodePost}. */
export interface Post {
  /** The whole piece, as received. */
  readonly bytes: Uint8Array;
  /** The outer dictionary. */
  readonly root: BencodeNode;
  /** The signed dictionary. */
  readonly userpost: BencodeNode;
  /** The bytes of `userpost` as received: what the signature covers. A view of `bytes`. */
  readonly signed: Uint8Array;
  /** Content of `sig_userpost`, at least one byte, of any length. A view of `bytes`. */
  readonly signature: Uint8Array;
}

/**
 * Reads a post (BENC-15): a bencoded dictionary with the dictionary `userpost` and the non-empty string `sig_userpost`. The first entry of a
 * name counts; in the canonical profile there is no second. Throws `WireError`: the codes of `decodeBencode`, `wrong-type` where the
 * root is not a dictionary, `missing-key` where one of the two is missing, empty or of another kind.
 * Not checked: size, the fields of the post, the signature; those are rules of `@rookery/posts`.
 */
export function decodePost(bytes: Uint8Array, profile: Profile = 'canonical'): Post {
  const root = readBencode(
    bytes,
    profile === 'deployed',
    WIRE_LIMITS.bencodeDepth,
    WIRE_LIMITS.bencodeItems,
    WIRE_LIMITS.bencodeBytes,
  );
  if (root.kind !== 'dict') throw new WireError('wrong-type', 0, `a post is a dictionary, not of kind ${root.kind}`);
  const userpost = root.getDict('userpost');
  if (userpost === undefined) throw new WireError('missing-key', root.end, 'a post has the dictionary userpost');
  const signature = root.getBytes('sig_userpost');
  if (signature === undefined || signature.length === 0) {
    throw new WireError('missing-key', root.end, 'a post has the string sig_userpost, which is not empty');
  }
  return { bytes, root, userpost, signed: userpost.raw, signature };
}

/**
 * Writes a post: the outer dictionary around what has been signed. `userpost` is written as it is given, so that its bytes are those that
 * the signature covers. `signatureWithoutRetweet` (`sig_wort`) covers the post without its `rt` and `sig_rt`.
 */
export function encodePost(post: {
  readonly userpost: BencodeValue;
  readonly signature: Uint8Array;
  readonly signatureWithoutRetweet?: Uint8Array | undefined;
}): Uint8Array {
  return encodeBencode(
    bencodeDict({
      sig_userpost: post.signature,
      sig_wort: post.signatureWithoutRetweet,
      userpost: post.userpost,
    }),
  );
}

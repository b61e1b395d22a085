import {
  type BencodeNode,
  type BencodeValue,
  countCodePoints,
  decodeBencode,
  encodeBencode,
  encodeScript,
  encodeUtf8,
  parseScriptItems,
  WireError,
} from '@rookery/wire';
import type { CurveBackend } from './backend.ts';
import { equalBytes } from './bytes.ts';
import { KeysError } from './errors.ts';
import { KEYS_LIMITS } from './limits.ts';
import { isPublicKeySyntax } from './public-key.ts';

/**
 * What can be signed, by purpose. Rules KEY-12 … KEY-17.
 * `post`: the dictionary `userpost` (or a post inside another). `dht-value`: the dictionary `p` of a stored value.
 * `new-key`: the public key that replaces the signer's own in a registration. `promotion`: the message script of a promoted message.
 * `checkpoint`: a vote for a block, its id in wire order. `text`: anything for people to read.
 */
export type Signable =
  | { readonly type: 'post'; readonly userpost: BencodeValue }
  | { readonly type: 'dht-value'; readonly p: BencodeValue }
  | { readonly type: 'new-key'; readonly publicKey: Uint8Array }
  | { readonly type: 'promotion'; readonly messageScript: Uint8Array }
  | { readonly type: 'checkpoint'; readonly height: number; readonly hash: Uint8Array }
  | { readonly type: 'text'; readonly text: string };

/** The purposes for which deployed nodes take a signature of certain bytes. */
export type SignedPurpose = Exclude<Signable['type'], 'text'>;

const HASH_BYTES = 32;
const INT32_MAX = 0x7fff_ffff;

/**
 * The bytes that a signature of this thing covers, after checking that they are of its kind and can pass for no other.
 * Throws `KeysError` `not-signable` where they are not. The rules of each kind are KEY-12 … KEY-17; that a post or a value would also be
 * accepted (limits, numbers, heights) is for `posts` and `dht` to check.
 */
export function signableBytes(signable: Signable, backend: CurveBackend): Uint8Array {
  const bytes = bytesOf(signable, backend);
  for (const purpose of purposesOf(bytes)) {
    if (purpose !== signable.type) refuse(`the ${signable.type} could pass for a ${purpose}`);
  }
  return bytes;
}

/**
 * For what a signature of these bytes could be used, by the lenient reading of deployed nodes. Rule KEY-18.
 * More than one purpose is possible, and an empty list means that a signature of them is worth nothing to anybody.
 */
export function purposesOf(message: Uint8Array): SignedPurpose[] {
  const purposes: SignedPurpose[] = [];
  if (isPublicKeySyntax(message)) purposes.push('new-key');
  const dict = readLenientDict(message);
  if (dict !== undefined) {
    const isValue = dict.getDict('target') !== undefined;
    if (isValue) purposes.push('dht-value');
    if (!isValue || dict.getBytes('n') !== undefined) purposes.push('post');
  }
  const items = parseScriptItems(message) ?? [];
  const [first, second] = items;
  if (first !== undefined && first.length > 0 && isPromotionText(first)) purposes.push('promotion');
  if (items.length === 2 && second?.length === HASH_BYTES) purposes.push('checkpoint');
  return purposes;
}

function bytesOf(signable: Signable, backend: CurveBackend): Uint8Array {
  switch (signable.type) {
    case 'post':
      return postBytes(signable.userpost);
    case 'dht-value':
      return valueBytes(signable.p);
    case 'new-key':
      return newKeyBytes(signable.publicKey, backend);
    case 'promotion':
      return promotionBytes(signable.messageScript);
    case 'checkpoint':
      return checkpointBytes(signable.height, signable.hash);
    case 'text':
      return textBytes(signable.text);
  }
}

function postBytes(userpost: BencodeValue): Uint8Array {
  const [bytes, dict] = canonicalDict(userpost);
  const name = dict.getBytes('n');
  if (name === undefined || name.length === 0 || name.length > KEYS_LIMITS.nameBytes) refuse('a post names its author');
  if (!isNatural(dict.getInteger('k')) || !isNatural(dict.getInteger('height')))
    refuse('a post has a number and a height');
  return bytes;
}

function valueBytes(p: BencodeValue): Uint8Array {
  const [bytes, dict] = canonicalDict(p);
  const target = dict.getDict('target');
  const isTarget = target?.size === 3 && ['n', 'r', 't'].every((key) => target.getBytes(key) !== undefined);
  if (!isTarget) refuse('a value has a target of n, r and t');
  if (dict.get('v') === undefined) refuse('a value has a content');
  if (!isNatural(dict.getInteger('height')) || !isNatural(dict.getInteger('time')))
    refuse('a value has a height and a time');
  if (dict.get('n') !== undefined || dict.get('k') !== undefined) refuse('a value has no author and number of its own');
  return bytes;
}

function newKeyBytes(publicKey: Uint8Array, backend: CurveBackend): Uint8Array {
  const isPlain = isPublicKeySyntax(publicKey) && (publicKey[0] as number) <= 4;
  if (!isPlain || backend.expandPublicKey(publicKey) === undefined) refuse('the new key is no public key');
  return publicKey;
}

function promotionBytes(messageScript: Uint8Array): Uint8Array {
  const [text, ...rest] = parseScriptItems(messageScript) ?? [];
  if (text === undefined || text.length === 0 || rest.length > 0) refuse('a promotion is a script with one push');
  if (!equalBytes(encodeScript([text]), messageScript)) refuse('the push of a promotion has the shortest prefix');
  if (!isPromotionText(text)) refuse(`a promotion is UTF-8 of at most ${KEYS_LIMITS.promotionChars} code points`);
  return messageScript;
}

function checkpointBytes(height: number, hash: Uint8Array): Uint8Array {
  if (!Number.isInteger(height) || height < 0 || height > INT32_MAX) refuse('the height of a checkpoint has 31 bits');
  if (hash.length !== HASH_BYTES) refuse('the id of a block has 32 bytes');
  return encodeScript([height, hash]);
}

function textBytes(text: string): Uint8Array {
  try {
    return encodeUtf8(text);
  } catch {
    return refuse('the text has a lone surrogate');
  }
}

function isPromotionText(text: Uint8Array): boolean {
  const chars = countCodePoints(text);
  return chars >= 0 && chars <= KEYS_LIMITS.promotionChars;
}

function isNatural(value: bigint | undefined): boolean {
  return value !== undefined && value >= 0n;
}

function canonicalDict(value: BencodeValue): readonly [bytes: Uint8Array, dict: BencodeNode] {
  const bytes = encodeBencode(value);
  try {
    const { value: node } = decodeBencode(bytes);
    if (node.kind === 'dict') return [bytes, node];
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    refuse(`the dictionary is not canonical: ${error.message}`);
  }
  return refuse('what is signed must be a dictionary');
}

function readLenientDict(message: Uint8Array): BencodeNode | undefined {
  try {
    const { value } = decodeBencode(message, { profile: 'deployed' });
    return value.kind === 'dict' ? value : undefined;
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}

function refuse(detail: string): never {
  throw new KeysError('not-signable', 0, detail);
}

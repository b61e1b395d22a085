import { type BencodeDict, type BencodeNode, type BencodeValue, compareKeys, decodeUtf8 } from '@rookery/wire';
import { RpcError } from './errors.ts';
import { asObject } from './params.ts';
import { isObject, type RpcObject, type RpcValue } from './value.ts';

/** What twisterd puts in the place of a JSON value that bencode cannot say. */
const UNSAYABLE = '<uninitialized>';
const LARGEST = 2n ** 63n;
const HEX = /^(?:[0-9a-fA-F]{2})*$/;
const POST_FIELDS = ['sig_userpost', 'sig_wort'] as const;
const USERPOST_FIELDS = ['sig_rt', 'sig_fav'] as const;
const ENVELOPES = ['dm', 'pfav'] as const;
const ENVELOPE_FIELDS = ['body', 'key', 'mac'] as const;

/** Writes a bencoded value as JSON; byte strings become text, or raw bytes where they are no UTF-8. */
export function bencodeToJson(node: BencodeNode): RpcValue {
  switch (node.kind) {
    case 'integer':
      return plainInteger(node.integer);
    case 'bytes':
      return node.text ?? node.bytes;
    case 'list':
      return node.items().map(bencodeToJson);
    case 'dict':
      return dictToJson(node);
  }
}

/** Of a key that stands twice, readers see the first. */
function dictToJson(node: BencodeNode): RpcObject {
  const fields = new Map<string, RpcValue>();
  for (const [key, value] of node.entries()) {
    const name = textOf(key);
    if (!fields.has(name)) fields.set(name, bencodeToJson(value));
  }
  return Object.fromEntries(fields);
}

/** Reads JSON as bencode, keys sorted. Reals, truth values and null become twisterd's `<uninitialized>`. */
export function jsonToBencode(value: RpcValue): BencodeValue {
  if (typeof value === 'string') return new Uint8Array(Buffer.from(value, 'utf8'));
  if (value instanceof Uint8Array) return value;
  if (typeof value === 'number') return BigInt(value);
  if (typeof value === 'bigint') {
    if (value >= LARGEST || value < -LARGEST) throw new RpcError('misc', 'value is out of range');
    return value;
  }
  if (Array.isArray(value)) return (value as readonly RpcValue[]).map(jsonToBencode);
  if (isObject(value)) return jsonToDict(value);
  return jsonToBencode(UNSAYABLE);
}

/** Reads a JSON object as a bencoded dictionary, keys sorted. */
export function jsonToDict(object: RpcObject): BencodeDict {
  const entries = Object.entries(object).map(
    ([key, value]) => [new Uint8Array(Buffer.from(key, 'utf8')), jsonToBencode(value)] as const,
  );
  return { entries: entries.sort(([left], [right]) => compareKeys(left, right)) };
}

/** Writes a post as JSON: its signatures and envelopes in hexadecimal, on the first level only, as twisterd does. */
export function postToJson(root: BencodeNode): RpcObject {
  return recodePost(asObject(bencodeToJson(root)), hexOf);
}

/** Reads the JSON of a post, or of any other value that may hold one: the reverse of {@link postToJson}. */
export function postFromJson(value: RpcValue): BencodeValue {
  return jsonToBencode(isObject(value) ? recodePost(value, unhex) : value);
}

/** Writes an entry of the DHT as JSON: the signature and, if `v` is a post, what is binary in it, in hexadecimal. */
export function entryToJson(p: BencodeNode, sigP: Uint8Array, sigUser: string): RpcObject {
  const content = asObject(bencodeToJson(p));
  const v = content.v ?? null;
  return {
    p: isObject(v) ? { ...content, v: recodePost(v, hexOf) } : content,
    sig_p: hexOf(sigP),
    sig_user: sigUser,
  };
}

/** An integer as JSON has it: a bigint only where it must be one. */
export function plainInteger(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

type Recode = (value: RpcValue) => RpcValue;

function recodePost(post: RpcObject, recode: Recode): RpcObject {
  const { userpost } = post;
  const outer = recodeFields(post, POST_FIELDS, recode);
  if (userpost === undefined || !isObject(userpost)) return outer;
  let inner = recodeFields(userpost, USERPOST_FIELDS, recode);
  for (const name of ENVELOPES) {
    const envelope = inner[name];
    if (envelope === undefined || !isObject(envelope)) continue;
    inner = { ...inner, [name]: recodeFields(envelope, ENVELOPE_FIELDS, recode) };
    break;
  }
  return { ...outer, userpost: inner };
}

function recodeFields(object: RpcObject, names: readonly string[], recode: Recode): RpcObject {
  const changed: Record<string, RpcValue> = { ...object };
  for (const name of names) if (changed[name] !== undefined) changed[name] = recode(changed[name]);
  return changed;
}

function hexOf(value: RpcValue): RpcValue {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  return typeof value === 'string' ? Buffer.from(value, 'utf8').toString('hex') : value;
}

function unhex(value: RpcValue): RpcValue {
  return typeof value === 'string' && HEX.test(value) ? new Uint8Array(Buffer.from(value, 'hex')) : value;
}

function textOf(key: Uint8Array): string {
  return decodeUtf8(key) ?? Buffer.from(key).toString('latin1');
}

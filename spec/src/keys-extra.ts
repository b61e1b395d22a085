/** What a signature covers, kind by kind: the captured values, promotions and votes, and the same with something else under them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fields, Json, VectorCase, VectorDocument, VectorFile } from './format.ts';

interface Keys {
  readonly users: Readonly<
    Record<
      string,
      {
        readonly registrations: readonly {
          readonly pubKey: string;
          readonly signedByOldKey?: string;
          readonly recoveredOldKey?: string;
        }[];
      }
    >
  >;
}
interface Chain {
  readonly blocks: readonly {
    readonly height: number;
    readonly txs: readonly {
      readonly messageScript: string;
      readonly userName: string;
      readonly userNamePushes: readonly string[];
    }[];
  }[];
}
type Users = readonly { readonly name: string; readonly keys: readonly { readonly publicKey: string }[] }[];

const SOURCE =
  'captured from two deployed daemons; refused ones have another message or key under a captured signature';
const PUTS = [
  'dht-put-honest-1-alice-alice-status-canonical',
  'dht-put-honest-2-alice-test-hashtag-canonical',
  'dht-put-honest-4-bob-bob-post0-canonical',
];
/** Votes for heights that a push of one byte holds. */
const VOTES = ['received-1', 'third', 'next'];

/** Writes `keys/signed.json` from the captures and from cases of the suites `dht` and `chain`. */
export function signedFiles(captured: string, documents: readonly VectorDocument[]): VectorFile[] {
  const cases = new Map(documents.flatMap(({ tests }) => tests).map((test) => [test.id, test]));
  const find = (id: string): VectorCase => {
    const found = cases.get(id);
    if (found === undefined) throw new Error(`there is no case ${id}`);
    return found;
  };
  const read = <T>(name: string): T => JSON.parse(readFileSync(join(captured, 'twister', name), 'utf8')) as T;
  const keys = read<Keys>('keys.json');
  const tests = [
    ...PUTS.flatMap((id, index) => value(find(id).in, index)),
    ...newKeys(keys),
    ...promotions(read('chain-main.json'), keys),
    ...votes(find),
  ];
  return [{ path: 'keys/signed.json', content: { suite: 'keys', specVersion: 1, source: SOURCE, notes: {}, tests } }];
}

function verify(
  id: string,
  rule: string,
  comment: string,
  [message, signature, publicKey]: readonly [message: string, signature: string, publicKey: string],
  code?: string,
): VectorCase {
  const head = { id: `keys-signed-${id}`, rule, level: 'MUST' as const, comment, flags: [], op: 'sign.verify' };
  const whole = { ...head, in: { message, signature, publicKey } };
  if (code === undefined) return { ...whole, result: 'valid', out: {} };
  return { ...whole, result: 'invalid', reject: { code } };
}

function keyOf(users: Json, name: Json | undefined): string {
  const user = (users as unknown as Users).find((one) => one.name === name);
  const latest = user?.keys.at(-1);
  if (latest === undefined) throw new Error(`${String(name)} has no key`);
  return latest.publicKey;
}

function value({ p, sigP, sigUser, users }: Fields, index: number): VectorCase[] {
  const [bytes, signature, key] = [String(p), String(sigP), keyOf(users!, sigUser)];
  const other = keyOf(users!, sigUser === 'alice' ? 'bob' : 'alice');
  const refused = 'bad-signature';
  return [
    verify(`value-${index}`, 'KEY-13', 'captured: the raw bytes of p', [bytes, signature, key]),
    verify(`value-${index}-other-key`, 'KEY-13', "another user's key", [bytes, signature, other], refused),
    verify(`value-${index}-inside`, 'KEY-13', 'p without its frame', [bytes.slice(2, -2), signature, key], refused),
  ];
}

function newKeys({ users }: Keys): VectorCase[] {
  return Object.entries(users).flatMap(([name, { registrations }]) =>
    registrations.flatMap(({ pubKey, signedByOldKey, recoveredOldKey }) => {
      if (signedByOldKey === undefined || recoveredOldKey === undefined) return [];
      const other = pubKey.startsWith('02') ? `03${pubKey.slice(2)}` : `02${pubKey.slice(2)}`;
      const refused = 'bad-signature';
      return [
        verify(`key-${name}-other`, 'KEY-14', 'another new key', [other, signedByOldKey, recoveredOldKey], refused),
        verify(`key-${name}-itself`, 'KEY-14', 'the new key did not sign', [pubKey, signedByOldKey, pubKey], refused),
      ];
    }),
  );
}

function promotions({ blocks }: Chain, { users }: Keys): VectorCase[] {
  return [20, 22].flatMap((height) => {
    const { messageScript, userName, userNamePushes } = blocks[height]!.txs[0]!;
    const whole = userNamePushes[1]!;
    const key = users[userName]!.registrations[0]!.pubKey;
    const text = messageScript.slice(2);
    return [
      verify(`promotion-${height}`, 'KEY-15', 'captured: the whole message script', [messageScript, whole, key]),
      verify(`promotion-${height}-text`, 'KEY-15', 'the text without its prefix', [text, whole, key], 'bad-signature'),
    ];
  });
}

/** A vote's payload is height, block id, name and signature, the last two behind a length of one byte (WIRE-27). */
function votes(find: (id: string) => VectorCase): VectorCase[] {
  return VOTES.flatMap((id) => {
    const { bytes, users } = find(`chain-vote-accept-${id}`).in;
    const payload = Buffer.from(String(bytes), 'hex');
    const height = payload.readInt32LE(0);
    const block = payload.subarray(4, 36).toString('hex');
    const nameBytes = payload[36]!;
    const name = payload.toString('latin1', 37, 37 + nameBytes);
    const signature = payload
      .subarray(37 + nameBytes + 1, 37 + nameBytes + 1 + payload[37 + nameBytes]!)
      .toString('hex');
    const script = `01${Buffer.of(height).toString('hex')}20${block}`;
    const key = keyOf(users!, name);
    const refused = 'bad-signature';
    return [
      verify(`vote-${id}`, 'KEY-16', `captured: a script of ${height} and the id`, [script, signature, key]),
      verify(`vote-${id}-id`, 'KEY-16', 'the id without the height', [block, signature, key], refused),
      verify(
        `vote-${id}-next`,
        'KEY-16',
        'another height',
        [`01${Buffer.of(height + 6).toString('hex')}${script.slice(4)}`, signature, key],
        refused,
      ),
    ];
  });
}

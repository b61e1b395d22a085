import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { createNobleBackend, directoryOf } from '@rookery/keys';
import type { Profile, Verdict } from '@rookery/wire';
import { describe, expect, test } from 'vitest';
import {
  applyStore,
  checkNodeId,
  checkPut,
  checkReadValue,
  decodeP,
  deriveNodeId,
  isExpired,
  parseIpAddress,
  parseValue,
  type StoreEntry,
  storeEntry,
} from '../src/index.ts';

interface HexValue {
  readonly p?: string;
  readonly sigP?: string;
  readonly sigUser?: string;
}
interface VectorInput extends HexValue {
  readonly users: readonly {
    readonly name: string;
    readonly keys: readonly { readonly height: number; readonly publicKey: string }[];
  }[];
  readonly tip: number;
  readonly now: number;
  readonly profile?: Profile;
  readonly target: string;
  readonly ip: string;
  readonly id?: string;
  readonly random: string;
  readonly resource: string;
  readonly multi: boolean;
  readonly height: number;
  readonly stored: readonly HexValue[];
  readonly incoming: HexValue;
}
interface Vector {
  readonly id: string;
  readonly op: string;
  readonly in: VectorInput;
  readonly out?: object;
  readonly reject?: { readonly code: string };
}

const folder = fileURLToPath(new URL('../../../spec/vectors/dht/', import.meta.url));
const backend = createNobleBackend();

function bytes(hex: string | undefined): Uint8Array | undefined {
  return hex === undefined ? undefined : hexToBytes(hex);
}

function received({ p, sigP, sigUser }: HexValue): { p?: Uint8Array; sigP?: Uint8Array; sigUser?: string } {
  return { p: bytes(p), sigP: bytes(sigP), sigUser } as ReturnType<typeof received>;
}

function context({ users, tip, now, profile }: VectorInput): Parameters<typeof checkPut>[1] {
  const histories = users.map(({ name, keys }) => ({
    name,
    keys: keys.map(({ height, publicKey }) => ({ height, publicKey: hexToBytes(publicKey) })),
  }));
  return { users: directoryOf(histories, tip), tip, now, profile, backend };
}

function entry(value: HexValue, profile: Profile | undefined): StoreEntry {
  const decoded = decodeP(hexToBytes(value.p!), 'put', profile);
  const parsed = decoded.ok ? parseValue(decoded.root) : decoded;
  if (!parsed.ok) throw new Error(parsed.detail);
  return storeEntry(parsed.value, value.sigUser!);
}

function answer(verdict: Verdict<string>): object {
  return verdict.ok ? { out: {} } : { reject: { code: verdict.code } };
}

function judge({ op, in: input }: Vector): object {
  switch (op) {
    case 'dht.put.check':
      return answer(checkPut(received(input), context(input)));
    case 'dht.value.check':
      return answer(
        checkReadValue(received(input), { ...context(input), target: hexToBytes(input.target), content: false }),
      );
    case 'dht.nodeId.check':
      return answer(checkNodeId(bytes(input.id), parseIpAddress(input.ip)!));
    case 'dht.nodeId.derive':
      return { out: { id: bytesToHex(deriveNodeId(parseIpAddress(input.ip)!, hexToBytes(input.random))) } };
    case 'dht.expired':
      return { out: { expired: isExpired(input.resource, input.multi, input.height, input.tip) } };
    case 'dht.store.apply': {
      const { stored, incoming, multi, profile } = input;
      const entries = stored.map((value) => entry(value, profile));
      return { out: applyStore(entries, entry(incoming, profile), { multi, profile }) };
    }
    default:
      throw new Error(`no such operation: ${op}`);
  }
}

function testsOf(name: string): Vector[] {
  return (JSON.parse(readFileSync(join(folder, name), 'utf8')) as { tests: Vector[] }).tests;
}

/** Files of operations; transcripts of the engine are the driver's. */
const files = readdirSync(folder)
  .filter((name) => testsOf(name).length > 0)
  .sort();

describe.each(files)('%s', (name) => {
  test.each(testsOf(name).map((vector) => [vector.id, vector] as const))('%s', (_, vector) => {
    expect(judge(vector)).toEqual(vector.out ? { out: vector.out } : { reject: vector.reject });
  });
});

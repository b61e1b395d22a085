import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import type { Profile } from '@rookery/wire';
import { describe, expect, test } from 'vitest';
import { checkBitfield, checkHave, checkPeek, infoHashOf, solvePeek } from '../src/index.ts';

interface Vector {
  readonly id: string;
  readonly op: string;
  readonly in: {
    readonly index?: number;
    readonly bytes: string;
    readonly pieces: number;
    readonly tip: number;
    readonly registered?: number;
    readonly profile?: Profile;
    readonly infoHash: string;
    readonly piece: number;
    readonly nonce: string;
    readonly nbits: number;
    /** Of `dht.target`: a user's name; resource and kind are those of the tracker. */
    readonly n: string;
  };
  readonly out?: object;
  readonly reject?: { readonly code: string };
}

const folder = fileURLToPath(new URL('../../../spec/vectors/swarm/', import.meta.url));

function judge({ op, in: input }: Vector): object {
  const {
    index = Number.NaN,
    bytes,
    pieces,
    tip,
    registered: registeredAt,
    profile,
    infoHash,
    piece,
    nonce,
    nbits,
  } = input;
  switch (op) {
    case 'swarm.have.check': {
      const verdict = checkHave(index, { tip, registeredAt, profile: 'deployed' });
      return verdict.ok ? { out: { pieces: verdict.pieces } } : { reject: { code: verdict.code } };
    }
    case 'swarm.bitfield.check': {
      const verdict = checkBitfield(hexToBytes(bytes), pieces, { tip, registeredAt, profile });
      return verdict.ok ? { out: { pieces: verdict.pieces } } : { reject: { code: verdict.code } };
    }
    case 'dht.target':
      return { out: { target: bytesToHex(infoHashOf(Buffer.from(input.n, 'hex').toString('utf8'))) } };
    case 'swarm.peek.check': {
      const verdict = checkPeek(hexToBytes(infoHash), piece, hexToBytes(nonce), nbits);
      return verdict.ok ? { out: {} } : { reject: { code: verdict.code } };
    }
    case 'swarm.peek.solve': {
      const verdict = solvePeek(hexToBytes(infoHash), piece, nbits);
      return verdict.ok ? { out: { nonce: bytesToHex(verdict.nonce) } } : { reject: { code: verdict.code } };
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

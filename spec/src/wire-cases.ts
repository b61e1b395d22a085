/** What the writers of the suite `wire` share: reading the capture, hashing without our packages, building cases. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fields, Json, VectorCase } from './format.ts';

export interface CapturedTransaction {
  readonly raw: string;
  readonly txid: string;
  readonly version: number;
  readonly messageScript: string;
  readonly userNameScript: string;
  readonly pubKeyScript: string;
  readonly nonce: number;
  readonly pubKeyPushes: readonly string[];
  readonly isSpamMessage: boolean;
  readonly userName: string;
}
export interface CapturedBlock {
  readonly raw: string;
  readonly header: string;
  readonly hash: string;
  readonly powHash: string;
  readonly version: number;
  readonly height: number;
  readonly prev: string;
  readonly merkleRoot: string;
  readonly time: number;
  readonly bits: string;
  readonly nonce: number;
  readonly txs: readonly CapturedTransaction[];
}

interface Wanted {
  readonly id: string;
  readonly op: string;
  readonly in: Fields;
  readonly flags?: readonly string[];
}

export function valid(rule: string, comment: string, wanted: Wanted, out: Json): VectorCase {
  return { ...start(rule, comment, wanted), result: 'valid', out };
}

export function invalid(rule: string, comment: string, wanted: Wanted, code: string): VectorCase {
  return { ...start(rule, comment, wanted), result: 'invalid', reject: { code } };
}

function start(rule: string, comment: string, { id, op, flags = [], in: input }: Wanted) {
  return { id: `wire-${id}`, rule, level: 'MUST' as const, comment, flags, op, in: input };
}

/** A case for each direction of a codec; the bytes are the whole encoding. */
export function bothWays(
  rule: string,
  comment: string,
  id: string,
  op: string,
  fields: Fields,
  bytes: string,
): VectorCase[] {
  return [
    valid(rule, comment, { id: `${id}-decode`, op: `${op}.decode`, in: { bytes } }, fields),
    valid(rule, comment, { id: `${id}-encode`, op: `${op}.encode`, in: fields }, { bytes }),
  ];
}

export function read<T>(captured: string, name: string): T {
  return JSON.parse(readFileSync(join(captured, 'twister', name), 'utf8')) as T;
}

/** From the order in which daemons print hashes to wire order, and back. */
export function reversed(hex: string): string {
  return Buffer.from(hex, 'hex').reverse().toString('hex');
}

/** Double SHA-256 by Node. */
export function sha256d(hex: string): string {
  const once = createHash('sha256').update(Buffer.from(hex, 'hex')).digest();
  return createHash('sha256').update(once).digest('hex');
}

export function utf8(text: string): string {
  return Buffer.from(text, 'utf8').toString('hex');
}

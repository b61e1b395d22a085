import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';

const FOLDER = join(import.meta.dirname, '../../../spec/vectors/captured/twister');

export const toHex: (bytes: Uint8Array) => string = bytesToHex;
export const fromHex: (hex: string) => Uint8Array = hexToBytes;

/** A hash as the daemons print it, reversed. */
export function display(hash: Uint8Array): string {
  return toHex(Uint8Array.from(hash).reverse());
}

/** One captured JSON file; the caller states its shape, as nothing here checks it. */
export function captured<T>(name: string): T {
  return JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as T;
}

interface CapturedTransaction {
  readonly raw: string;
  readonly txid: string;
  readonly version: number;
  readonly messageScript: string;
  readonly userNameScript: string;
  readonly pubKeyScript: string;
  readonly nonce: number;
  readonly messagePushes: readonly string[];
  readonly userNamePushes: readonly string[];
  readonly pubKeyPushes: readonly string[];
  readonly isSpamMessage: boolean;
  readonly userName: string;
}

export interface CapturedBlock {
  readonly raw: string;
  readonly header: string;
  readonly hash: string;
  readonly version: number;
  readonly height: number;
  readonly prev: string;
  readonly merkleRoot: string;
  readonly time: number;
  readonly bits: string;
  readonly nonce: number;
  readonly txs: readonly CapturedTransaction[];
  readonly getblock?: { readonly size: number };
}

/** Every block that a daemon of the captured network kept, the refused ones included. */
export function capturedBlocks(): CapturedBlock[] {
  const main = captured<{ blocks: CapturedBlock[]; storedButInvalid: CapturedBlock[] }>('chain-main.json');
  const genesis = captured<{ networks: Record<string, { genesis: CapturedBlock }> }>('genesis-all.json');
  return [
    ...main.blocks,
    ...main.storedButInvalid,
    ...Object.values(genesis.networks).map((network) => network.genesis),
  ];
}

/** Every string of every captured file that is a whole message of the main network, each once. */
export function capturedMessages(): string[] {
  const messages = new Set<string>();
  for (const name of readdirSync(FOLDER)) {
    for (const match of readFileSync(join(FOLDER, name), 'utf8').matchAll(/"(f0dabbd2[0-9a-f]+)"/g)) {
      messages.add(match[1]!);
    }
  }
  return [...messages];
}

import { readFileSync } from 'node:fs';
import { hexToBytes } from '@noble/hashes/utils.js';
import { directoryOf, type Registration, type UserDirectory } from '@rookery/keys';
import { type Block, decodeBlock, decodeTransaction, type Transaction } from '@rookery/wire';
import type { CurrentRegistration } from '../src/index.ts';
import { readRegistration } from '../src/index.ts';

const folder = new URL('../../../spec/vectors/captured/twister/', import.meta.url);

/** Reads one captured file. */
export function readCaptured<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as T;
}

/** Wire order of a hash that was written as daemons print it. */
export function fromPrinted(hex: string): Uint8Array {
  return hexToBytes(hex).reverse();
}

export function blockOf(raw: string): Block {
  return decodeBlock(hexToBytes(raw)).value;
}

export function transactionOf(raw: string): Transaction {
  return decodeTransaction(hexToBytes(raw)).value;
}

export interface CapturedBlock {
  readonly raw: string;
  readonly hash: string;
  readonly powHash: string;
  readonly height: number;
  readonly prev: string;
  readonly time: number;
  readonly txs: readonly { readonly txid: string; readonly raw: string }[];
}
export const chainMain = readCaptured<{ blocks: CapturedBlock[]; storedButInvalid: CapturedBlock[] }>(
  'chain-main.json',
);
export const rejects = readCaptured<{
  tipHeight: number;
  cases: { kind: string; name: string; raw: string; errors: string[] }[];
}>('chain-rejects.json');
export const reorg = readCaptured<{
  sequences: { steps: { name: string; raw: string; hash: string; rpcResult: string | null }[] }[];
}>('reorg.json');
export const remined = readCaptured<{
  steps: { step: string; block?: string; hash?: string }[];
}>('w1-remined-registration.json');
export const keys = readCaptured<{
  users: Record<
    string,
    {
      keys: { privHex: string; pubHex: string }[];
      registrations: { height: number; txid: string; raw: string; pubKey: string }[];
    }
  >;
}>('keys.json');
export const newUsers = readCaptured<{
  users: { name: string; privHex: string; pubHex: string; registrationTx: string; txid: string }[];
  block: string;
}>('new-users.json');

/** The registrations of one branch, block after block: what a user index knows. */
export class Names {
  readonly #histories = new Map<string, { registration: Registration; current: CurrentRegistration }[]>();

  add(block: Block, ids: readonly Uint8Array[], height: number): void {
    for (const [at, transaction] of block.transactions.entries()) {
      if (at === 0) continue;
      const { name, publicKey } = readRegistration(transaction);
      if (name === undefined) throw new Error('a registration without a name');
      const entry = {
        registration: { height, publicKey: publicKey ?? new Uint8Array() },
        current: { id: ids[at]!, publicKey },
      };
      this.#histories.set(name, [...(this.#histories.get(name) ?? []), entry]);
    }
  }

  readonly current = (name: string): CurrentRegistration | undefined => this.#histories.get(name)?.at(-1)?.current;

  history(name: string): Registration[] {
    return (this.#histories.get(name) ?? []).map(({ registration }) => registration);
  }

  directory(): UserDirectory {
    return directoryOf([...this.#histories.keys()].map((name) => ({ name, keys: this.history(name) })));
  }
}

/** The promotion of the captured block at a height. */
export function promotionOf(height: number): Transaction {
  return transactionOf(chainMain.blocks[height]!.txs[0]!.raw);
}

import { readdirSync, readFileSync } from 'node:fs';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { directoryOf, type UserDirectory } from '@rookery/keys';
import {
  decodeBlock,
  decodeCheckpointVote,
  decodeHeader,
  decodeTransaction,
  encodeMessage,
  headerId,
  type Network,
  type Verdict,
  WireError,
} from '@rookery/wire';
import { describe, expect, test } from 'vitest';
import {
  checkBlock,
  checkCheckpointVote,
  checkPromotion,
  checkReplacement,
  checkTransaction,
  checkUserName,
  decodeBits,
  encodeBits,
  medianTime,
  minWork,
  nextBits,
  scryptPowHash,
  workOfBits,
} from '../src/index.ts';

interface User {
  readonly name: string;
  readonly keys: readonly { readonly height: number; readonly publicKey: string }[];
}

/** The fields of every operation together; each reads its own. */
interface Input {
  readonly network: Network;
  readonly bytes: string;
  readonly command: string;
  readonly payload: string;
  readonly name: string;
  readonly bits: number;
  readonly target: string;
  readonly elapsed: number;
  readonly times: number[];
  readonly current: string;
  readonly height: number;
  readonly tip: number;
  readonly now: number;
  readonly users: readonly User[];
  readonly lastSoft?: { readonly height: number; readonly hash: string };
  readonly prevHeight: number;
  readonly prevTime: number;
  readonly prevBits: number;
  readonly firstTime?: number;
  readonly time?: number;
  readonly lastBits?: number;
}

interface Case {
  readonly id: string;
  readonly op: string;
  readonly in: Input;
  readonly out?: object;
  readonly reject?: { readonly code: string; readonly penalty?: number };
}

const folder = new URL('../../../spec/vectors/chain/', import.meta.url);
const testsOf = (name: string) => (JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as { tests: Case[] }).tests;
/** Files of operations; transcripts of the engine are the driver's. */
const files = readdirSync(folder).filter((name) => testsOf(name).length > 0);

function usersOf(users: readonly User[], tip?: number): UserDirectory {
  const histories = users.map(({ name, keys }) => ({
    name,
    keys: keys.map(({ height, publicKey }) => ({ height, publicKey: hexToBytes(publicKey) })),
  }));
  return directoryOf(histories, tip);
}

const operations: Record<string, (input: Input) => Verdict<string> | object> = {
  'header.decode': ({ bytes }) => {
    const header = decodeHeader(hexToBytes(bytes));
    return { ...header, id: headerId(header), powHash: scryptPowHash(hexToBytes(bytes)) };
  },
  'message.encode': ({ network, command, payload }) => ({
    bytes: encodeMessage(network, command, hexToBytes(payload)),
  }),
  'username.check': ({ name }) => checkUserName(hexToBytes(name)),
  'bits.decode': ({ bits }) => decodeBits(bits),
  'bits.encode': ({ target }) => ({ bits: encodeBits(BigInt(`0x${target}`)) }),
  'work.ofBits': ({ bits }) => ({ work: workOfBits(bits).toString() }),
  'work.min': ({ bits, elapsed }) => ({ bits: minWork(bits, elapsed) }),
  'difficulty.next': ({ network, prevHeight, prevTime, prevBits, firstTime, time, lastBits }) => ({
    bits: nextBits(network, { height: prevHeight, time: prevTime, bits: prevBits, firstTime, newTime: time, lastBits }),
  }),
  'time.median': ({ times }) => ({ time: medianTime(times) }),
  'tx.check': ({ network, bytes }) => checkTransaction(decodeTransaction(hexToBytes(bytes)).value, network),
  'tx.replaces': ({ bytes, current }) =>
    checkReplacement(decodeTransaction(hexToBytes(bytes)).value, hexToBytes(current)),
  'promotion.check': ({ bytes, height, users }) =>
    checkPromotion(decodeTransaction(hexToBytes(bytes)).value, height, usersOf(users)),
  'block.check': ({ network, bytes, now }) => checkBlock(decodeBlock(hexToBytes(bytes)).value, { network, now }),
  'checkpoint.vote.check': ({ network, bytes, tip, users, lastSoft }) => {
    return checkCheckpointVote(decodeCheckpointVote(hexToBytes(bytes)).value, {
      network,
      tip,
      users: usersOf(users, tip),
      lastSoft: lastSoft && { height: lastSoft.height, hash: hexToBytes(lastSoft.hash) },
    });
  },
};

function answer({ op, in: input }: Case): object {
  try {
    return operations[op]!(input);
  } catch (error) {
    if (error instanceof WireError) return { ok: false, code: error.code };
    throw error;
  }
}

function plain(learned: object): object {
  return Object.fromEntries(
    Object.entries(learned).map(([key, value]) => [
      key,
      typeof value === 'bigint'
        ? value.toString(16).padStart(64, '0')
        : value instanceof Uint8Array
          ? bytesToHex(value)
          : value,
    ]),
  );
}

describe.each(files)('%s', (name) => {
  test.each(testsOf(name).map((one) => [one.id, one] as const))('%s', (_, one) => {
    const verdict = answer(one);
    if (one.reject === undefined) {
      expect(verdict).not.toMatchObject({ ok: false });
      expect(plain(verdict)).toMatchObject(one.out ?? {});
    } else {
      const { code, penalty } = verdict as { code?: string; penalty?: number };
      expect({ code, penalty }).toEqual({ code: one.reject.code, penalty: one.reject.penalty });
    }
  });
});

import { bytesToHex } from '@noble/hashes/utils.js';
import { type Block, encodeHeader, headerId, merkleRoot, transactionId, type Verdict } from '@rookery/wire';
import { describe, expect, test } from 'vitest';
import {
  checkBlock,
  checkConnection,
  checkHeaderContext,
  checkPoolTransaction,
  checkTransaction,
  checkWork,
  genesisBlock,
  type ParentBlock,
  readRegistration,
  scryptPowHash,
  workOfBits,
} from '../src/index.ts';
import {
  blockOf,
  type CapturedBlock,
  chainMain,
  fromPrinted,
  keys,
  Names,
  newUsers,
  rejects,
  remined,
  reorg,
  transactionOf,
} from './captured.ts';

const network = 'main';
const printed = (hash: Uint8Array) => bytesToHex(hash.slice().reverse());

/** Code and penalty of a verdict, both undefined where it accepts. */
function refusal(verdict: Verdict<string>): { code?: string | undefined; penalty?: number | undefined } {
  return verdict.ok ? { code: undefined, penalty: undefined } : { code: verdict.code, penalty: verdict.penalty };
}

function parentAt(blocks: readonly CapturedBlock[], height: number): ParentBlock {
  const times = blocks.slice(Math.max(0, height - 10), height + 1).map(({ time }) => time);
  return { height, bits: blockOf(blocks[height]!.raw).header.bits, times };
}

/** The ids of a block that is valid by itself. */
function idsOf(block: Block): readonly Uint8Array[] {
  const verdict = checkBlock(block, { network, now: block.header.time });
  if (!verdict.ok) throw new Error(verdict.detail);
  return verdict.ids;
}

/** The names that the captured chain knows after the block at `height`. */
function namesUpTo(height: number): Names {
  const names = new Names();
  for (const { raw, height: at } of chainMain.blocks.slice(0, height + 1))
    names.add(blockOf(raw), idsOf(blockOf(raw)), at);
  return names;
}

describe('the captured chain', () => {
  const names = new Names();

  test.each(chainMain.blocks.map((captured) => [captured.height, captured] as const))(
    'height %i',
    (height, captured) => {
      const block = blockOf(captured.raw);
      expect(printed(headerId(block.header))).toBe(captured.hash);
      expect(printed(scryptPowHash(encodeHeader(block.header)))).toBe(captured.powHash);
      expect(checkWork(block.header, network)).toEqual({ ok: true });
      const ids = idsOf(block);
      expect(ids.map(printed)).toEqual(captured.txs.map(({ txid }) => txid));
      expect(merkleRoot(ids)).toEqual(block.header.merkleRoot);
      const parent = height === 0 ? undefined : parentAt(chainMain.blocks, height - 1);
      expect(checkHeaderContext(block.header, parent, { network })).toEqual({ ok: true });
      const context = { ids, height, users: names.directory(), current: names.current };
      expect(checkConnection(block, context)).toEqual({ ok: true });
      names.add(block, ids, height);
    },
  );

  test('registers the captured users at the captured heights, dave twice', () => {
    for (const [name, { registrations }] of Object.entries(keys.users)) {
      const history = names.history(name).map(({ height, publicKey }) => [height, bytesToHex(publicKey)]);
      expect(history).toEqual(registrations.map(({ height, pubKey }) => [height, pubKey]));
    }
    expect(names.history('dave')).toHaveLength(2);
  });

  test('has the work whose logarithm the daemon printed', () => {
    const work = chainMain.blocks.reduce((sum, { raw }) => sum + workOfBits(blockOf(raw).header.bits), 0n);
    expect(Math.log2(Number(work + workOfBits(0x1f03ffff))).toFixed(6)).toBe('19.247928');
  });

  test('goes on with a block of five registrations', () => {
    const block = blockOf(newUsers.block);
    const ids = idsOf(block);
    const captured = newUsers.users.map(({ txid }) => txid);
    expect(ids).toHaveLength(6);
    for (const id of ids.slice(1)) expect(captured).toContain(printed(id));
  });
});

describe('what only the chain can refuse', () => {
  const tip = rejects.tipHeight;
  const names = namesUpTo(tip);
  const parent = parentAt(chainMain.blocks, tip);
  const byHeader: Record<string, [string, number?]> = {
    block_time_too_early: ['time-too-old'],
    block_version_1: ['old-version'],
    block_lower_target_bits: ['wrong-bits', 100],
  };
  const byNames: Record<string, [string, number]> = {
    block_spam_user_no_signature: ['missing-promotion-signature', 100],
    block_spam_user_bad_signature: ['bad-promotion-signature', 100],
  };
  const blockCases = rejects.cases.filter(({ kind }) => kind === 'block');

  test.each(Object.entries(byHeader))('%s', (name, [code, penalty]) => {
    const { header } = blockOf(blockCases.find((one) => one.name === name)!.raw);
    expect(refusal(checkHeaderContext(header, parent, { network }))).toEqual({ code, penalty });
  });

  test.each(Object.entries(byNames))('%s', (name, [code, penalty]) => {
    const block = blockOf(blockCases.find((one) => one.name === name)!.raw);
    const context = { ids: idsOf(block), height: tip + 1, users: names.directory(), current: names.current };
    expect(checkHeaderContext(block.header, parent, { network })).toEqual({ ok: true });
    expect(checkConnection(block, context)).toMatchObject({ ok: false, code, penalty });
  });

  test('a promotion by nobody registered', () => {
    const block = blockOf(chainMain.storedButInvalid[0]!.raw);
    const context = { ids: idsOf(block), height: tip + 1, users: names.directory(), current: names.current };
    expect(checkConnection(block, context)).toMatchObject({ code: 'unknown-promotion-author', penalty: 100 });
  });

  test('a name that is taken, in a block that the daemon stored and refused', () => {
    const block = blockOf(chainMain.storedButInvalid[3]!.raw);
    const context = { ids: idsOf(block), height: tip + 1, users: names.directory(), current: names.current };
    expect(checkConnection(block, context)).toMatchObject({ code: 'name-taken', penalty: 100 });
  });

  test('every other captured refusal of a block is covered by the vectors', () => {
    const named = Object.keys({ ...byHeader, ...byNames });
    const known = blockCases.filter(({ name }) => named.includes(name));
    expect(known).toHaveLength(named.length);
  });
});

describe('what only a pool refuses', () => {
  const names = namesUpTo(rejects.tipHeight);
  const pooled: Record<string, [string, number?] | undefined> = {
    tx_pubkey_garbage_10_bytes: undefined,
    tx_pubkey_not_on_curve: undefined,
    tx_spam_message_loose: ['loose-promotion', 100],
    tx_duplicate_username_no_replacement: ['name-taken'],
    tx_replacement_bad_signature: ['name-taken'],
  };

  test.each(Object.entries(pooled))('%s', (name, refused) => {
    const transaction = transactionOf(rejects.cases.find((one) => one.name === name)!.raw);
    const current = names.current(readRegistration(transaction).name ?? '');
    expect(checkTransaction(transaction, network)).toMatchObject({ ok: true });
    const verdict = checkPoolTransaction(transaction, { network, current });
    expect(refusal(verdict)).toEqual({ code: refused?.[0], penalty: refused?.[1] });
  });

  test('a replacement and a free name pass', () => {
    const [, second] = keys.users.dave!.registrations;
    const before = namesUpTo(25);
    const transaction = transactionOf(second!.raw);
    expect(checkPoolTransaction(transaction, { network, current: before.current('dave') })).toMatchObject({ ok: true });
    expect(checkPoolTransaction(transaction, { network, current: undefined })).toMatchObject({ ok: true });
    const newer = { ...transactionOf(keys.users.alice!.registrations[0]!.raw), version: 2 };
    expect(checkPoolTransaction(newer, { network, current: undefined })).toMatchObject({ ok: false });
  });
});

describe('W1: the same registration mined again', () => {
  test('is accepted, twice in a row', () => {
    const names = namesUpTo(36);
    let height = 36;
    for (const { block: raw } of remined.steps) {
      if (raw === undefined) continue;
      height += 1;
      const block = blockOf(raw);
      const context = { ids: idsOf(block), height, users: names.directory(), current: names.current };
      expect(checkConnection(block, context)).toEqual({ ok: true });
      names.add(block, context.ids, height);
    }
    expect(names.history('carol').map((entry) => entry.height)).toEqual([17, 37, 38]);
  });

  test('is refused by a pool', () => {
    const { raw } = keys.users.carol!.registrations[0]!;
    const current = namesUpTo(36).current('carol');
    expect(checkPoolTransaction(transactionOf(raw), { network, current })).toMatchObject({ code: 'name-taken' });
  });
});

describe('W4: a branch that registers a name with another key', () => {
  const steps = reorg.sequences[0]!.steps;
  const block = (start: string) => blockOf(steps.find(({ name }) => name.startsWith(start))!.raw);

  test('is refused where the names of the branch that is left still count, as deployed', () => {
    const names = namesUpTo(32);
    const first = block('A1');
    names.add(first, idsOf(first), 33);
    const other = block('B1');
    const context = { ids: idsOf(other), height: 33, users: names.directory(), current: names.current };
    expect(checkConnection(other, context)).toMatchObject({ code: 'name-taken', penalty: 100 });
  });

  test('is accepted where only its own branch counts (CHAIN-44)', () => {
    const names = namesUpTo(32);
    for (const [at, name] of ['B1', 'B2', 'C3'].entries()) {
      const next = block(name);
      const context = { ids: idsOf(next), height: 33 + at, users: names.directory(), current: names.current };
      expect(checkConnection(next, context)).toEqual({ ok: true });
      names.add(next, context.ids, context.height);
    }
    expect(bytesToHex(names.history('reorguser')[0]!.publicKey)).toBe(keys.users.bob!.keys[0]!.pubHex);
  });
});

test('the genesis block needs no parent and is not connected', () => {
  const block = genesisBlock(network);
  const ids = block.transactions.map(transactionId);
  const context = { ids, height: 0, users: new Names().directory(), current: () => undefined };
  expect(checkConnection(block, context)).toEqual({ ok: true });
  expect(fromPrinted(chainMain.blocks[0]!.hash)).toEqual(headerId(block.header));
});

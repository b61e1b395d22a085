import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { describe, expect, test } from 'vitest';
import { Chain, type ChainEffect } from '../src/index.ts';
import { type CapturedBlock, chainMain, fromPrinted, keys, newUsers, rejects, remined, reorg } from './captured.ts';

const LATER = 1_800_000_000_000;
const bytesOf = ({ raw }: { readonly raw: string }) => hexToBytes(raw);

function chainOf(blocks: readonly CapturedBlock[]): Chain {
  const chain = new Chain({ network: 'main', checkpoints: false });
  for (const block of blocks.slice(1)) {
    const [accepted, connected, tip, ...more] = chain.addBlock(bytesOf(block), LATER);
    const { height } = block;
    const id = fromPrinted(block.hash);
    expect(accepted).toEqual({ type: 'accepted', id, height, bytes: bytesOf(block) });
    expect([connected, tip, ...more]).toEqual([
      { type: 'connected', id, height },
      { type: 'tip', id, height },
    ]);
  }
  return chain;
}

const refusals = (effects: readonly ChainEffect[]) =>
  effects.flatMap((effect) => (effect.type === 'rejected' ? [[effect.code, effect.penalty]] : []));

describe('the captured chain', () => {
  const chain = chainOf(chainMain.blocks);

  test('has the users that the daemon had', () => {
    for (const [name, { registrations }] of Object.entries(keys.users)) {
      const history = chain
        .user(name)
        ?.history.map(({ height, publicKey, id }) => [height, bytesToHex(publicKey), bytesToHex(id.slice().reverse())]);
      expect(history).toEqual(registrations.map(({ height, pubKey, txid }) => [height, pubKey, txid]));
    }
  });

  test('goes on with transactions that are mined again, and with five users at once', () => {
    const blocks = remined.steps.flatMap(({ block }) => (block === undefined ? [] : [block]));
    for (const raw of [...blocks, newUsers.block]) expect(refusals(chain.addBlock(hexToBytes(raw), LATER))).toEqual([]);
    expect(chain.user('carol')?.history.map(({ height }) => height)).toEqual([17, 37, 38]);
    expect(chain.tip.height).toBe(39);
    for (const { name, pubHex } of newUsers.users.filter((user) => chain.user(user.name) !== undefined))
      expect(bytesToHex(chain.user(name)!.publicKey)).toBe(pubHex);
    expect(chain.namesWithPrefix('mf', 9)).toEqual(['mf1', 'mf2', 'mf3']);
  });

  test('is the same read back as trusted', () => {
    const again = new Chain({ network: 'main', checkpoints: false });
    for (const block of chainMain.blocks.slice(1)) again.addBlock(bytesOf(block), LATER, { trusted: true });
    expect(again.tip).toEqual(chainOf(chainMain.blocks).tip);
    expect(again.user('dave')).toEqual(chain.user('dave'));
  });

  test('is refused where checkpoints bind, and only from their heights on', () => {
    const bound = new Chain({ network: 'main' });
    for (const block of chainMain.blocks.slice(1)) expect(refusals(bound.addBlock(bytesOf(block), LATER))).toEqual([]);
  });

  test('comes out the same in any order', () => {
    const backwards = new Chain({ network: 'main', checkpoints: false });
    for (const block of [...chainMain.blocks.slice(1)].reverse()) backwards.addBlock(bytesOf(block), LATER);
    expect(backwards.tip).toEqual(chainOf(chainMain.blocks).tip);
  });
});

describe('what the daemon refused', () => {
  const codes: Record<string, [string, number] | undefined> = {
    tx_bad_pow: ['insufficient-registration-work', 50],
    tx_username_space: ['bad-user-name', 20],
    tx_username_dash: ['bad-user-name', 20],
    tx_username_utf8: ['bad-user-name', 20],
    tx_username_empty_push: ['bad-user-name', 20],
    tx_username_two_pushes: ['bad-user-name-script', 10],
    tx_username_pushdata1: ['bad-user-name-script', 10],
    tx_pubkey_garbage_10_bytes: undefined,
    tx_pubkey_not_on_curve: undefined,
    tx_too_big: ['transaction-too-large', 100],
    tx_spam_message_loose: ['loose-promotion', 100],
    tx_duplicate_username_no_replacement: ['name-taken', 0],
    tx_replacement_bad_signature: ['name-taken', 0],
    block_time_future_3h: ['time-too-new', 0],
    block_time_too_early: ['time-too-old', 0],
    block_two_coinbases: ['extra-promotion', 100],
    block_bad_merkle: ['wrong-merkle-root', 100],
    block_duplicate_tx: ['duplicate-transaction', 100],
    block_duplicate_username: ['duplicate-user-name', 100],
    block_version_1: ['old-version', 0],
    block_lower_target_bits: ['wrong-bits', 100],
    block_bits_zero: ['zero-target', 50],
    block_bits_negative: ['negative-target', 50],
    block_spam_141_chars: ['promotion-too-long', 100],
    block_spam_invalid_utf8: ['bad-utf8', 100],
    block_spam_user_17: ['bad-promotion-author', 100],
    block_spam_user_absent: ['bad-promotion-author', 100],
    block_spam_user_no_signature: ['missing-promotion-signature', 100],
    block_spam_user_bad_signature: ['bad-promotion-signature', 100],
    block_tx_bad_pow: ['insufficient-registration-work', 50],
    block_tx_uppercase_username: ['bad-user-name', 20],
    VALID_block_with_tx_accepted: undefined,
    block_duplicate_known: ['duplicate', 0],
    block_trailing_bytes: ['duplicate', 0],
  };
  const chain = chainOf(chainMain.blocks.slice(0, rejects.tipHeight + 1));
  const now = (chainMain.blocks[rejects.tipHeight]!.time + 600) * 1000;

  test.each(rejects.cases.map((refused) => [refused.name, refused] as const))('%s', (name, refused) => {
    const bytes = bytesOf(refused);
    const effects = refused.kind === 'tx' ? chain.addTransaction(bytes, now) : chain.addBlock(bytes, now);
    const expected = codes[name];
    expect(Object.hasOwn(codes, name)).toBe(true);
    expect(refusals(effects)).toEqual(expected === undefined ? [] : [expected]);
    expect(effects).toHaveLength(expected === undefined && refused.kind === 'block' ? 3 : 1);
  });
});

describe('the captured reorganisation, where it differs from the daemon: W4 (CHAIN-44)', () => {
  const steps = reorg.sequences[0]!.steps;
  const chain = chainOf(chainMain.blocks.slice(0, 33));
  const step = (start: string) => steps.find(({ name }) => name.startsWith(start))!;
  const play = (start: string) =>
    chain.addBlock(bytesOf(step(start)), LATER).map(({ type, id }) => [type, bytesToHex(id!.slice().reverse())]);
  const idOf = (start: string) => step(start).hash;
  const keyOf = (name: string) => chain.user(name) && bytesToHex(chain.user(name)!.publicKey);

  test('A1 and B1: the first seen stays', () => {
    expect(play('A1').map(([type]) => type)).toEqual(['accepted', 'connected', 'tip']);
    expect(play('B1')).toEqual([['accepted', idOf('B1')]]);
    expect(keyOf('reorguser')).toBe(keys.users.alice!.keys[0]!.pubHex);
  });

  test('B2: the better branch is taken, although it registers the name with another key', () => {
    expect(play('B2')).toEqual([
      ['accepted', idOf('B2')],
      ['disconnected', idOf('A1')],
      ['connected', idOf('B1')],
      ['connected', idOf('B2')],
      ['tip', idOf('B2')],
    ]);
    expect(keyOf('reorguser')).toBe(keys.users.bob!.keys[0]!.pubHex);
    expect(keyOf('reorgtwo')).toBeUndefined();
    expect(chain.pool().map((id) => bytesToHex(id.slice().reverse()))).toHaveLength(1);
  });

  test('O4 waits for C3, and both connect', () => {
    expect(play('O4')).toEqual([['orphan', idOf('O4')]]);
    expect(play('C3').map(([type, id]) => [type, id])).toEqual([
      ['accepted', idOf('C3')],
      ['accepted', idOf('O4')],
      ['connected', idOf('C3')],
      ['connected', idOf('O4')],
      ['tip', idOf('O4')],
    ]);
    expect(chain.tip.height).toBe(36);
  });
});

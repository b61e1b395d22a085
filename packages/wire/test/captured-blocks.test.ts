import { expect, test } from 'vitest';
import {
  blockSize,
  decodeBlock,
  decodeHeader,
  decodeTransaction,
  encodeBlock,
  encodeHeader,
  encodeTransaction,
  headerId,
  merkleRoot,
  parseScriptItems,
  parseSmallString,
  transactionId,
  transactionKind,
  transactionSize,
} from '../src/index.ts';
import { captured, capturedBlocks, display, fromHex, toHex } from './captured-chain.ts';

test('every captured block decodes to the fields, ids and sizes that the daemon showed, and encodes back (WIRE-13, WIRE-14)', () => {
  const blocks = capturedBlocks();
  expect(blocks.length).toBeGreaterThanOrEqual(48);
  for (const block of blocks) {
    const raw = fromHex(block.raw);
    const { value, consumed } = decodeBlock(raw);
    expect(consumed).toBe(raw.length);
    expect(toHex(encodeBlock(value))).toBe(block.raw);
    expect(blockSize(value)).toBe(block.getblock?.size ?? raw.length);
    const { header } = value;
    expect(display(headerId(header))).toBe(block.hash);
    expect(toHex(encodeHeader(header))).toBe(block.header);
    expect(decodeHeader(fromHex(block.header))).toEqual(header);
    expect({ ...header, prev: display(header.prev), merkleRoot: display(header.merkleRoot) }).toEqual({
      version: block.version,
      height: block.height,
      prev: block.prev,
      merkleRoot: block.merkleRoot,
      time: block.time,
      bits: Number.parseInt(block.bits, 16),
      nonce: block.nonce,
    });
    expect(display(merkleRoot(value.transactions.map(transactionId)))).toBe(block.merkleRoot);
  }
});

test('every captured transaction decodes to the scripts, pushes and id that the daemon showed (WIRE-8 … WIRE-12)', () => {
  const transactions = capturedBlocks().flatMap((block) => block.txs);
  expect(transactions.length).toBeGreaterThanOrEqual(60);
  for (const transaction of transactions) {
    const { value, consumed } = decodeTransaction(fromHex(transaction.raw));
    expect(consumed).toBe(transaction.raw.length / 2);
    expect(transactionSize(value)).toBe(consumed);
    expect(toHex(encodeTransaction(value))).toBe(transaction.raw);
    expect(display(transactionId(value))).toBe(transaction.txid);
    expect(value.version).toBe(transaction.version);
    expect(value.nonce).toBe(transaction.nonce);
    expect(transactionKind(value)).toBe(transaction.isSpamMessage ? 'promotion' : 'registration');
    for (const [script, raw, pushes] of [
      [value.message, transaction.messageScript, transaction.messagePushes],
      [value.userName, transaction.userNameScript, transaction.userNamePushes],
      [value.pubKey, transaction.pubKeyScript, transaction.pubKeyPushes],
    ] as const) {
      expect(toHex(script)).toBe(raw);
      expect(parseScriptItems(script)?.map(toHex)).toEqual(pushes);
    }
    if (!transaction.isSpamMessage) {
      expect(toHex(parseSmallString(value.userName)!)).toBe(Buffer.from(transaction.userName).toString('hex'));
    }
  }
});

test('what the daemon refused by a rule still decodes, and trailing bytes are left (WIRE-10, WIRE-14)', () => {
  const { cases } = captured<{ cases: { kind: string; name: string; raw: string }[] }>('chain-rejects.json');
  expect(cases.length).toBeGreaterThan(30);
  for (const { kind, name, raw } of cases) {
    const bytes = fromHex(raw);
    const encoded =
      kind === 'tx' ? encodeTransaction(decodeTransaction(bytes).value) : encodeBlock(decodeBlock(bytes).value);
    const trailing = name === 'block_trailing_bytes' ? 2 : 0;
    expect([name, toHex(encoded)]).toEqual([name, raw.slice(0, raw.length - 2 * trailing)]);
    expect((kind === 'tx' ? decodeTransaction : decodeBlock)(bytes).consumed).toBe(bytes.length - trailing);
  }
});

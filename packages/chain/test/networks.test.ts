import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import {
  type Block,
  blockSize,
  encodeBlock,
  encodeHeader,
  headerId,
  MAGIC,
  merkleRoot,
  transactionId,
} from '@rookery/wire';
import { describe, expect, test } from 'vitest';
import { decodeBits, genesisBlock, genesisId, highestCheckpoint, NETWORKS, scryptPowHash } from '../src/index.ts';
import { fromPrinted, readCaptured } from './captured.ts';

const captured = readCaptured<{
  networks: Record<
    'main' | 'testnet' | 'regtest',
    {
      magic: string;
      defaultPort: number;
      rpcPort: number;
      txBits: string;
      genesis: { raw: string; hash: string; powHash: string; powOk: boolean };
    }
  >;
}>('genesis-all.json').networks;

describe.each(['main', 'testnet', 'regtest'] as const)('%s', (name) => {
  const { defaultPort, genesis, magic, rpcPort, txBits } = captured[name];
  const network = NETWORKS[name];

  test('has the captured parameters (CHAIN-1)', () => {
    expect(bytesToHex(MAGIC[name])).toBe(magic);
    expect([network.port, network.rpcPort]).toEqual([defaultPort, rpcPort]);
    expect(network.registrationBits).toBe(Number.parseInt(txBits, 16));
  });

  test('has the captured first block (CHAIN-2)', () => {
    const block = genesisBlock(name);
    expect(bytesToHex(encodeBlock(block))).toBe(genesis.raw);
    expect(headerId(block.header)).toEqual(genesisId(name));
    expect(genesisId(name)).toEqual(fromPrinted(genesis.hash));
    expect(scryptPowHash(encodeHeader(block.header))).toEqual(fromPrinted(genesis.powHash));
    expect(network.genesisById).toBe(!genesis.powOk);
  });
});

test('dev has the first block that the specification prints (CHAIN-3)', () => {
  const block: Block = genesisBlock('dev');
  expect(blockSize(block)).toBe(194);
  expect(encodeBlock(block)).toEqual(hexToBytes(NETWORKS.dev.genesisHex));
  expect(block.header).toMatchObject({ version: 2, height: 0, time: 1735689600, bits: 0x207fffff, nonce: 0 });
  expect(merkleRoot(block.transactions.map(transactionId))).toEqual(block.header.merkleRoot);
  expect(headerId(block.header)).toEqual(genesisId('dev'));
  const printed = bytesToHex(scryptPowHash(encodeHeader(block.header)).reverse());
  expect(printed).toBe('2da1daf32f76e099d63bffa98d79a8f8452e20a35de605664c2da4eef6b348d4');
  const { header } = block;
  expect(header.time).toBeLessThan(Date.UTC(2026, 0, 1) / 1000);
});

test('checkpoints rise, and every registration target is usable', () => {
  expect(highestCheckpoint('main')).toBe(55450);
  expect(highestCheckpoint('testnet')).toBe(546);
  expect([highestCheckpoint('regtest'), highestCheckpoint('dev')]).toEqual([0, 0]);
  for (const { checkpoints, registrationBits } of Object.values(NETWORKS)) {
    const heights = checkpoints.map(({ height }) => height);
    expect(heights).toEqual([...heights].sort((left, right) => left - right));
    for (const { printedId } of checkpoints) expect(printedId).toMatch(/^[0-9a-f]{64}$/);
    expect(decodeBits(registrationBits).ok).toBe(true);
  }
});

import { hexToBytes } from '@noble/hashes/utils.js';
import { type Block, decodeBlock, type Network } from '@rookery/wire';
import { type Checkpoint, MAIN_CHECKPOINTS, TESTNET_CHECKPOINTS } from './checkpoints.ts';

/** What tells one network's chain from another's; the message magic is `MAGIC` of `@rookery/wire`. */
export interface ChainNetwork {
  readonly name: Network;
  /** Nominal TCP port of the chain network; DHT and swarms are at this plus 1,000. */
  readonly port: number;
  /** Nominal port of JSON-RPC. */
  readonly rpcPort: number;
  /** Compact target of a registration's work (CHAIN-21). */
  readonly registrationBits: number;
  /** The whole first block, in hexadecimal wire bytes. */
  readonly genesisHex: string;
  /** Its id as it is printed: byte-reversed. */
  readonly printedGenesisId: string;
  /** Whether the first block fails its own work and is accepted by its id (CHAIN-2). */
  readonly genesisById: boolean;
  /** Hard checkpoints by rising height; none on regtest and dev (CHAIN-37). */
  readonly checkpoints: readonly Checkpoint[];
}

/** The transaction that opens the first block of main, testnet and regtest. */
const GENESIS_TRANSACTION =
  '01000000704c6e5468652054696d65732030392f4a756c2f3230313320476c6f626f206361756768742062726962696e6720526563656974' +
  '61204665646572616c20656d706c6f79656520746f20726f622052243631354d20776f727468207461782065766173696f6e20646f63756d' +
  '656e74732e07066e6f626f64790000000000';
const GENESIS_START =
  '01000000000000000000000000000000000000000000000000000000000000000000000000000000' +
  'deb352291dd2529937056837c8cfc4c71416067d56a9f19910ea48f92f4f8a2c';

/** The first block of dev, all of it; its text and time were chosen once (CHAIN-3). */
const DEV_GENESIS =
  '02000000000000000000000000000000000000000000000000000000000000000000000000000000' +
  '207b83c4d7eef4cc2faad453d72b2aca76cc80c8a29b08acb5f5158920a48f3980857467ffff7f2000000000' +
  '01010000005b4c59526f6f6b65727920646576206e6574776f726b3a20666f722064656d6f6e7374726174696f6e7320616e64207465' +
  '7374732c20776f727468206e6f7468696e672c207265737461727465642061742077696c6c2e205b656e5d07066e6f626f6479000000' +
  '0000';

/** Every network's parameters (CHAIN-1). */
export const NETWORKS: Readonly<Record<Network, ChainNetwork>> = Object.freeze({
  main: Object.freeze({
    name: 'main',
    port: 28333,
    rpcPort: 28332,
    registrationBits: 0x1e00_ffff,
    genesisHex: `${GENESIS_START}0f2e8452ffff031f760b000001${GENESIS_TRANSACTION}`,
    printedGenesisId: '9915158279673d101912be80f25c20627f1dd8bf5231e7c46bfec5ed19737f44',
    genesisById: false,
    checkpoints: MAIN_CHECKPOINTS,
  }),
  testnet: Object.freeze({
    name: 'testnet',
    port: 18333,
    rpcPort: 18332,
    registrationBits: 0x1e00_ffff,
    genesisHex: `${GENESIS_START}dae5494dffff031f1aa4ae1801${GENESIS_TRANSACTION}`,
    printedGenesisId: 'a5edbcbce369df36f03e6ce110622449f78ace0968e7c0efeac454c5f09fec8e',
    genesisById: true,
    checkpoints: TESTNET_CHECKPOINTS,
  }),
  regtest: Object.freeze({
    name: 'regtest',
    port: 18444,
    rpcPort: 18332,
    registrationBits: 0x207f_ffff,
    genesisHex: `${GENESIS_START}dae5494dffff7f200200000001${GENESIS_TRANSACTION}`,
    printedGenesisId: '57fb109bd3493e21ef87d31d0455fd649d49541cc243c75e02b47a45f4654546',
    genesisById: true,
    checkpoints: [],
  }),
  dev: Object.freeze({
    name: 'dev',
    port: 38333,
    rpcPort: 38332,
    registrationBits: 0x207f_ffff,
    genesisHex: DEV_GENESIS,
    printedGenesisId: '4dbc29c6f8d23dedafda14fca2d5194461ed48718a6db09981c299597389bd6e',
    genesisById: false,
    checkpoints: [],
  }),
});

/** The first block of a network, decoded (CHAIN-2). */
export function genesisBlock(network: Network): Block {
  return decodeBlock(hexToBytes(NETWORKS[network].genesisHex)).value;
}

/** The id of a network's first block, 32 bytes in wire order (CHAIN-2). */
export function genesisId(network: Network): Uint8Array {
  return hexToBytes(NETWORKS[network].printedGenesisId).reverse();
}

/** Height of the highest hard checkpoint, 0 where there is none (CHAIN-37, CHAIN-47). */
export function highestCheckpoint(network: Network): number {
  return NETWORKS[network].checkpoints.at(-1)?.height ?? 0;
}

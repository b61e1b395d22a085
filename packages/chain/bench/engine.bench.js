// @ts-check
/**
 * The chain and its peers beside the operations that they cannot do without, in one run.
 * Each line: name, operations a second, ratio to the operation of the line's kind, bound.
 */
import { scrypt } from '@noble/hashes/scrypt.js';
import {
  decodeBlock,
  decodeTransaction,
  encodeBlock,
  encodeHeader,
  merkleRoot,
  sha256d,
  transactionId,
} from '@rookery/wire';
import {
  Chain,
  ChainPeers,
  checkBlock,
  genesisBlock,
  promotionTransaction,
  RegistrationMiner,
  registrationTransaction,
} from '../dist/index.js';
import { measure, report } from './measure.js';

const BLOCKS = 200;
const NOW = 1_800_000_000_000;
const noWork = () => new Uint8Array(32);
const publicKey = Uint8Array.from([
  0x02, 0x79, 0xbe, 0x66, 0x7e, 0xf9, 0xdc, 0xbb, 0xac, 0x55, 0xa0, 0x62, 0x95, 0xce, 0x87, 0x0b, 0x07, 0x02, 0x9b,
  0xfc, 0xdb, 0x2d, 0xce, 0x28, 0xd9, 0x59, 0xf2, 0x81, 0x5b, 0x16, 0xf8, 0x17, 0x98,
]);

/**
 * A chain of blocks with so many registrations each.
 * @param {number} count
 * @param {number} registrations
 * @returns {Uint8Array[]}
 */
function buildBlocks(count, registrations) {
  const chain = new Chain({ network: 'dev', powHash: noWork });
  const promotion = promotionTransaction({ text: 'Default text of a miner [en]' });
  const blocks = [];
  for (let at = 0; at < count; at += 1) {
    const transactions = [promotion];
    for (let user = 0; user < registrations; user += 1) {
      const name = `u${at}_${user}`;
      const { found } = new RegistrationMiner(registrationTransaction({ name, publicKey }), 'dev').step(100);
      if (found === undefined) throw new Error('half of all nonces have enough work on dev');
      transactions.push(decodeTransaction(found).value);
    }
    const { height, id, time, bits } = chain.tip;
    const header = {
      version: 2,
      height: height + 1,
      prev: id,
      merkleRoot: merkleRoot(transactions.map(transactionId)),
      time: time + 600,
      bits,
      nonce: 0,
    };
    const bytes = encodeBlock({ header, transactions });
    chain.addBlock(bytes, NOW);
    if (chain.tip.height !== at + 1) throw new Error('the block is valid');
    blocks.push(bytes);
  }
  return blocks;
}

/**
 * Connects all blocks to a new chain.
 * @param {readonly Uint8Array[]} blocks
 * @param {((header: Uint8Array) => Uint8Array) | undefined} powHash
 */
function connectAll(blocks, powHash) {
  const chain = new Chain({ network: 'dev', powHash });
  for (const bytes of blocks) chain.addBlock(bytes, NOW);
  if (chain.tip.height !== blocks.length) throw new Error('all blocks are connected');
  return blocks.length;
}

const small = buildBlocks(BLOCKS, 1);
const header = encodeHeader(genesisBlock('dev').header);
const bareScrypt = () => scrypt(header, header, { N: 1024, r: 1, p: 1, dkLen: 32 }).length / 32;
const dev = buildBlocks(BLOCKS, 0);
// Half of all headers show enough work on dev: the hash is done, its result left out.
const scryptThenPass = (/** @type {Uint8Array} */ bytes) => {
  scrypt(bytes, bytes, { N: 1024, r: 1, p: 1, dkLen: 32 });
  return new Uint8Array(32);
};
const connected = measure([
  { name: 'bare scrypt of 84 bytes', run: bareScrypt },
  { name: 'blocks connected', run: () => connectAll(dev, scryptThenPass) },
]);
report(connected, 'blocks connected', 'bare scrypt of 84 bytes', 0.85);

const trusted = measure([
  {
    name: 'bare hashes of a block of two transactions',
    run: () => {
      for (const bytes of small) {
        sha256d(bytes.subarray(0, 84));
        sha256d(bytes.subarray(85, 130));
        sha256d(bytes.subarray(130));
        sha256d(bytes.subarray(0, 64));
      }
      return small.length;
    },
  },
  { name: 'blocks connected, work apart', run: () => connectAll(small, noWork) },
]);
report(trusted, 'blocks connected, work apart', 'bare hashes of a block of two transactions', 0.1);

const served = new Chain({ network: 'dev', powHash: noWork });
for (const bytes of small) served.addBlock(bytes, NOW);
let seed = 0;
const random = (/** @type {number} */ length) => {
  seed += 1;
  return sha256d(Uint8Array.of(seed & 255, seed >>> 8)).slice(0, length);
};

/** Lets a fresh node fetch the whole chain from another, message by message. */
function syncAll() {
  const chain = new Chain({ network: 'dev', powHash: noWork });
  const nodes = [new ChainPeers({ chain: served, random }), new ChainPeers({ chain, random })];
  /** @type {{ to: number, bytes: Uint8Array }[]} */
  let queue = [];
  let now = NOW;
  const perform = (
    /** @type {number} */ from,
    /** @type {readonly import('../dist/index.js').PeerEffect[]} */ effects,
  ) => {
    for (const effect of effects) if (effect.type === 'send') queue.push({ to: 1 - from, bytes: effect.bytes });
  };
  perform(0, nodes[0]?.connect('peer', { outgoing: false, address: 'a' }, now) ?? []);
  perform(1, nodes[1]?.connect('peer', { outgoing: true, address: 'b' }, now) ?? []);
  while (chain.tip.height < small.length) {
    const waiting = queue;
    queue = [];
    now += 100;
    for (const { to, bytes } of waiting) perform(to, nodes[to]?.receive('peer', bytes, now) ?? []);
    if (waiting.length === 0) throw new Error('the sync stands still');
  }
  return small.length;
}

const session = measure([
  { name: 'blocks connected, work apart', run: () => connectAll(small, noWork) },
  { name: 'blocks fetched from a peer, work apart', run: syncAll },
]);
report(session, 'blocks fetched from a peer, work apart', 'blocks connected, work apart', 0.25);

const REGISTRATIONS = 850;
const large = buildBlocks(3, REGISTRATIONS);
const context = /** @type {const} */ ({ network: 'dev', now: NOW / 1000, powHash: noWork });
const full = measure([
  {
    name: `blocks of ${REGISTRATIONS} registrations checked alone`,
    run: () => {
      for (const bytes of large) if (!checkBlock(decodeBlock(bytes).value, context).ok) throw new Error('valid');
      return large.length;
    },
  },
  { name: `blocks of ${REGISTRATIONS} registrations connected`, run: () => connectAll(large, noWork) },
]);
report(
  full,
  `blocks of ${REGISTRATIONS} registrations connected`,
  `blocks of ${REGISTRATIONS} registrations checked alone`,
  0.6,
);

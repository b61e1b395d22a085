// @ts-check
/**
 * The work of the chain beside the bare operation that it cannot do without, in one run.
 * Each line: name, operations a second, ratio to the operation of the line's kind, bound.
 */
import { scrypt } from '@noble/hashes/scrypt.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { encodeHeader, encodeTransaction, merkleRoot, sha256d, transactionId } from '@rookery/wire';
import {
  checkBlock,
  checkWork,
  compareHashes,
  genesisBlock,
  NETWORKS,
  registrationTransaction,
  startRegistrationSearch,
  stepRegistrationSearch,
  targetBytes,
} from '../dist/index.js';
import { measure, report } from './measure.js';

const { header } = genesisBlock('main');
const bytes = encodeHeader(header);
const work = measure([
  { name: 'bare scrypt of 84 bytes', run: () => scrypt(bytes, bytes, { N: 1024, r: 1, p: 1, dkLen: 32 }).length / 32 },
  { name: 'work of a header checked', run: () => Number(checkWork(header, 'main').ok) },
]);
report(work, 'work of a header checked', 'bare scrypt of 84 bytes', 0.95);

const publicKey = Uint8Array.from({ length: 33 }, (_, at) => (at === 0 ? 2 : 1));
publicKey.set([0x79, 0xbe, 0x66, 0x7e, 0xf9, 0xdc, 0xbb, 0xac, 0x55, 0xa0, 0x62, 0x95, 0xce, 0x87, 0x0b, 0x07], 1);
publicKey.set([0x02, 0x9b, 0xfc, 0xdb, 0x2d, 0xce, 0x28, 0xd9, 0x59, 0xf2, 0x81, 0x5b, 0x16, 0xf8, 0x17, 0x98], 17);
const subject = registrationTransaction({ name: 'alice', publicKey });
const TRIES = 2000;
let first = 0;
const tries = measure([
  {
    name: 'plain loop of the library hash',
    run: () => {
      const encoded = encodeTransaction(subject);
      const view = new DataView(encoded.buffer, encoded.byteOffset + encoded.length - 4);
      const target = targetBytes(0xffffn << 216n);
      for (let nonce = 0; nonce < TRIES; nonce += 1) {
        view.setUint32(0, first + nonce, true);
        if (compareHashes(sha256(sha256(encoded)), target) < 0) break;
      }
      first += TRIES;
      return TRIES;
    },
  },
  {
    name: 'tries for a registration',
    run: () => {
      const search = startRegistrationSearch(subject, 'main', { first });
      const { next } = stepRegistrationSearch(search, TRIES);
      first += TRIES;
      return next - search.next;
    },
  },
]);
report(tries, 'tries for a registration', 'plain loop of the library hash', 1.5);

const REGISTRATIONS = 870;
const [promotion] = genesisBlock('dev').transactions;
if (promotion === undefined) throw new Error('the first block has a promotion');
const registrations = Array.from({ length: REGISTRATIONS }, (_, at) => {
  const unsolved = registrationTransaction({ name: `user${at}`, publicKey });
  const { found } = stepRegistrationSearch(startRegistrationSearch(unsolved, 'dev'), 10_000);
  if (found === undefined) throw new Error('half of all nonces have enough work on dev');
  return found;
});
const transactions = [promotion, ...registrations];
const devHeader = genesisBlock('dev').header;
const ids = transactions.map(transactionId);
const block = { header: { ...devHeader, merkleRoot: merkleRoot(ids), nonce: 0 }, transactions };
const context = /** @type {const} */ ({ network: 'dev', now: devHeader.time, powHash: () => new Uint8Array(32) });
if (!checkBlock(block, context).ok) throw new Error('the block is valid');
const size = registrations.reduce((sum, one) => sum + encodeTransaction(one).length, 0);
console.log(`block of ${REGISTRATIONS} registrations, ${size} bytes, ${NETWORKS.dev.name}, without its scrypt`);
const encodedAll = transactions.map((one) => encodeTransaction(one));
const blocks = measure([
  {
    name: 'bare hashes of such a block',
    run: () => {
      merkleRoot(encodedAll.map((one) => sha256d(one)));
      return 1;
    },
  },
  { name: 'block of 50 kB checked', run: () => Number(checkBlock(block, context).ok) },
]);
report(blocks, 'block of 50 kB checked', 'bare hashes of such a block', 0.8);

/** Suite `chain`: what deployed daemons accepted and refused, and numbers that were published or computed apart. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fields, Json, VectorCase, VectorDocument, VectorFile } from './format.ts';

interface CapturedTransaction {
  readonly raw: string;
  readonly isSpamMessage: boolean;
  readonly userName: string;
  readonly pubKeyPushes: readonly string[];
}
interface CapturedBlock {
  readonly raw: string;
  readonly height: number;
  readonly time: number;
  readonly txs: readonly CapturedTransaction[];
}
interface ChainMain {
  readonly blocks: readonly CapturedBlock[];
  readonly storedButInvalid: readonly CapturedBlock[];
}
interface Rejects {
  readonly cases: readonly { readonly name: string; readonly raw: string }[];
}
interface Genesis {
  readonly networks: Readonly<Record<string, { readonly genesis: { readonly raw: string; readonly time: number } }>>;
}
interface Reorg {
  readonly sequences: readonly { readonly steps: readonly { readonly name: string; readonly raw: string }[] }[];
}
interface Remined {
  readonly steps: readonly { readonly block?: string }[];
}
interface NewUsers {
  readonly users: readonly { readonly name: string; readonly pubHex: string; readonly registrationTx: string }[];
  readonly block: string;
}
interface Keys {
  readonly users: Readonly<
    Record<string, { readonly registrations: readonly { height: number; pubKey: string; raw: string }[] }>
  >;
}
interface SoftVotes {
  readonly steps: readonly { readonly step: string; readonly sent?: string; readonly raw?: readonly string[] }[];
}

interface Wanted {
  readonly id: string;
  readonly op: string;
  readonly in: Fields;
  readonly flags?: readonly string[];
}

const FRAME_HEX = 48;
const HEADER_TIME_AT = 2 * 72;

const NOTES: VectorDocument['notes'] = {
  boundary: { bugClass: 'off by one', description: 'A value at the edge of what a rule allows, or just past it.' },
  'consensus-lenient': {
    bugClass: 'too strict',
    description: 'Deployed nodes accept it although it looks wrong: whoever refuses it leaves the network.',
  },
  order: { bugClass: 'rule order', description: 'Several rules fail; the first in order decides code and penalty.' },
  penalty: { bugClass: 'wrong score', description: 'The penalty is a sum, or differs between rules that look alike.' },
  'genesis-by-id': {
    bugClass: 'unreachable network',
    description: 'The first block fails its own work and is accepted by its id.',
  },
  'sign-bit': {
    bugClass: 'sign',
    description: 'The compact form has a sign bit, also where the mantissa would set it.',
  },
};

function valid(rule: string, comment: string, wanted: Wanted, out: Json = {}): VectorCase {
  return { ...start(rule, comment, wanted), result: 'valid', out };
}

function invalid(rule: string, comment: string, wanted: Wanted, code: string, penalty?: number): VectorCase {
  const reject = penalty === undefined ? { code } : { code, penalty };
  return { ...start(rule, comment, wanted), result: 'invalid', reject };
}

function start(rule: string, comment: string, { id, op, flags = [], in: input }: Wanted) {
  return { id: `chain-${id}`, rule, level: 'MUST' as const, comment, flags, op, in: input };
}

function read<T>(captured: string, name: string): T {
  return JSON.parse(readFileSync(join(captured, 'twister', name), 'utf8')) as T;
}

/** Writes the vector files of the suite. */
export function chainFiles(captured: string): VectorFile[] {
  return [
    file('names', 'captured transactions and the character rule', nameTests()),
    file('numbers', NUMBERS_SOURCE, [...bitsTests(), ...workTests(), ...difficultyTests(), ...medianTests()]),
    file('transactions', CAPTURED_SOURCE, transactionTests(captured)),
    file('promotions', CAPTURED_SOURCE, promotionTests(captured)),
    file('replacements', CAPTURED_SOURCE, replacementTests(captured)),
    file('blocks', CAPTURED_SOURCE, blockTests(captured)),
    file('votes', VOTES_SOURCE, voteTests(captured)),
  ];
}

const CAPTURED_SOURCE = 'captured from two deployed daemons; penalties as their sources state them';
const VOTES_SOURCE =
  'captured from deployed daemons whose highest hard checkpoint was patched to 1, so shown here on dev, which has none';
const NUMBERS_SOURCE =
  "examples and unit tests published for Bitcoin, whose arithmetic this is; captured headers; the rest computed apart in Python's integers";

function file(name: string, source: string, tests: VectorCase[]): VectorFile {
  const used = new Set(tests.flatMap((test) => test.flags));
  const notes = Object.fromEntries(Object.entries(NOTES).filter(([flag]) => used.has(flag)));
  return { path: `chain/${name}.json`, content: { suite: 'chain', specVersion: 1, source, notes, tests } };
}

function nameTests(): VectorCase[] {
  const hex = (text: string) => Buffer.from(text, 'utf8').toString('hex');
  const good: [string, string][] = [
    ['one-letter', 'a'],
    ['one-underscore', '_'],
    ['one-digit', '0'],
    ['sixteen', 'abcdefghijklmnop'],
    ['captured', 'newuser1'],
    ['all-kinds', 'z_9_a_0'],
  ];
  const bad: [string, string, string][] = [
    ['empty', '', 'no byte at all'],
    ['seventeen', hex('abcdefghijklmnopq'), 'seventeen bytes'],
    ['space', hex('new user'), 'a space; captured inside a transaction'],
    ['dash', hex('new-user'), 'a dash; captured inside a transaction'],
    ['upper-case', hex('Newuser'), 'a capital letter; captured inside a transaction'],
    ['utf8', hex('üser'), 'a letter outside ASCII; captured inside a transaction'],
    ['nul', '610062', 'a NUL byte'],
    ['before-digits', '2f', 'the byte before 0'],
    ['after-digits', '3a', 'the byte after 9'],
    ['before-letters', '60', 'the byte before a'],
    ['after-letters', '7b', 'the byte after z'],
    ['latin-1', 'e9', 'a letter of Latin-1: the rule knows no locale'],
  ];
  return [
    ...good.map(([id, name]) =>
      valid('CHAIN-19', `the name ${name}`, { id: `name-${id}`, op: 'username.check', in: { name: hex(name) } }),
    ),
    ...bad.map(([id, name, comment]) =>
      invalid(
        'CHAIN-19',
        comment,
        { id: `name-reject-${id}`, op: 'username.check', in: { name } },
        'bad-user-name',
        10,
      ),
    ),
  ];
}

function bitsTests(): VectorCase[] {
  const decode: [string, number, string, string][] = [
    ['bitcoin-genesis', 0x1d00ffff, `00000000ffff${'0'.repeat(52)}`, 'published: the easiest target of Bitcoin'],
    ['wiki', 0x1b0404cb, `00000000000404cb${'0'.repeat(48)}`, 'published: the worked example of the format'],
    ['genesis', 0x1f03ffff, `0003ffff${'0'.repeat(56)}`, 'captured: the target of the first block'],
    ['limit', 0x207fffff, `7fffff${'0'.repeat(58)}`, 'captured: the easiest bits'],
    ['one-byte', 0x01123456, `${'0'.repeat(62)}12`, 'published: low bytes of the mantissa fall off'],
    ['two-bytes', 0x02008000, `${'0'.repeat(62)}80`, 'published: a leading zero keeps the sign bit clear'],
    ['four-bytes', 0x05009234, `${'0'.repeat(56)}92340000`, 'published: five bytes that begin with a zero'],
    ['plain', 0x04123456, `${'0'.repeat(56)}12345600`, 'published: four bytes'],
    ['one', 0x03000001, `${'0'.repeat(63)}1`, 'the least target, in a form that no encoder writes'],
  ];
  const encode: [string, string, number][] = [
    ['zero', '', 0],
    ['one', '1', 0x01010000],
    ['sign-bit-one-byte', '80', 0x02008000],
    ['sign-bit-two-bytes', '8000', 0x03008000],
    ['three-bytes', '7fffff', 0x037fffff],
    ['sign-bit-three-bytes', '800000', 0x04008000],
    ['precision', '123456789a', 0x05123456],
    ['wiki', '404cb000000000000000000000000000000000000000000000000', 0x1b0404cb],
    ['limit', `7${'f'.repeat(63)}`, 0x207fffff],
    ['top-bit', `8${'0'.repeat(63)}`, 0x21008000],
    ['all-ones', 'f'.repeat(64), 0x2100ffff],
  ];
  const refused: [string, number, string, string][] = [
    ['negative', 0x04923456, 'negative-target', 'published: the sign bit is set'],
    ['captured-negative', 0x1f83ffff, 'negative-target', 'captured: in a block that was refused'],
    ['zero', 0, 'zero-target', 'captured: in a block that was refused'],
    ['shifted-out', 0x01003456, 'zero-target', 'published: every byte of the mantissa falls off'],
    ['negative-zero', 0x20800000, 'zero-target', 'zero has no sign'],
    ['negative-shifted-out', 0x01803456, 'zero-target', 'zero has no sign, also where it comes from shifting'],
    ['above-limit', 0x21008000, 'target-above-limit', '2^255, one above the limit'],
    ['beyond-hash', 0xff7fffff, 'target-above-limit', 'far above every hash'],
  ];
  return [
    ...decode.map(([id, bits, target, comment]) =>
      valid('CHAIN-4', comment, { id: `bits-decode-${id}`, op: 'bits.decode', in: { bits } }, { target }),
    ),
    ...refused.map(([id, bits, code, comment]) =>
      invalid(
        'CHAIN-4',
        comment,
        { id: `bits-decode-reject-${id}`, op: 'bits.decode', in: { bits }, flags: ['sign-bit'] },
        code,
      ),
    ),
    ...encode.map(([id, digits, bits]) => {
      const wanted = { id: `bits-encode-${id}`, op: 'bits.encode', in: { target: digits.padStart(64, '0') } };
      return valid('CHAIN-4', `the compact form of ${digits || '0'}`, { ...wanted, flags: ['sign-bit'] }, { bits });
    }),
  ];
}

function workTests(): VectorCase[] {
  const work: [string, number, string, string][] = [
    ['bitcoin-genesis', 0x1d00ffff, '4295032833', "published: the work of Bitcoin's first block"],
    [
      'genesis',
      0x1f03ffff,
      '16384',
      'agrees with the log2 of the work that the daemon printed for 38 blocks: 19.247928',
    ],
    ['limit', 0x207fffff, '2', 'the easiest block'],
    ['registration', 0x1e00ffff, '16777472', 'the target of registrations'],
    ['wiki', 0x1b0404cb, '70040908352512', 'computed'],
    [
      'least-target',
      0x03000001,
      '57896044618658097711785492504343953926634992332820282019728792003956564819968',
      'half of 2^256',
    ],
    ['zero', 0, '0', 'a target of zero adds nothing'],
    ['negative', 0x04923456, '0', 'a negative target adds nothing'],
    ['beyond-hash', 0xff7fffff, '0', 'a target above 2^256 adds nothing'],
  ];
  const least: [string, number, number, number, string][] = [
    ['at-once', 0x1f03ffff, 0, 0x1f03ffff, 'no time, no easing'],
    ['before', 0x1f03ffff, -5, 0x1f03ffff, 'a time before eases nothing'],
    ['one-second', 0x1f03ffff, 1, 0x1f0ffffc, 'every period that was begun counts'],
    ['one-period', 0x1f03ffff, 4838400, 0x1f0ffffc, 'exactly eight weeks'],
    ['two-periods', 0x1f03ffff, 4838401, 0x1f3ffff0, 'one second more'],
    ['three-periods', 0x1f03ffff, 9676801, 0x2000ffff, 'the compact form moves on a byte'],
    ['limit', 0x1f03ffff, 1000000000, 0x207fffff, 'never easier than the limit'],
    ['at-limit', 0x207fffff, 1, 0x207fffff, 'the limit stays the limit'],
    ['above-limit', 0x2100ffff, 0, 0x207fffff, 'bits above the limit come down to it'],
    ['hard', 0x1c05a3f4, 31536000, 0x1e0168fd, 'seven periods'],
    ['sign-bit', 0x1d7fffff, 1, 0x1e01ffff, 'the product sets the sign bit and is written one byte longer'],
  ];
  return [
    ...work.map(([id, bits, amount, comment]) =>
      valid('CHAIN-6', comment, { id: `work-${id}`, op: 'work.ofBits', in: { bits } }, { work: amount }),
    ),
    ...least.map(([id, bits, elapsed, result, comment]) =>
      valid(
        'CHAIN-10',
        comment,
        { id: `work-min-${id}`, op: 'work.min', in: { bits, elapsed }, flags: ['boundary'] },
        { bits: result },
      ),
    ),
  ];
}

function difficultyTests(): VectorCase[] {
  const retarget: [string, string, number, number, number, number, number, string][] = [
    ['bitcoin-32256', 'main', 32255, 0x1d00ffff, 1262152739, 1261130161, 0x1d00d86a, "published: Bitcoin's unit test"],
    ['quarter', 'main', 68543, 0x1c05a3f4, 1279297671, 1279008237, 0x1c0168fd, 'published: clamped to a quarter'],
    ['four-times', 'main', 46367, 0x1c387f6f, 1269211443, 1263163443, 0x1d00e1fd, 'published: clamped to four times'],
    ['first', 'main', 2015, 0x1f03ffff, 1385603255, 1384394255, 0x1f03ff7c, '2,015 intervals of 600 s are measured'],
    ['backwards', 'main', 2015, 0x1f03ffff, 1384394205, 1384394255, 0x1f00ffff, 'time that ran backwards is clamped'],
    ['limit', 'main', 4031, 0x207fffff, 2384394255, 1384394255, 0x207fffff, 'never easier than the limit'],
    ['regtest', 'regtest', 2015, 0x207fffff, 1384394355, 1384394255, 0x201fffff, 'regtest retargets like main'],
    ['testnet', 'testnet', 2015, 0x1f03ffff, 1384394355, 1384394255, 0x1f00ffff, 'testnet retargets too'],
    ['dev', 'dev', 2015, 0x207fffff, 1384394355, 1384394255, 0x207fffff, 'dev never retargets'],
  ];
  const same: [string, string, number, number, number, string][] = [
    ['main-same', 'main', 36, 0x1f03ffff, 0x1f03ffff, 'captured: no retarget within the interval'],
    ['main-before', 'main', 2014, 0x1f03fffe, 0x1f03fffe, 'one block before the retarget'],
    ['main-after', 'main', 2016, 0x1f03fffe, 0x1f03fffe, 'one block after the retarget'],
    ['regtest-same', 'regtest', 5, 0x207fffff, 0x207fffff, 'regtest within the interval'],
    ['dev-any', 'dev', 7, 0x1f03ffff, 0x207fffff, 'dev has one target only'],
  ];
  const testnet: [string, number, number, number, number | undefined, number, string][] = [
    ['late', 100, 0x1f03ffff, 1201, undefined, 0x207fffff, 'more than 1,200 seconds later: the limit'],
    ['not-late', 100, 0x1f03ffff, 1200, undefined, 0x1f03ffff, 'exactly 1,200 seconds later: as before'],
    ['after-limit', 100, 0x207fffff, 600, 0x1f03ffff, 0x1f03ffff, 'back to the last bits that were not the limit'],
    ['only-limit', 100, 0x207fffff, 600, undefined, 0x207fffff, 'every block of the interval had the limit'],
    ['interval-start', 2016, 0x207fffff, 600, undefined, 0x207fffff, 'the search ends at a multiple of 2,016'],
  ];
  const at = 1700000000;
  return [
    ...retarget.map(([id, network, prevHeight, prevBits, prevTime, firstTime, bits, comment]) => {
      const extra = network === 'testnet' ? { time: prevTime + 5000 } : {};
      const input = { network, prevHeight, prevTime, prevBits, firstTime, ...extra };
      const rule = network === 'dev' ? 'CHAIN-3' : 'CHAIN-7';
      return valid(rule, comment, { id: `retarget-${id}`, op: 'difficulty.next', in: input }, { bits });
    }),
    ...same.map(([id, network, prevHeight, prevBits, bits, comment]) => {
      const input = { network, prevHeight, prevTime: at, prevBits, firstTime: at - 60000 };
      const rule = network === 'dev' ? 'CHAIN-3' : 'CHAIN-7';
      return valid(rule, comment, { id: `bits-next-${id}`, op: 'difficulty.next', in: input }, { bits });
    }),
    ...testnet.map(([id, prevHeight, prevBits, later, lastBits, bits, comment]) => {
      const input = { network: 'testnet', prevHeight, prevTime: at, prevBits, firstTime: at, time: at + later };
      const all = lastBits === undefined ? input : { ...input, lastBits };
      return valid('CHAIN-8', comment, { id: `bits-testnet-${id}`, op: 'difficulty.next', in: all }, { bits });
    }),
  ];
}

function medianTests(): VectorCase[] {
  const cases: [string, number[], number, string][] = [
    ['one', [1384394255], 1384394255, 'the first block alone'],
    ['two', [10, 20], 20, 'of two the later'],
    ['two-reversed', [20, 10], 20, 'order does not matter'],
    ['even', [4, 1, 3, 2], 3, 'of an even number the upper middle'],
    ['eleven', [11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1], 6, 'the sixth of eleven'],
    ['numbers', [9, 10, 100], 10, 'times are compared as numbers'],
    [
      'captured',
      [
        1795241215, 1795241217, 1795241278, 1795241284, 1795241286, 1795241290, 1795242009, 1795242010, 1795242030,
        1795242031, 1795242032,
      ],
      1795241290,
      'captured: the eleven blocks before a block of time 1795241115 that was refused as too early',
    ],
  ];
  return cases.map(([id, times, time, comment]) =>
    valid('CHAIN-9', comment, { id: `median-${id}`, op: 'time.median', in: { times } }, { time }),
  );
}

/** Why the daemon refused each captured transaction, with the score that its sources give. */
const REFUSED_TRANSACTIONS: Readonly<Record<string, readonly [rule: string, code: string, penalty: number]>> = {
  tx_bad_pow: ['CHAIN-21', 'insufficient-registration-work', 50],
  tx_username_space: ['CHAIN-19', 'bad-user-name', 20],
  tx_username_dash: ['CHAIN-19', 'bad-user-name', 20],
  tx_username_utf8: ['CHAIN-19', 'bad-user-name', 20],
  tx_username_empty_push: ['CHAIN-19', 'bad-user-name', 20],
  tx_username_two_pushes: ['CHAIN-18', 'bad-user-name-script', 10],
  tx_username_pushdata1: ['CHAIN-18', 'bad-user-name-script', 10],
  tx_too_big: ['CHAIN-20', 'transaction-too-large', 100],
};

/** Captured transactions that pass by themselves, whatever a pool or a block then says. */
const PASSING_TRANSACTIONS: Readonly<Record<string, string>> = {
  tx_pubkey_garbage_10_bytes: 'the key is ten bytes of garbage: accepted',
  tx_pubkey_not_on_curve: 'the key is no point of the curve: accepted',
  tx_spam_message_loose: 'a promotion is valid by itself; only a pool refuses it loose',
  tx_duplicate_username_no_replacement: 'a taken name is no fault of the transaction by itself',
  tx_replacement_bad_signature: 'nor is a wrong signature by the old key',
};

function transactionTests(captured: string): VectorCase[] {
  const tests: VectorCase[] = [];
  const check = (id: string, bytes: string, network = 'main', flags: readonly string[] = []): Wanted => ({
    id: `tx-${id}`,
    op: 'tx.check',
    in: { network, bytes },
    flags,
  });
  const { cases } = read<Rejects>(captured, 'chain-rejects.json');
  for (const { name, raw } of cases) {
    const id = name.replace(/^tx_/, '').replaceAll('_', '-');
    const refused = REFUSED_TRANSACTIONS[name];
    if (refused !== undefined) {
      const [rule, code, penalty] = refused;
      tests.push(invalid(rule, `captured as ${name}`, check(`reject-${id}`, raw, 'main', ['penalty']), code, penalty));
    }
    const passing = PASSING_TRANSACTIONS[name];
    if (passing !== undefined) {
      tests.push(valid('CHAIN-11', passing, check(`accept-${id}`, raw, 'main', ['consensus-lenient'])));
    }
  }
  for (const [name, { registrations }] of Object.entries(read<Keys>(captured, 'keys.json').users)) {
    for (const { height, raw } of registrations)
      tests.push(valid('CHAIN-21', `captured: ${name} at height ${height}`, check(`accept-${name}-${height}`, raw)));
  }
  const easy = withTopBit(0);
  const hard = withTopBit(1);
  for (const network of ['regtest', 'dev']) {
    tests.push(
      valid('CHAIN-21', 'the easy target of this network', check(`accept-${network}-easy`, easy, network)),
      invalid(
        'CHAIN-21',
        'even the easy target is missed by half of all ids',
        check(`reject-${network}-missed`, hard, network),
        'insufficient-registration-work',
        50,
      ),
    );
  }
  tests.push(
    invalid(
      'CHAIN-21',
      'testnet asks for the work that main asks for',
      check('reject-testnet-easy', easy, 'testnet'),
      'insufficient-registration-work',
      50,
    ),
  );
  return [...tests, ...promotionFieldTests(), ...registrationFieldTests()];
}

/** A registration whose id, as a number, has this top bit. */
function withTopBit(bit: 0 | 1): string {
  const raw = transaction('', '0161', '0161');
  for (let nonce = 0; nonce < 256; nonce += 1) {
    const solved = `${raw.slice(0, -8)}${byte(nonce)}000000`;
    const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest();
    if (hash(hash(Buffer.from(solved, 'hex')))[31]! >> 7 === bit) return solved;
  }
  throw new Error('no nonce fits');
}

/** One direct push, or the shortest longer one. */
function push(hex: string): string {
  const length = hex.length / 2;
  if (length < 76) return byte(length) + hex;
  if (length < 256) return `4c${byte(length)}${hex}`;
  return `4d${byte(length % 256)}${byte(length >> 8)}${hex}`;
}

function byte(value: number): string {
  return value.toString(16).padStart(2, '0');
}

function script(hex: string): string {
  const length = hex.length / 2;
  return (length < 253 ? byte(length) : `fd${byte(length % 256)}${byte(length >> 8)}`) + hex;
}

function transaction(message: string, userName: string, pubKey: string): string {
  return `01000000${script(message)}${script(userName)}${script(pubKey)}00000000`;
}

function promotionFieldTests(): VectorCase[] {
  const nobody = push(Buffer.from('nobody').toString('hex'));
  const cases: [string, string, string, string, string, (readonly [string, number])?][] = [
    ['text-140', 'CHAIN-14', push('78'.repeat(140)), nobody, '140 letters'],
    ['text-141', 'CHAIN-14', push('78'.repeat(141)), nobody, '141 letters', ['promotion-too-long', 100]],
    ['text-140-wide', 'CHAIN-14', push('c3a9'.repeat(140)), nobody, '140 code points in 280 bytes'],
    ['text-141-wide', 'CHAIN-14', push('c3a9'.repeat(141)), nobody, '141 code points', ['promotion-too-long', 100]],
    ['text-cut', 'CHAIN-13', push('c3'), nobody, 'a code point that is cut off', ['bad-utf8', 100]],
    ['text-overlong', 'CHAIN-13', push('c080'), nobody, 'an overlong form', ['bad-utf8', 100]],
    ['text-surrogate', 'CHAIN-13', push('eda080'), nobody, 'a surrogate', ['bad-utf8', 100]],
    ['text-above', 'CHAIN-13', push('f4908080'), nobody, 'above U+10FFFF', ['bad-utf8', 100]],
    ['text-noncharacter', 'CHAIN-13', push('efbfbf'), nobody, 'U+FFFF is allowed'],
    ['text-nul', 'CHAIN-13', push('00'), nobody, 'U+0000 is allowed'],
    ['text-empty', 'CHAIN-12', '00', nobody, 'the first push is empty', ['empty-promotion', 100]],
    ['text-number', 'CHAIN-12', '51', nobody, 'a number push gives an empty item', ['empty-promotion', 100]],
    ['text-broken', 'CHAIN-12', '0178ff', nobody, 'the script has an unusable opcode', ['empty-promotion', 100]],
    ['text-truncated', 'CHAIN-12', '0578', nobody, 'the push is cut off', ['empty-promotion', 100]],
    ['text-two', 'CHAIN-12', '01780179', nobody, 'pushes after the first are ignored'],
    ['text-second', 'CHAIN-12', '000179', nobody, 'only the first push is text', ['empty-promotion', 100]],
    ['author-16', 'CHAIN-15', '0178', push('61'.repeat(16)), 'sixteen bytes'],
    ['author-17', 'CHAIN-15', '0178', push('61'.repeat(17)), 'seventeen bytes', ['bad-promotion-author', 100]],
    ['author-bytes', 'CHAIN-15', '0178', push('ff0a'), 'the characters of the author are not checked'],
    ['author-empty', 'CHAIN-15', '0178', '00', 'an empty push', ['bad-promotion-author', 100]],
    ['author-missing', 'CHAIN-15', '0178', '', 'no push at all', ['bad-promotion-author', 100]],
    ['author-broken', 'CHAIN-15', '0178', '0161ff', 'an unusable script', ['bad-promotion-author', 100]],
    ['both-bad', 'CHAIN-13', push('c3'), '', 'text and author are wrong: the text decides', ['bad-utf8', 100]],
  ];
  const tests = cases.map(([id, rule, message, userName, comment, refused]) => {
    const bytes = transaction(message, userName, '');
    const wanted = { id: `tx-promotion-${id}`, op: 'tx.check', in: { network: 'main', bytes }, flags: ['boundary'] };
    return refused === undefined ? valid(rule, comment, wanted) : invalid(rule, comment, wanted, ...refused);
  });
  const sized = (id: string, bytes: number): Wanted => {
    const rest = transaction('0178', nobody, '').length / 2;
    const pubKey = '00'.repeat(bytes - rest - 2);
    const raw = transaction('0178', nobody, pubKey);
    if (raw.length / 2 !== bytes) throw new Error(`wanted ${bytes} bytes`);
    return { id: `tx-promotion-${id}`, op: 'tx.check', in: { network: 'main', bytes: raw }, flags: ['boundary'] };
  };
  return [
    ...tests,
    valid('CHAIN-20', 'exactly 512 bytes', sized('size-512', 512)),
    invalid('CHAIN-20', '513 bytes', sized('size-513', 513), 'transaction-too-large', 100),
  ];
}

function registrationFieldTests(): VectorCase[] {
  const cases: [string, string, string, string, string, string, number][] = [
    ['no-name', 'CHAIN-16', '', '0161', 'the userName script is empty', 'missing-user-name', 10],
    ['no-key', 'CHAIN-17', '0161', '', 'the pubKey script is empty', 'missing-public-key', 10],
    ['nothing', 'CHAIN-16', '', '', 'both are empty: the name comes first', 'missing-user-name', 10],
    ['name-cut', 'CHAIN-18', '0261', '0161', 'the push is cut off', 'bad-user-name-script', 10],
    ['name-number', 'CHAIN-18', '51', '0161', 'a number push', 'bad-user-name-script', 10],
    ['name-17', 'CHAIN-19', push('61'.repeat(17)), '0161', 'seventeen letters', 'bad-user-name', 20],
    ['name-75', 'CHAIN-19', push('61'.repeat(75)), '0161', 'the longest direct push', 'bad-user-name', 20],
    ['large-name', 'CHAIN-19', '0141', '00'.repeat(600), 'a bad name in a large transaction', 'bad-user-name', 20],
  ];
  const tests = cases.map(([id, rule, userName, pubKey, comment, code, penalty]) => {
    const bytes = transaction('', userName, pubKey);
    const wanted = { id: `tx-registration-${id}`, op: 'tx.check', in: { network: 'main', bytes }, flags: ['order'] };
    return invalid(rule, comment, wanted, code, penalty);
  });
  const cut = transaction('', '0161', '0161').slice(0, -2);
  return [
    ...tests,
    invalid(
      'CHAIN-11',
      'the last byte is missing',
      { id: 'tx-truncated', op: 'tx.check', in: { network: 'main', bytes: cut } },
      'truncated',
    ),
  ];
}

/** Registrations up to height 36 as the `users` of an operation. */
function capturedUsers(captured: string): Json {
  return Object.entries(read<Keys>(captured, 'keys.json').users).map(([name, { registrations }]) => ({
    name,
    keys: registrations.map(({ height, pubKey }) => ({ height, publicKey: pubKey })),
  }));
}

function promotionTests(captured: string): VectorCase[] {
  const users = capturedUsers(captured);
  const main = read<ChainMain>(captured, 'chain-main.json');
  const check = (id: string, bytes: string, height: number, known: Json = users): Wanted => ({
    id: `promotion-${id}`,
    op: 'promotion.check',
    in: { bytes, height, users: known },
  });
  const tests: VectorCase[] = [];
  const promotionAt = (height: number) => main.blocks[height]!.txs[0]!;
  for (const height of [1, 20, 22, 29, 30, 32, 33]) {
    const { raw, userName } = promotionAt(height);
    tests.push(valid('CHAIN-40', `captured: by ${userName}`, check(`accept-${height}`, raw, height)));
  }
  const byAlice = promotionAt(20).raw;
  tests.push(
    valid('CHAIN-40', 'alice is registered at 14, so she may sign at 15', check('accept-next-block', byAlice, 15)),
    invalid(
      'CHAIN-40',
      'the state before the block counts: a registration in the same block does not',
      { ...check('reject-same-block', byAlice, 14), flags: ['boundary'] },
      'unknown-promotion-author',
      100,
    ),
    valid('CHAIN-40', 'nobody needs no user at all', check('accept-nobody-alone', promotionAt(1).raw, 1, [])),
    invalid(
      'CHAIN-40',
      'nobody is registered',
      check('reject-no-users', byAlice, 20, []),
      'unknown-promotion-author',
      100,
    ),
    invalid(
      'CHAIN-40',
      "signed by alice, registered with bob's key",
      check('reject-other-key', byAlice, 20, otherKey(captured, 'alice', 'bob')),
      'bad-promotion-signature',
      100,
    ),
    invalid(
      'CHAIN-40',
      'one letter of the signed message differs',
      check('reject-altered', alteredMessage(byAlice), 20),
      'bad-promotion-signature',
      100,
    ),
  );
  const stored: [string, number, string][] = [
    ['unknown', 0, 'unknown-promotion-author'],
    ['unsigned', 1, 'missing-promotion-signature'],
    ['unrecoverable', 2, 'bad-promotion-signature'],
  ];
  for (const [id, at, code] of stored) {
    const block = main.storedButInvalid[at]!;
    const comment = 'captured: the daemon stored the block and then refused it';
    tests.push(invalid('CHAIN-40', comment, check(`reject-${id}`, block.txs[0]!.raw, block.height), code, 100));
  }
  return tests;
}

function otherKey(captured: string, name: string, other: string): Json {
  const { users } = read<Keys>(captured, 'keys.json');
  const height = users[name]!.registrations[0]!.height;
  return [{ name, keys: [{ height, publicKey: users[other]!.registrations[0]!.pubKey }] }];
}

/** Turns the first letter of the promoted text into another. */
function alteredMessage(raw: string): string {
  const at = 2 * 6;
  return `${raw.slice(0, at)}${raw.slice(at, at + 2) === '58' ? '59' : '58'}${raw.slice(at + 2)}`;
}

function replacementTests(captured: string): VectorCase[] {
  const { users } = read<Keys>(captured, 'keys.json');
  const { cases } = read<Rejects>(captured, 'chain-rejects.json');
  const [first, second] = users.dave!.registrations;
  if (first === undefined || second === undefined) throw new Error('dave replaced his key');
  const forged = cases.find(({ name }) => name === 'tx_replacement_bad_signature')!.raw;
  const alice = users.alice!.registrations[0]!;
  const replaces = (id: string, bytes: string, current: string): Wanted => ({
    id: `replaces-${id}`,
    op: 'tx.replaces',
    in: { bytes, current },
  });
  return [
    valid('CHAIN-42', 'captured: dave replaced his key', replaces('accept-dave', second.raw, first.pubKey)),
    invalid(
      'CHAIN-42',
      'the new key does not endorse itself',
      replaces('reject-self', second.raw, second.pubKey),
      'bad-replacement-signature',
      100,
    ),
    invalid(
      'CHAIN-42',
      'the endorsement is by another key than the current one',
      replaces('reject-other', second.raw, alice.pubKey),
      'bad-replacement-signature',
      100,
    ),
    invalid(
      'CHAIN-42',
      'captured: a signature from which no key can be recovered',
      replaces('reject-forged', forged, alice.pubKey),
      'bad-replacement-signature',
      100,
    ),
    invalid(
      'CHAIN-42',
      'a plain registration endorses nothing',
      replaces('reject-plain', alice.raw, alice.pubKey),
      'missing-replacement-signature',
      100,
    ),
    invalid(
      'CHAIN-42',
      'the current key is garbage, so nothing can replace it',
      replaces('reject-garbage', second.raw, '07070707070707070707'),
      'bad-replacement-signature',
      100,
    ),
  ];
}

/** Why the daemon refused each captured block on sight, with the score that its sources give. */
const REFUSED_BLOCKS: Readonly<Record<string, readonly [rule: string, code: string, penalty?: number]>> = {
  block_time_future_3h: ['CHAIN-24', 'time-too-new'],
  block_two_coinbases: ['CHAIN-26', 'extra-promotion', 100],
  block_bad_merkle: ['CHAIN-30', 'wrong-merkle-root', 100],
  block_duplicate_tx: ['CHAIN-28', 'duplicate-transaction', 100],
  block_duplicate_username: ['CHAIN-29', 'duplicate-user-name', 100],
  block_bits_zero: ['CHAIN-23', 'zero-target', 50],
  block_bits_negative: ['CHAIN-23', 'negative-target', 50],
  block_spam_141_chars: ['CHAIN-27', 'promotion-too-long', 100],
  block_spam_invalid_utf8: ['CHAIN-27', 'bad-utf8', 100],
  block_spam_user_17: ['CHAIN-27', 'bad-promotion-author', 100],
  block_spam_user_absent: ['CHAIN-27', 'bad-promotion-author', 100],
  block_tx_bad_pow: ['CHAIN-27', 'insufficient-registration-work', 50],
  block_tx_uppercase_username: ['CHAIN-27', 'bad-user-name', 20],
};

const DEV_GENESIS =
  '02000000000000000000000000000000000000000000000000000000000000000000000000000000' +
  '207b83c4d7eef4cc2faad453d72b2aca76cc80c8a29b08acb5f5158920a48f3980857467ffff7f2000000000' +
  '01010000005b4c59526f6f6b65727920646576206e6574776f726b3a20666f722064656d6f6e7374726174696f6e7320616e642074' +
  '657374732c20776f727468206e6f7468696e672c207265737461727465642061742077696c6c2e205b656e5d07066e6f626f6479000' +
  '0000000';

/** When the captured refusals were made: after every block of them but the one from the future. */
const CAPTURE_TIME = 1795242713;

function blockTests(captured: string): VectorCase[] {
  const check = (id: string, network: string, bytes: string, now: number, flags: readonly string[] = []): Wanted => ({
    id: `block-${id}`,
    op: 'block.check',
    in: { network, bytes, now },
    flags,
  });
  const tests: VectorCase[] = [];
  const main = read<ChainMain>(captured, 'chain-main.json');
  for (const { height, raw, time } of main.blocks)
    tests.push(valid('CHAIN-27', `captured: height ${height}`, check(`accept-main-${height}`, 'main', raw, time)));
  const more: string[] = [
    ...read<Reorg>(captured, 'reorg.json').sequences.flatMap(({ steps }) => steps.map(({ raw }) => raw)),
    ...read<Remined>(captured, 'w1-remined-registration.json').steps.flatMap(({ block }) => block ?? []),
    read<NewUsers>(captured, 'new-users.json').block,
    ...main.storedButInvalid.map(({ raw }) => raw),
  ];
  const seen = new Set(main.blocks.map(({ raw }) => raw));
  for (const raw of more) {
    if (seen.has(raw)) continue;
    seen.add(raw);
    const wanted = check(`accept-more-${seen.size}`, 'main', raw, timeOf(raw));
    tests.push(valid('CHAIN-27', 'captured: valid by itself, whatever the chain then says', wanted));
  }
  for (const { name, raw } of read<Rejects>(captured, 'chain-rejects.json').cases) {
    if (!name.includes('block')) continue;
    const id = name.replace(/^(VALID_)?block_/, '').replaceAll('_', '-');
    const refused = REFUSED_BLOCKS[name];
    if (refused !== undefined) {
      const [rule, code, penalty] = refused;
      const wanted = check(`reject-${id}`, 'main', raw, CAPTURE_TIME, ['penalty']);
      tests.push(invalid(rule, `captured as ${name}`, wanted, code, penalty));
    } else if (!seen.has(raw)) {
      seen.add(raw);
      const comment = `captured as ${name}: valid by itself`;
      tests.push(valid('CHAIN-27', comment, check(`accept-${id}`, 'main', raw, CAPTURE_TIME)));
    }
  }
  return [...tests, ...genesisTests(captured), ...madeBlockTests(main.blocks[0]!)];
}

function timeOf(raw: string): number {
  return Buffer.from(raw, 'hex').readUInt32LE(HEADER_TIME_AT / 2);
}

function genesisTests(captured: string): VectorCase[] {
  const { networks } = read<Genesis>(captured, 'genesis-all.json');
  const tests: VectorCase[] = [];
  const check = (id: string, network: string, bytes: string): Wanted => ({
    id: `block-genesis-${id}`,
    op: 'block.check',
    in: { network, bytes, now: 1795242713 },
    flags: ['genesis-by-id'],
  });
  for (const [network, nonce] of [
    ['testnet', '01'],
    ['regtest', '04'],
  ] as const) {
    const { raw } = networks[network]!.genesis;
    tests.push(valid('CHAIN-2', `the first block of ${network} is accepted by its id`, check(network, network, raw)));
    const altered = `${raw.slice(0, 160)}${nonce}${raw.slice(162)}`;
    tests.push(
      invalid(
        'CHAIN-2',
        'with another nonce it is another block',
        check(`${network}-altered`, network, altered),
        'insufficient-work',
        50,
      ),
      invalid(
        'CHAIN-2',
        'its id is worth nothing on main',
        check(`${network}-on-main`, 'main', raw),
        'insufficient-work',
        50,
      ),
    );
  }
  tests.push(valid('CHAIN-3', 'the first block of dev', check('dev', 'dev', DEV_GENESIS)));
  return tests;
}

function madeBlockTests({ raw, time }: CapturedBlock): VectorCase[] {
  const header = raw.slice(0, 168);
  const check = (id: string, bytes: string, now = time): Wanted => ({
    id: `block-${id}`,
    op: 'block.check',
    in: { network: 'main', bytes, now },
    flags: ['boundary', 'order'],
  });
  const filler = transaction('0178', '0161', '00'.repeat(488));
  const sized = (bytes: number): string => {
    const count = 97;
    const rest = bytes - 84 - 1 - count * (filler.length / 2);
    const empty = transaction('0178', '0161', '').length / 2;
    const block = `${header}${byte(count + 1)}${filler.repeat(count)}${transaction('0178', '0161', '00'.repeat(rest - empty - 2))}`;
    if (block.length / 2 !== bytes) throw new Error(`wanted ${bytes} bytes, made ${block.length / 2}`);
    return block;
  };
  return [
    valid('CHAIN-24', 'exactly two hours ahead of the clock', check('time-edge', raw, time - 7200)),
    invalid('CHAIN-24', 'one second more', check('reject-time-edge', raw, time - 7201), 'time-too-new'),
    invalid('CHAIN-22', 'no transaction', check('reject-empty', `${header}00`), 'block-size', 100),
    invalid('CHAIN-22', '50,001 bytes: size is judged first', check('reject-50001', sized(50001)), 'block-size', 100),
    invalid(
      'CHAIN-26',
      '50,000 bytes are allowed: the next rule speaks',
      check('reject-50000', sized(50000)),
      'extra-promotion',
      100,
    ),
    invalid(
      'CHAIN-24',
      'ahead of the clock and with another root: time comes first',
      check('reject-order-time', `${header}01${transaction('0178', '0161', '')}`, time - 7201),
      'time-too-new',
    ),
    invalid(
      'CHAIN-25',
      'the only transaction is a registration',
      check('reject-no-promotion', `${header}01${transaction('', '0161', '0161')}`),
      'missing-promotion',
      100,
    ),
    valid('CHAIN-22', 'bytes after the block are left', check('accept-trailing', `${raw}00ff`)),
    invalid('CHAIN-22', 'the last byte is missing', check('reject-truncated', raw.slice(0, -2)), 'truncated'),
  ];
}

function voteTests(captured: string): VectorCase[] {
  const { steps } = read<SoftVotes>(captured, 'softcheckpoint-cp.json');
  const { users: registered, block } = read<NewUsers>(captured, 'new-users.json');
  const height = Buffer.from(block, 'hex').readInt32LE(4);
  const users: Json = registered
    .filter(({ registrationTx }) => block.includes(registrationTx))
    .map(({ name, pubHex }) => ({ name, keys: [{ height, publicKey: pubHex }] }));
  const sent = (step: string): string => {
    const found = steps.find((entry) => entry.step === step)?.sent;
    if (found === undefined) throw new Error(`the step ${step} was not captured`);
    return found.slice(FRAME_HEX);
  };
  const received = steps.find((entry) => entry.step.startsWith('tip 48'))?.raw ?? [];
  const decidedHash = 'b2bc256791cdfc09bb26394577318e6bcb42dc3c1d32b36a20ab4d26d000af9a';
  const check = (id: string, bytes: string, tip: number, lastSoft?: Json, network = 'dev'): Wanted => ({
    id: `vote-${id}`,
    op: 'checkpoint.vote.check',
    in: lastSoft === undefined ? { network, bytes, tip, users } : { network, bytes, tip, users, lastSoft },
  });
  const third = sent('mf3 votes: third vote decides');
  const decided = { height: 42, hash: decidedHash };
  return [
    ...received.map((raw, at) =>
      valid('CHAIN-50', 'captured: sent by a daemon', check(`accept-received-${at + 1}`, raw.slice(FRAME_HEX), 48)),
    ),
    valid('CHAIN-50', 'captured: it decided', check('accept-third', third, 48)),
    valid(
      'CHAIN-50',
      'captured: a vote above the last soft checkpoint',
      check('accept-next', sent('mf1 votes for the side block (height 54)'), 54, decided),
    ),
    invalid(
      'CHAIN-47',
      'captured: height 41',
      check('reject-off-period', sent('invalid: height not a multiple of 6'), 48),
      'vote-off-period',
    ),
    invalid(
      'CHAIN-48',
      'captured: erin is no voter',
      check('reject-stranger', sent('invalid: erin is not a voter'), 48),
      'unknown-voter',
    ),
    invalid(
      'CHAIN-49',
      "captured: signed with erin's key",
      check('reject-wrong-key', sent('invalid: mf3 signed by wrong key'), 48),
      'bad-vote-signature',
    ),
    invalid(
      'CHAIN-49',
      'captured: a voter who is not registered',
      check('reject-unregistered', sent('invalid: voter name not registered (omgasm)'), 48),
      'bad-vote-signature',
    ),
    invalid(
      'CHAIN-50',
      'captured: another hash at the decided height',
      check('reject-conflict', sent('mf3 other hash at decided height'), 48, decided),
      'conflicting-vote',
    ),
    invalid(
      'CHAIN-47',
      'captured: below the last soft checkpoint',
      check('reject-below-soft', sent('mf3 lower height'), 48, decided),
      'vote-below-soft-checkpoint',
    ),
    invalid(
      'CHAIN-47',
      'stock nodes of main drop every vote below the last hard checkpoint',
      check('reject-below-hard', third, 48, undefined, 'main'),
      'vote-below-checkpoint',
    ),
    invalid('CHAIN-46', 'the payload is cut off', check('reject-truncated', third.slice(0, -2), 48), 'truncated'),
  ];
}

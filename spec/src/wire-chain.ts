/** The part of suite `wire` about scripts, transactions, headers, blocks and Merkle trees. */
import type { Fields, VectorCase } from './format.ts';
import {
  type CapturedBlock,
  type CapturedTransaction,
  invalid,
  read,
  reversed,
  sha256d,
  utf8,
  valid,
} from './wire-cases.ts';

const HASH_A = 'aa'.repeat(32);
const HASH_B = 'bb'.repeat(32);

export function scriptTests(): VectorCase[] {
  const pushed: [string, Fields[string][], string, string][] = [
    ['empty-list', [], '', 'no items, no bytes'],
    ['empty-item', [''], '00', 'an empty item is one byte'],
    ['75', ['61'.repeat(75)], `4b${'61'.repeat(75)}`, 'the longest direct push'],
    ['76', ['61'.repeat(76)], `4c4c${'61'.repeat(76)}`, 'the shortest push with a one-byte length'],
    ['255', ['61'.repeat(255)], `4cff${'61'.repeat(255)}`, 'the longest push with a one-byte length'],
    ['256', ['61'.repeat(256)], `4d0001${'61'.repeat(256)}`, 'the shortest push with a two-byte length'],
    ['name-and-signature', [utf8('bob'), '62'.repeat(65)], `03626f6241${'62'.repeat(65)}`, 'two items'],
  ];
  const numbers: [number, string][] = [
    [-1, '4f'],
    [0, '00'],
    [1, '51'],
    [16, '60'],
    [17, '0111'],
    [-2, '0182'],
    [127, '017f'],
    [128, '028000'],
    [-128, '028080'],
    [255, '02ff00'],
    [-255, '02ff80'],
    [256, '020001'],
    [60000, '0360ea00'],
    [2147483647, '04ffffff7f'],
  ];
  const lists: [string, string, string[], string][] = [
    ['empty', '', [], 'the empty script is the empty list'],
    ['direct', '03626f62', ['626f62'], 'one direct push'],
    ['longer-1', '4c03626f62', ['626f62'], 'a longer prefix than needed is read'],
    ['longer-2', '4d0300626f62', ['626f62'], 'a longer prefix than needed is read'],
    ['longer-4', '4e03000000626f62', ['626f62'], 'a longer prefix than needed is read'],
  ];
  const unusable: [string, string, string][] = [
    ['cut-direct', '03626f', 'a direct push that is cut short'],
    ['cut-1', '4c', 'the length itself is missing'],
    ['cut-2', '4d03', 'half of the length is missing'],
    ['cut-4', '4e030000', 'a quarter of the length is missing'],
    ['huge', '4effffffff61', 'a length far beyond the script'],
    ['opcode', '61', 'an opcode that pushes nothing'],
    ['late-opcode', '03626f62ac', 'an opcode behind a good push spoils the whole list'],
  ];
  return [
    ...pushed.map(([id, items, bytes, comment]) =>
      valid('WIRE-6', comment, { id: `script-push-${id}`, op: 'script.encode', in: { items } }, { bytes }),
    ),
    ...numbers.map(([n, bytes]) =>
      valid(
        'WIRE-7',
        `the number ${n}`,
        {
          id: `script-number-${n < 0 ? 'minus-' : ''}${Math.abs(n)}`,
          op: 'script.encode',
          in: { items: [{ n }] },
          flags: ['script-number'],
        },
        { bytes },
      ),
    ),
    ...lists.map(([id, bytes, items, comment]) =>
      valid(
        'WIRE-8',
        comment,
        {
          id: `script-list-${id}`,
          op: 'script.items',
          in: { bytes },
          flags: id.startsWith('longer') ? ['long-form'] : [],
        },
        { items },
      ),
    ),
    valid(
      'WIRE-8',
      'number pushes give empty items, not numbers',
      { id: 'script-list-numbers', op: 'script.items', in: { bytes: '4f505160' }, flags: ['script-number'] },
      { items: ['', '', '', ''] },
    ),
    ...unusable.map(([id, bytes, comment]) =>
      invalid('WIRE-8', comment, { id: `script-unusable-${id}`, op: 'script.items', in: { bytes } }, 'unusable-script'),
    ),
  ];
}

function transactionFields(tx: CapturedTransaction): Fields {
  return {
    version: tx.version,
    message: tx.messageScript,
    userName: tx.userNameScript,
    pubKey: tx.pubKeyScript,
    nonce: tx.nonce,
  };
}

function headerFields(block: CapturedBlock): Fields {
  return {
    version: block.version,
    height: block.height,
    prev: reversed(block.prev),
    merkleRoot: reversed(block.merkleRoot),
    time: block.time,
    bits: Number.parseInt(block.bits, 16),
    nonce: block.nonce,
  };
}

interface Main {
  readonly blocks: readonly CapturedBlock[];
  readonly storedButInvalid: readonly CapturedBlock[];
}

/** One transaction of each kind and form that the capture has. */
function chosenTransactions(captured: string): [string, CapturedTransaction, string][] {
  const { blocks } = read<Main>(captured, 'chain-main.json');
  const all = blocks.flatMap(({ txs }) => txs);
  const find = (test: (tx: CapturedTransaction) => boolean): CapturedTransaction => {
    const found = all.find(test);
    if (found === undefined) throw new Error('the capture has no such transaction');
    return found;
  };
  return [
    ['genesis', all[0]!, 'the promotion of the genesis block'],
    ['promotion', all[1]!, 'the promotion of the first mined block'],
    ['signed-promotion', find((tx) => tx.isSpamMessage && tx.userName !== 'nobody'), 'a promotion signed by a user'],
    ['registration', find((tx) => !tx.isSpamMessage), 'a registration'],
    ['replacement', find((tx) => tx.pubKeyPushes.length === 2 && !tx.isSpamMessage), 'a replacement of a key'],
  ];
}

export function transactionTests(captured: string): VectorCase[] {
  const tests = chosenTransactions(captured).flatMap(([id, tx, comment]) => {
    const fields = transactionFields(tx);
    return [
      valid(
        'WIRE-10',
        comment,
        { id: `tx-${id}-decode`, op: 'tx.decode', in: { bytes: tx.raw } },
        {
          ...fields,
          id: reversed(tx.txid),
          kind: tx.isSpamMessage ? 'promotion' : 'registration',
          user: tx.userName,
          items: tx.pubKeyPushes,
          consumed: tx.raw.length / 2,
        },
      ),
      valid('WIRE-10', comment, { id: `tx-${id}-encode`, op: 'tx.encode', in: fields }, { bytes: tx.raw }),
    ];
  });
  const short = '01000000000403626f62020161ffffffff';
  const long = '01000000fd0000fe0400000003626f62ff02000000000000000161ffffffff';
  const fields = { version: 1, message: '', userName: '03626f62', pubKey: '0161', nonce: 4294967295 };
  const { raw } = chosenTransactions(captured)[3]![1];
  return [
    ...tests,
    valid(
      'WIRE-11',
      'lengths in longer forms than needed: the id is that of the shortest encoding',
      { id: 'tx-long-lengths', op: 'tx.decode', in: { bytes: long }, flags: ['long-form'] },
      { ...fields, id: sha256d(short), kind: 'registration', user: 'bob', items: ['61'], consumed: long.length / 2 },
    ),
    valid(
      'WIRE-37',
      'bytes behind a transaction are left',
      { id: 'tx-trailing', op: 'tx.decode', in: { bytes: `${raw}0102` }, flags: ['trailing'] },
      { id: sha256d(raw), consumed: raw.length / 2 },
    ),
    valid(
      'WIRE-12',
      'an empty message makes a registration, whatever the other scripts hold',
      { id: 'tx-kind-by-message', op: 'tx.decode', in: { bytes: '01000000000000000000ff' } },
      { kind: 'registration', user: null, items: [], nonce: 4278190080 },
    ),
    valid(
      'WIRE-12',
      'a message that pushes nothing still makes a promotion',
      { id: 'tx-kind-empty-push', op: 'tx.decode', in: { bytes: '01000000010003026e6f0000000000' } },
      { kind: 'promotion', user: 'no', items: [] },
    ),
    valid(
      'WIRE-9',
      'a name behind a longer prefix than needed is no name',
      {
        id: 'tx-name-long-prefix',
        op: 'tx.decode',
        in: { bytes: '0100000000054c03626f620000000000' },
        flags: ['long-form'],
      },
      { kind: 'registration', user: null },
    ),
    valid(
      'WIRE-5',
      'a name that is not UTF-8 is no text',
      { id: 'tx-name-not-utf8', op: 'tx.decode', in: { bytes: '01000000000302c3280000000000' } },
      { kind: 'registration', user: null, userName: '02c328' },
    ),
    valid(
      'WIRE-8',
      'a pubKey script that is no list of pushes',
      { id: 'tx-unusable-pubkey', op: 'tx.decode', in: { bytes: '01000000000403626f6201ac00000000' } },
      { user: 'bob', pubKey: 'ac', items: null },
    ),
    invalid(
      'WIRE-3',
      'the last byte is missing',
      { id: 'tx-truncated', op: 'tx.decode', in: { bytes: raw.slice(0, -2) } },
      'truncated',
    ),
    invalid(
      'WIRE-3',
      'a script longer than the rest of the input',
      { id: 'tx-long-script', op: 'tx.decode', in: { bytes: '01000000fe0000000200' }, flags: ['claimed-size'] },
      'truncated',
    ),
    invalid(
      'WIRE-2',
      'a length of 33,554,433',
      {
        id: 'tx-too-long',
        op: 'tx.decode',
        in: { bytes: `01000000fe01000002${'00'.repeat(20)}` },
        flags: ['claimed-size'],
      },
      'too-long',
    ),
    invalid(
      'WIRE-2',
      'a length of 2^32, of which the low half is small',
      {
        id: 'tx-length-high-half',
        op: 'tx.decode',
        in: { bytes: `01000000ff0000000001000000${'00'.repeat(20)}` },
        flags: ['claimed-size'],
      },
      'too-long',
    ),
  ];
}

interface Genesis {
  readonly networks: Readonly<Record<string, { readonly genesis: CapturedBlock }>>;
}

export function blockTests(captured: string): VectorCase[] {
  const { blocks, storedButInvalid } = read<Main>(captured, 'chain-main.json');
  const { networks } = read<Genesis>(captured, 'genesis-all.json');
  const chosen: [string, CapturedBlock][] = [
    ...Object.entries(networks).map(([name, { genesis }]): [string, CapturedBlock] => [`genesis-${name}`, genesis]),
    ...blocks.slice(1).map((block): [string, CapturedBlock] => [`height-${block.height}`, block]),
    ['refused', storedButInvalid[0]!],
  ];
  const tests = chosen.flatMap(([id, block]) => {
    const fields = headerFields(block);
    const header = { ...fields, id: reversed(block.hash), powHash: reversed(block.powHash) };
    const size = block.raw.length / 2;
    return [
      valid(
        'WIRE-14',
        `the block ${id}`,
        { id: `block-${id}`, op: 'block.decode', in: { bytes: block.raw } },
        { header, txIds: block.txs.map(({ txid }) => reversed(txid)), size, consumed: size },
      ),
      ...(block.height % 9 === 0
        ? [
            valid(
              'WIRE-13',
              `the header ${id}`,
              { id: `header-${id}-decode`, op: 'header.decode', in: { bytes: block.header } },
              header,
            ),
            valid(
              'WIRE-13',
              `the header ${id}`,
              { id: `header-${id}-encode`, op: 'header.encode', in: fields },
              { bytes: block.header },
            ),
          ]
        : []),
    ];
  });
  const { header, raw } = blocks[1]!;
  return [
    ...tests,
    valid(
      'WIRE-13',
      'signed fields below zero, unsigned ones at their greatest',
      {
        id: 'header-extremes',
        op: 'header.encode',
        in: {
          version: -1,
          height: -2147483648,
          prev: HASH_A,
          merkleRoot: HASH_B,
          time: 4294967295,
          bits: 4294967295,
          nonce: 4294967295,
        },
      },
      { bytes: `ffffffff00000080${HASH_A}${HASH_B}${'f'.repeat(24)}` },
    ),
    invalid(
      'WIRE-13',
      'the 80 bytes of a Bitcoin header',
      { id: 'header-80-bytes', op: 'header.decode', in: { bytes: header.slice(0, 160) } },
      'wrong-length',
    ),
    invalid(
      'WIRE-13',
      'a header and one byte more',
      { id: 'header-85-bytes', op: 'header.decode', in: { bytes: `${header}00` } },
      'wrong-length',
    ),
    valid(
      'WIRE-37',
      'bytes behind a block are left',
      { id: 'block-trailing', op: 'block.decode', in: { bytes: `${raw}00ff` }, flags: ['trailing'] },
      { size: raw.length / 2, consumed: raw.length / 2 },
    ),
    valid(
      'WIRE-10',
      'a number of transactions in a longer form than needed: the size is that of the shortest encoding',
      {
        id: 'block-long-count',
        op: 'block.decode',
        in: { bytes: `${header}fd0100${raw.slice(header.length + 2)}` },
        flags: ['long-form'],
      },
      { size: raw.length / 2, consumed: raw.length / 2 + 2 },
    ),
    valid(
      'WIRE-14',
      'a block without transactions can be read, though never accepted',
      { id: 'block-no-transactions', op: 'block.decode', in: { bytes: `${header}00` } },
      { txIds: [], size: 85, consumed: 85 },
    ),
    invalid(
      'WIRE-14',
      'the last byte is missing',
      { id: 'block-truncated', op: 'block.decode', in: { bytes: raw.slice(0, -2) } },
      'truncated',
    ),
    invalid(
      'WIRE-3',
      'a block that claims 33,554,432 transactions and has none',
      { id: 'block-claimed-count', op: 'block.decode', in: { bytes: `${header}fe00000002` }, flags: ['claimed-size'] },
      'truncated',
    ),
    invalid(
      'WIRE-2',
      'a block that claims more transactions than any size may be',
      { id: 'block-count-too-long', op: 'block.decode', in: { bytes: `${header}feffffffff` }, flags: ['claimed-size'] },
      'too-long',
    ),
  ];
}

/** Every level of the Merkle tree over ids in wire order, computed apart. */
function levels(ids: readonly string[]): string[][] {
  const all = [[...ids]];
  for (let level = all[0]!; level.length > 1; ) {
    const above: string[] = [];
    for (let at = 0; at < level.length; at += 2) above.push(sha256d(level[at]! + (level[at + 1] ?? level[at]!)));
    all.push(above);
    level = above;
  }
  return all;
}

interface Filters {
  readonly sections: readonly {
    readonly blockTxids?: readonly string[];
    readonly merkleblocks?: readonly {
      readonly header: string;
      readonly totalTx: number;
      readonly hashes: readonly string[];
      readonly flagBits: string;
    }[];
    readonly log: readonly { readonly command?: string; readonly raw: string }[];
  }[];
}

/** Published with Bitcoin block 100000, as its tools print it. */
const BITCOIN_100000 = {
  txIds: [
    '8c14f0db3df150123e6f3dbbf30f8b955a8249b62ac1d1ff16284aefa3d06d87',
    'fff2525b8931402dd09222c50775608f75787bd2b87e56995a7bdd30f79702c4',
    '6359f0868171b1d194cbee1af2f16ea598ae8fad666d9b012c8ed2b79a236ec4',
    'e9a66845e05d5abc0ad04ec80f774a7e585c6e8db975962d069a522137b80c1d',
  ].map(reversed),
  root: reversed('f3e94742aca4b5ef85488dc37c06c3282295ffec960994b2c0d5ac2a25a95766'),
};

export function merkleTests(captured: string): VectorCase[] {
  const { blocks } = read<Main>(captured, 'chain-main.json');
  const sections = read<Filters>(captured, 'chain-net-filters.json').sections;
  const six = sections.find(({ blockTxids }) => blockTxids !== undefined)!.blockTxids!.map(reversed);
  const root = levels(six).at(-1)![0]!;
  const branchOf = (ids: readonly string[], index: number) =>
    levels(ids)
      .slice(0, -1)
      .map((level, height) => level[(index >> height) ^ 1] ?? level[index >> height]!);
  const branch = branchOf(six, 3);
  const verify = (id: string, comment: string, fields: Fields, holds: boolean, flags: string[] = []): VectorCase => {
    const wanted = { id: `merkle-${id}`, op: 'merkle.verify', in: fields, flags };
    return holds ? valid('WIRE-15', comment, wanted, {}) : invalid('WIRE-15', comment, wanted, 'bad-merkle-proof');
  };
  const proof = { txId: six[3]!, branch, index: 3, root };
  return [
    ...blocks
      .filter((block, index) => index === 0 || block.txs.length > 1)
      .map((block) =>
        valid(
          'WIRE-15',
          `the captured block of height ${block.height}, ${block.txs.length} transactions`,
          {
            id: `merkle-root-height-${block.height}`,
            op: 'merkle.root',
            in: { txIds: block.txs.map(({ txid }) => reversed(txid)) },
          },
          { root: reversed(block.merkleRoot) },
        ),
      ),
    valid(
      'WIRE-15',
      'Bitcoin block 100000',
      { id: 'merkle-root-bitcoin-100000', op: 'merkle.root', in: { txIds: BITCOIN_100000.txIds } },
      { root: BITCOIN_100000.root },
    ),
    valid(
      'WIRE-15',
      'six ids of a captured block: an odd level of three above them',
      { id: 'merkle-root-six', op: 'merkle.root', in: { txIds: six }, flags: ['odd-level'] },
      { root },
    ),
    valid(
      'WIRE-15',
      'a repeated tail has the same root as the list without it',
      {
        id: 'merkle-root-repeated-tail',
        op: 'merkle.root',
        in: { txIds: [...six.slice(0, 3), six[2]!] },
        flags: ['odd-level'],
      },
      { root: levels(six.slice(0, 3)).at(-1)![0]! },
    ),
    ...[0, 3, 5].map((index) =>
      valid(
        'WIRE-15',
        `the branch of id ${index} of six`,
        { id: `merkle-branch-${index}-of-6`, op: 'merkle.branch', in: { txIds: six, index }, flags: ['odd-level'] },
        { branch: branchOf(six, index) },
      ),
    ),
    valid(
      'WIRE-15',
      'the branch of the only id is empty',
      { id: 'merkle-branch-of-1', op: 'merkle.branch', in: { txIds: six.slice(0, 1), index: 0 } },
      { branch: [] },
    ),
    verify('verify', 'the branch of id 3 leads to the root', proof, true),
    verify('verify-only-id', 'an only id is its own root', { txId: root, branch: [], index: 0, root }, true),
    verify('verify-high-bits', 'bits of the index beyond the branch are ignored', { ...proof, index: 11 }, true),
    verify('verify-other-index', 'the same branch at another index', { ...proof, index: 2 }, false),
    verify('verify-negative-index', 'an index of −1 never holds', { ...proof, index: -1 }, false),
    verify('verify-other-id', 'another id of the block', { ...proof, txId: six[2]! }, false),
    verify(
      'verify-short-branch',
      'a branch without its last sibling',
      { ...proof, branch: branch.slice(0, -1) },
      false,
    ),
    verify('verify-reversed', 'the id byte-reversed, as tools print it', { ...proof, txId: reversed(six[3]!) }, false, [
      'byte-order',
    ]),
  ];
}

export function partialMerkleTests(captured: string): VectorCase[] {
  const { sections } = read<Filters>(captured, 'chain-net-filters.json');
  const seen = new Set<string>();
  const tests: VectorCase[] = [];
  let six: { totalTx: number; hashes: string[]; flags: string } | undefined;
  for (const { merkleblocks, log, blockTxids } of sections) {
    const block = merkleblocks?.[0];
    if (block === undefined || blockTxids === undefined) continue;
    const flags = block.flagBits;
    const input = { totalTx: block.totalTx, hashes: block.hashes.map(reversed), flags };
    const matched = log.filter(({ command }) => command === 'tx').map(({ raw }) => sha256d(raw.slice(48)));
    if (seen.has(JSON.stringify(input))) continue;
    seen.add(JSON.stringify(input));
    six ??= input;
    const ids = blockTxids.map(reversed);
    tests.push(
      valid(
        'WIRE-16',
        `captured: ${matched.length} of ${block.totalTx} transactions, which the daemon sent behind it`,
        { id: `partial-captured-${seen.size}`, op: 'partialMerkle.extract', in: input },
        {
          root: block.header.slice(2 * 40, 2 * 72),
          matches: matched.map((txId) => ({ index: ids.indexOf(txId), txId })),
        },
      ),
    );
  }
  const tree = six!;
  const bad: [string, string, Fields][] = [
    ['no-transactions', 'no transactions', { ...tree, totalTx: 0 }],
    ['834', '834 transactions, one more than is read', { totalTx: 834, hashes: [HASH_A], flags: '00' }],
    ['huge', '4,294,967,295 transactions', { ...tree, totalTx: 4294967295 }],
    ['missing-hash', 'the hashes run out', { ...tree, hashes: tree.hashes.slice(1) }],
    ['extra-hash', 'a hash is left over', { ...tree, hashes: [...tree.hashes, HASH_A] }],
    ['more-hashes-than-ids', 'two hashes for one transaction', { totalTx: 1, hashes: [HASH_A, HASH_B], flags: '01' }],
    ['no-bits', 'hashes but no bits', { ...tree, flags: '' }],
    ['missing-bits', 'the bits run out', { totalTx: 16, hashes: [HASH_A], flags: 'ff' }],
    ['extra-byte', 'a whole byte of bits is left over', { ...tree, flags: `${tree.flags}00` }],
  ];
  return [
    ...tests,
    valid(
      'WIRE-16',
      '833 transactions without a match: one hash, one bit',
      { id: 'partial-833', op: 'partialMerkle.extract', in: { totalTx: 833, hashes: [HASH_A], flags: '00' } },
      { root: HASH_A, matches: [] },
    ),
    valid(
      'WIRE-16',
      'bits that pad the last byte may be set',
      {
        id: 'partial-padding',
        op: 'partialMerkle.extract',
        in: { totalTx: 1, hashes: [HASH_A], flags: 'ff' },
        flags: ['lenient'],
      },
      { root: HASH_A, matches: [{ index: 0, txId: HASH_A }] },
    ),
    valid(
      'WIRE-16',
      'the right child of the last node of an odd level is missing and equal to the left',
      {
        id: 'partial-odd',
        op: 'partialMerkle.extract',
        in: { totalTx: 3, hashes: [HASH_A, HASH_B], flags: '0d' },
        flags: ['odd-level'],
      },
      { root: sha256d(HASH_A + sha256d(HASH_B + HASH_B)), matches: [{ index: 2, txId: HASH_B }] },
    ),
    ...bad.map(([id, comment, input]) =>
      invalid('WIRE-16', comment, { id: `partial-${id}`, op: 'partialMerkle.extract', in: input }, 'bad-merkle-proof'),
    ),
  ];
}

/**
 * Transcripts of the engine `chain`: the captured chain, what a deployed daemon refused on top of it and why, and the captured competition
 * of two branches, where the text of CHAIN-44 stands above the daemon.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fields, Json, TranscriptCase, VectorFile } from './format.ts';

interface Block {
  readonly raw: string;
  readonly hash: string;
  readonly height: number;
  readonly txs: readonly { readonly raw: string; readonly txid: string }[];
}
interface Captured {
  readonly main: { readonly blocks: readonly Block[]; readonly storedButInvalid: readonly Block[] };
  readonly rejects: { readonly cases: readonly { readonly name: string; readonly raw: string }[] };
  readonly reorg: { readonly sequences: readonly { readonly steps: readonly (Block & { name: string })[] }[] };
  readonly keys: {
    readonly users: Readonly<Record<string, { registrations: readonly { height: number; pubKey: string }[] }>>;
  };
}
type Step = TranscriptCase['steps'][number];

const SOURCE =
  'captured from a deployed daemon; where it differs from the text of CHAIN-44, which wants every branch judged by itself, the text is right';
/** After every captured block, so that none lies in the future. */
const NOW = 1_795_250_000_000;
/** On top of the block of this height the daemon was given what it refused. */
const REFUSED_AT = 28;
const FORK = 32;

/** Writes `chain/engine.json` from the folder of captured files. */
export function chainEngineFiles(captured: string): VectorFile[] {
  const read = <T>(name: string): T => JSON.parse(readFileSync(join(captured, 'twister', name), 'utf8')) as T;
  const given: Captured = {
    main: read('chain-main.json'),
    rejects: read('chain-rejects.json'),
    reorg: read('reorg.json'),
    keys: read('keys.json'),
  };
  const transcripts = [...growth(given), ...refusals(given), ...branches(given), ...pool(given), ...questions(given)];
  const content = { suite: 'chain', specVersion: 1 as const, source: SOURCE, notes: {}, tests: [], transcripts };
  return [{ path: 'chain/engine.json', content }];
}

function transcript(id: string, rule: string, comment: string, steps: readonly Step[], level = 'MUST'): TranscriptCase {
  const config = { network: 'main', checkpoints: false };
  return { id: `chain-engine-${id}`, rule, level: level as 'MUST', comment, engine: 'chain', config, steps };
}

function step(input: Fields, effects: Json): Step {
  return { now: NOW, in: input, effects };
}

function block(bytes: string, effects: Json): Step {
  return step({ type: 'block', bytes }, effects);
}

/** The wire order of a hash that the daemon printed. */
function wire(printed: string): string {
  return Buffer.from(printed, 'hex').reverse().toString('hex');
}

function at(type: string, { hash, height }: Pick<Block, 'hash' | 'height'>): Fields {
  return { type, id: wire(hash), height };
}

function joined(one: Block): Fields[] {
  return [at('accepted', one), at('connected', one), at('tip', one)];
}

/** The captured chain up to a height; only its tips are looked at. */
function grown({ main }: Captured, height: number): Step[] {
  return main.blocks.slice(1, height + 1).map((one) => block(one.raw, { has: [at('tip', one)] }));
}

function growth(given: Captured): TranscriptCase[] {
  const { blocks } = given.main;
  const last = blocks.at(-1)!;
  // Height of each block that comes too early, and of the one that is missing: the parent of the lowest that waits below it.
  const early: readonly (readonly [height: number, missing: number])[] = [
    [3, 2],
    [2, 1],
    [5, 4],
    [4, 1],
  ];
  const waiting = early.map(([height, missing]) => {
    const one = blocks[height]!;
    return block(one.raw, [{ type: 'orphan', id: wire(one.hash), missing: wire(blocks[missing]!.hash) }]);
  });
  const first = blocks[1]!;
  const connected = blocks.slice(1, 6);
  const has = [...connected.map((one) => at('connected', one)), at('tip', connected.at(-1)!)];
  return [
    transcript('main', 'CHAIN-61', 'captured: every block joins', [
      ...blocks.slice(1).map((one) => block(one.raw, joined(one))),
      step({ type: 'tip' }, [at('tip', last)]),
    ]),
    transcript('orphans', 'CHAIN-63', 'captured blocks in any order: each waits for the lowest that is missing', [
      ...waiting,
      block(first.raw, { has }),
    ]),
    transcript('trailing', 'CHAIN-61', 'bytes after a block are ignored', [block(`${first.raw}00ff`, joined(first))]),
    transcript('unreadable', 'CHAIN-61', 'what is no block has no id', [
      block('00', [{ type: 'rejected', id: null, code: 'truncated' }]),
    ]),
  ];
}

function refusals(given: Captured): TranscriptCase[] {
  const find = (name: string): string => {
    const found = given.rejects.cases.find((one) => one.name === name);
    if (found === undefined) throw new Error(`the refusal ${name} was not captured`);
    return found.raw;
  };
  const base = grown(given, REFUSED_AT);
  const refused = (id: string, rule: string, name: string, code: string, penalty: number): TranscriptCase =>
    transcript(id, rule, `captured as ${name}`, [
      ...base,
      block(find(name), [{ type: 'rejected', id: '*', code, penalty }]),
      step({ type: 'tip' }, [{ type: 'tip', height: REFUSED_AT }]),
    ]);
  const next = given.main.blocks[REFUSED_AT + 1]!;
  const known = [{ type: 'rejected', id: wire(next.hash), code: 'duplicate', penalty: 0 }];
  const accepted = find('VALID_block_with_tx_accepted');
  if (accepted !== next.raw) throw new Error('the accepted block is not the next of the chain');
  return [
    transcript('known', 'CHAIN-31', 'captured: the same block again, also with bytes after it', [
      ...base,
      block(accepted, joined(next)),
      block(find('block_duplicate_known'), known),
      block(find('block_trailing_bytes'), known),
    ]),
    refused('early', 'CHAIN-36', 'block_time_too_early', 'time-too-old', 0),
    refused('version', 'CHAIN-38', 'block_version_1', 'old-version', 0),
    refused('bits', 'CHAIN-35', 'block_lower_target_bits', 'wrong-bits', 100),
    refused('unsigned', 'CHAIN-40', 'block_spam_user_no_signature', 'missing-promotion-signature', 100),
    refused('unrecoverable', 'CHAIN-40', 'block_spam_user_bad_signature', 'bad-promotion-signature', 100),
  ];
}

function branches(given: Captured): TranscriptCase[] {
  const of = (start: string): Block => {
    const found = given.reorg.sequences.flatMap(({ steps }) => steps).find(({ name }) => name.startsWith(start));
    if (found === undefined) throw new Error(`the step ${start} was not captured`);
    return found;
  };
  const [a1, b1, b2, c3, o4] = [of('A1'), of('B1'), of('B2'), of('C3'), of('O4')];
  const base = grown(given, FORK);
  const [alice, bob] = ['alice', 'bob'].map((name) => given.keys.users[name]!.registrations[0]!.pubKey);
  const user = (name: string, publicKey: string): Step =>
    step({ type: 'user', name }, [{ type: 'user', name, publicKey, registeredAt: FORK + 1, first: FORK + 1 }]);
  const unknown = (name: string): Step => step({ type: 'user', name }, [{ type: 'unknown', name }]);
  const better = [at('accepted', b2), at('disconnected', a1), at('connected', b1), at('connected', b2), at('tip', b2)];
  return [
    transcript('first-seen', 'CHAIN-6', 'captured: a branch of equal work waits beside the active chain', [
      ...base,
      block(a1.raw, joined(a1)),
      block(b1.raw, [at('accepted', b1)]),
      step({ type: 'tip' }, [at('tip', a1)]),
    ]),
    transcript(
      'reorganised',
      'CHAIN-44',
      'both branches register one name with different keys; the better one counts',
      [
        ...base,
        block(a1.raw, joined(a1)),
        user('reorguser', alice!),
        user('reorgtwo', alice!),
        block(b1.raw, [at('accepted', b1)]),
        block(b2.raw, better),
        user('reorguser', bob!),
        unknown('reorgtwo'),
      ],
    ),
    transcript('other-order', 'CHAIN-44', 'the same blocks in another order end in the same chain', [
      ...base,
      block(b1.raw, joined(b1)),
      block(a1.raw, [at('accepted', a1)]),
      block(b2.raw, [at('accepted', b2), at('connected', b2), at('tip', b2)]),
      user('reorguser', bob!),
      unknown('reorgtwo'),
    ]),
    transcript('parent-later', 'CHAIN-34', 'captured: a block comes before its parent, and both join with it', [
      ...base,
      block(b1.raw, joined(b1)),
      block(b2.raw, joined(b2)),
      block(o4.raw, [{ type: 'orphan', id: wire(o4.hash), missing: wire(c3.hash) }]),
      block(c3.raw, { has: [at('accepted', c3), at('accepted', o4), at('connected', o4), at('tip', o4)] }),
    ]),
  ];
}

function pool(given: Captured): TranscriptCase[] {
  const find = (name: string): string => given.rejects.cases.find((one) => one.name === name)!.raw;
  const tx = (name: string, effects: Json): Step => step({ type: 'tx', bytes: find(name) }, effects);
  const refused = (code: string): Json => [{ type: 'rejected', id: '*', code }];
  const base = grown(given, REFUSED_AT);
  const alice = given.main.blocks[14]!.txs.find(({ raw }) => raw.includes('05616c696365'))!;
  return [
    transcript(
      'pool',
      'CHAIN-45',
      'captured: what the pool took and what it did not',
      [
        ...base,
        tx('tx_pubkey_garbage_10_bytes', [{ type: 'pooled', id: { let: 'first' } }]),
        tx('tx_pubkey_not_on_curve', [{ type: 'pooled', id: { let: 'second' } }]),
        tx('tx_pubkey_garbage_10_bytes', refused('duplicate')),
        tx('tx_bad_pow', refused('insufficient-registration-work')),
        tx('tx_username_dash', refused('bad-user-name')),
        tx('tx_spam_message_loose', refused('loose-promotion')),
        step({ type: 'tx', bytes: alice.raw }, refused('name-taken')),
        step({ type: 'pool' }, [{ type: 'pool', ids: { has: [{ use: 'first' }, { use: 'second' }] } }]),
      ],
      'SHOULD',
    ),
  ];
}

function questions(given: Captured): TranscriptCase[] {
  const { blocks } = given.main;
  const tip = blocks.length - 1;
  const base = grown(given, tip);
  const [older, newer] = given.keys.users.dave!.registrations;
  if (older === undefined || newer === undefined) throw new Error('dave replaced his key');
  const history = [older, newer].map(({ height, pubKey }) => ({ height, publicKey: pubKey }));
  const ask = (fields: Fields, effect: Fields): Step => step({ type: 'user', name: 'dave', ...fields }, [effect]);
  return [
    transcript('users', 'CHAIN-43', 'captured: dave registered and replaced his key', [
      ...base,
      ask({}, { type: 'user', publicKey: newer.pubKey, registeredAt: newer.height, first: older.height, history }),
      ask({ maxHeight: newer.height - 1 }, { type: 'user', publicKey: older.pubKey }),
      ask({ maxHeight: older.height - 1 }, { type: 'unknown', name: 'dave' }),
      step({ type: 'user', name: 'nobody_at_all' }, [{ type: 'unknown', name: 'nobody_at_all' }]),
    ]),
    transcript(
      'locator',
      'CHAIN-66',
      'the heights of the text: twelve in a row, then gaps that double, then the first block',
      [...base, step({ type: 'locator' }, [{ type: 'locator', hashes: locator(blocks, tip) }])],
      'SHOULD',
    ),
    transcript(
      'locator-new',
      'CHAIN-66',
      'a chain of one block names it twice: as its tip and as its end',
      [step({ type: 'locator' }, [{ type: 'locator', hashes: locator(blocks, 0) }])],
      'SHOULD',
    ),
  ];
}

/** CHAIN-66, word for word. */
function locator(blocks: readonly Block[], tip: number): string[] {
  const named: number[] = [];
  let move = 1;
  for (let height = tip; height >= 0; ) {
    named.push(height);
    height -= move;
    if (named.length >= 11) move *= 2;
  }
  return [...named, 0].map((height) => wire(blocks[height]!.hash));
}

import { bytesToHex } from '@noble/hashes/utils.js';
import {
  checkBlock,
  checkConnection,
  checkHeaderContext,
  checkPoolTransaction,
  checkWork,
  readRegistration,
} from '@rookery/chain';
import { type Block, decodeBlock, decodeTransaction, headerId, merkleRoot, transactionId } from '@rookery/wire';
import { bytesAt, type Json, numberAt, objectsIn, textAt } from '../capture.ts';
import { type CapturedChain, mainGenesis, showText } from '../chain.ts';
import { judge, type Outcome } from '../finding.ts';
import { note, type World } from '../world.ts';

const ACCEPTED: Outcome = { ok: true };
const UNKNOWN_PARENT: Outcome = { ok: false, code: 'unknown-parent' };

/** Reads the chain that was captured, from genesis on, and judges every block by every rule. */
export function checkChain(world: World): void {
  const { chain } = world;
  for (const raw of capturedBlocks(world)) {
    const block = judgeable(raw);
    if (block === undefined || !follows(block, chain)) continue;
    judgeAlone(world, block);
    const outcome = connect(world, block, chain);
    note(world, 'blocks in the chain', `block ${block.header.height}`, 'accepted', outcome);
    if (!outcome.ok) continue;
    judgeNames(world, block);
    chain.add(block);
  }
}

/** Judges what daemons were offered and refused, each on the chain as it was then. */
export function checkRefusals(world: World): void {
  for (const file of world.capture.values()) {
    for (const stored of objectsIn(file.storedButInvalid)) {
      const raw = bytesAt(stored, 'raw');
      if (raw) judgeStored(world, raw);
    }
    const height = numberAt(file, 'tipHeight');
    if (height === undefined) continue;
    const before = world.chain.upTo(height);
    for (const offered of objectsIn(file.cases)) judgeCase(world, offered, before);
  }
}

/** The main chain first, then single blocks of later captures, by height. */
function capturedBlocks({ capture }: World): Uint8Array[] {
  const found: Uint8Array[] = [];
  for (const file of capture.values()) {
    const sequences = objectsIn(file.sequences).flatMap((sequence) => objectsIn(sequence.steps));
    const entries = [
      ...objectsIn(file.blocks),
      ...objectsIn(file.storedButInvalid),
      ...objectsIn(file.steps),
      ...sequences,
    ];
    for (const entry of [...entries, file]) {
      for (const name of ['raw', 'block'] as const) {
        const raw = bytesAt(entry, name);
        if (raw) found.push(raw);
      }
    }
  }
  const heights = new Map(found.map((raw) => [raw, judgeable(raw)?.header.height ?? Number.POSITIVE_INFINITY]));
  return found.sort((left, right) => (heights.get(left) ?? 0) - (heights.get(right) ?? 0));
}

function judgeable(raw: Uint8Array): Block | undefined {
  try {
    const { value, consumed } = decodeBlock(raw);
    return consumed === raw.length && value.transactions.length > 0 ? value : undefined;
  } catch {
    return undefined;
  }
}

function follows(block: Block, chain: CapturedChain): boolean {
  const parent = chain.tipId ?? headerId(mainGenesis().header);
  if (chain.tipId === undefined) return bytesToHex(headerId(block.header)) === bytesToHex(parent);
  return bytesToHex(block.header.prev) === bytesToHex(parent);
}

function judgeAlone(world: World, block: Block): void {
  const subject = `block ${block.header.height}`;
  note(world, 'header work', subject, 'accepted', checkWork(block.header, 'main'));
  const root = merkleRoot(block.transactions.map(transactionId));
  const same = bytesToHex(root) === bytesToHex(block.header.merkleRoot);
  note(world, 'Merkle roots', subject, 'accepted', same ? ACCEPTED : { ok: false, code: 'wrong-merkle-root' });
}

function connect({ backend }: World, block: Block, chain: CapturedChain): Outcome {
  const { header } = block;
  const alone = checkBlock(block, { network: 'main', now: header.time });
  if (!alone.ok) return alone;
  const context = checkHeaderContext(header, chain.parent(), { network: 'main', checkpoints: false });
  if (!context.ok) return context;
  const { ids } = alone;
  return checkConnection(block, { ids, height: header.height, users: chain.users(), current: chain.current, backend });
}

function judgeNames(world: World, block: Block): void {
  const { height } = block.header;
  const [promotion, ...registrations] = block.transactions;
  if (promotion && height > 0) note(world, 'promotions', `block ${height}`, 'accepted', ACCEPTED);
  for (const transaction of registrations) {
    const { name = '' } = readRegistration(transaction);
    const replaced = world.chain.current(name) !== undefined;
    note(world, replaced ? 'key replacements' : 'registrations', `${name} at height ${height}`, 'accepted', ACCEPTED);
  }
}

function judgeCase(world: World, offered: Json, before: CapturedChain): void {
  const raw = bytesAt(offered, 'raw');
  const name = textAt(offered, 'name') ?? 'unnamed';
  if (raw === undefined || /duplicate_known|trailing_bytes/.test(name)) return;
  if (textAt(offered, 'kind') === 'block') {
    const taken = offered.rpcResult === null;
    judgeOffered(world, raw, name, taken ? 'accepted' : 'refused', { before, now: clockOf(offered, before) });
  } else if (textAt(offered, 'kind') === 'tx') {
    const outcome = judge(() => {
      const transaction = decodeTransaction(raw).value;
      const current = before.current(readRegistration(transaction).name ?? '');
      return checkPoolTransaction(transaction, { network: 'main', current, backend: world.backend });
    });
    const taken = typeof offered.rpcResult === 'string';
    note(world, 'transactions offered', name, taken ? 'accepted' : 'refused', outcome);
  }
}

/** The time at which a block was offered is not captured; a block from the future must be judged by an earlier clock. */
function clockOf(offered: Json, before: CapturedChain): number | undefined {
  const errors = Array.isArray(offered.errors) ? offered.errors.map(String) : [];
  return errors.some((line) => line.includes('too far in the future')) ? before.parent()?.times.at(-1) : undefined;
}

interface Setting {
  readonly before: CapturedChain;
  readonly now?: number | undefined;
}

function judgeOffered(
  world: World,
  raw: Uint8Array,
  subject: string,
  expected: 'accepted' | 'refused',
  { before, now }: Setting,
): void {
  const outcome = judge(() => {
    const block = decodeBlock(raw).value;
    const alone = checkBlock(block, { network: 'main', now: now ?? block.header.time });
    return alone.ok ? connect(world, block, before) : alone;
  });
  note(world, 'refused blocks', showText(new TextEncoder().encode(subject)), expected, outcome);
}

/**
 * Judges a block that a daemon stored and did not keep. One that was forged on the tip of the refusals must break a rule. Any
 * other lost to a competitor, or to W4 (daemons ask which names are taken on the branch they are leaving): it must be
 * valid on its own branch, as CHAIN-44 wants it.
 */
function judgeStored(world: World, raw: Uint8Array): void {
  const block = judgeable(raw);
  if (block === undefined) return;
  const { height, prev } = block.header;
  const branch = branchBelow(world, block);
  const outcome = branch ? connect(world, block, branch) : UNKNOWN_PARENT;
  if (forgedTips(world).has(bytesToHex(prev.slice().reverse()))) {
    note(world, 'refused blocks', `block at height ${height}, stored and refused`, 'refused', outcome);
  } else {
    note(world, 'side branches', `block at height ${height}, left behind`, 'accepted', outcome);
  }
}

/** Ids, as daemons print them, of the tips on which forged blocks were offered. */
function forgedTips({ capture }: World): Set<string> {
  return new Set([...capture.values()].map((file) => textAt(file, 'tipBefore') ?? ''));
}

/** The captured blocks from genesis to a block's parent, whether the best chain holds them or not. */
function branchBelow(world: World, block: Block): CapturedChain | undefined {
  const known = new Map(capturedBlocks(world).map((raw) => [idIn(raw), raw]));
  const side: Block[] = [];
  let { height, prev } = block.header;
  for (; height > 0; height -= 1) {
    const onChain = world.chain.blocks[height - 1];
    if (onChain && bytesToHex(headerId(onChain.header)) === bytesToHex(prev)) {
      const branch = world.chain.upTo(height - 1);
      for (const next of side) branch.add(next);
      return branch;
    }
    const parent = judgeable(known.get(bytesToHex(prev)) ?? new Uint8Array());
    if (parent === undefined) return undefined;
    side.unshift(parent);
    prev = parent.header.prev;
  }
  return undefined;
}

function idIn(raw: Uint8Array): string | undefined {
  const block = judgeable(raw);
  return block && bytesToHex(headerId(block.header));
}

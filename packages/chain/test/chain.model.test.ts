import { bytesToHex } from '@noble/hashes/utils.js';
import type { Transaction } from '@rookery/wire';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Chain, type ChainEffect } from '../src/index.ts';
import { blockOn, type DevBlock, genesis, NOW, noWork, registration, rememberingBackend } from './dev-chain.ts';

/** A registration as the naive model sees it: a name, a key, and the key that endorses it. */
interface Claim {
  readonly name: string;
  readonly key: number;
  readonly by: number | undefined;
}

const CLAIMS: readonly Claim[] = ['ann', 'ben'].flatMap((name) =>
  [1, 2].flatMap((key) => [undefined, 3 - key].map((by) => ({ name, key, by }))),
);
const TRANSACTIONS: readonly Transaction[] = CLAIMS.map(({ name, key, by }) => registration(name, key, by));

const backend = rememberingBackend();
const newChain = () => new Chain({ network: 'dev', powHash: noWork, backend });

/** A block of a random tree. */
interface Planned {
  readonly index: number;
  readonly parent: Planned | undefined;
  readonly claims: readonly Claim[];
  readonly height: number;
  readonly built: DevBlock;
}

const plan = fc.array(
  fc.record({
    parent: fc.nat(),
    first: fc.option(fc.nat(3), { nil: undefined }),
    second: fc.option(fc.nat(3), { nil: undefined }),
  }),
  { minLength: 1, maxLength: 12 },
);

/** Builds the blocks of a plan; a parent is an earlier block, more often one of the last. */
function grow(
  entries: readonly { parent: number; first: number | undefined; second: number | undefined }[],
): Planned[] {
  const blocks: Planned[] = [];
  for (const [index, { first, parent: drawn, second }] of entries.entries()) {
    const back = drawn % (Math.min(index, 3) + 1);
    const parent = drawn % 7 === 0 ? undefined : blocks[index - 1 - back];
    const chosen = [first, second === undefined ? undefined : second + 4].filter((at) => at !== undefined);
    const registrations = chosen.map((at) => TRANSACTIONS[at]!);
    const built = blockOn(parent?.built ?? genesis, { registrations, text: `block ${index}` });
    blocks.push({ index, parent, claims: chosen.map((at) => CLAIMS[at]!), height: (parent?.height ?? 0) + 1, built });
  }
  return blocks;
}

/** The users after a branch, replayed from the first block; undefined where a rule refuses it. */
function replay(tip: Planned | undefined): Map<string, Claim[]> | undefined {
  if (tip === undefined) return new Map();
  const users = replay(tip.parent);
  for (const claim of tip.claims) {
    const history = users?.get(claim.name) ?? [];
    const current = history.at(-1);
    const isSame = current !== undefined && current.key === claim.key && current.by === claim.by;
    if (current !== undefined && !isSame && claim.by !== current.key) return undefined;
    users?.set(claim.name, [...history, claim]);
  }
  return users;
}

/** The naive model: everything that came in, and the tip that follows from it. */
interface Model {
  readonly blocks: readonly Planned[];
  readonly delivered: Set<number>;
  readonly waiting: Planned[];
  tip: Planned | undefined;
}

/** What the chain is made of: replaced when it is read back from a store. */
interface Real {
  chain: Chain;
  readonly stored: { bytes: Uint8Array }[];
}

function deliver(model: Model, block: Planned): void {
  model.delivered.add(block.index);
  const ready = (at: Planned) =>
    at.parent === undefined || (model.delivered.has(at.parent.index) && !model.waiting.includes(at.parent));
  if (!ready(block)) {
    model.waiting.push(block);
    return;
  }
  for (const queue = [block]; queue.length > 0; ) {
    const next = queue.shift()!;
    if (replay(next) !== undefined && next.height > (model.tip?.height ?? 0)) model.tip = next;
    for (const child of model.waiting.filter(({ parent }) => parent === next)) {
      model.waiting.splice(model.waiting.indexOf(child), 1);
      queue.push(child);
    }
  }
}

function checkAgainst({ chain }: Real, model: Model): void {
  expect(chain.tip.height).toBe(model.tip?.height ?? 0);
  expect(bytesToHex(chain.tip.id)).toBe(bytesToHex((model.tip?.built ?? genesis).id));
  const users = replay(model.tip)!;
  for (const name of ['ann', 'ben']) {
    const keys = chain.user(name)?.history.map(({ id }) => bytesToHex(id)) ?? [];
    expect(keys).toHaveLength(users.get(name)?.length ?? 0);
  }
  expect(chain.namesWithPrefix('', 9)).toEqual([...users.keys()].sort());
}

function follow(active: string[], effects: readonly ChainEffect[]): void {
  for (const effect of effects) {
    if (effect.type === 'disconnected') expect(active.pop()).toBe(bytesToHex(effect.id));
    if (effect.type === 'connected') active.push(bytesToHex(effect.id));
    if (effect.type === 'tip') expect(active.at(-1)).toBe(bytesToHex(effect.id));
  }
}

class Deliver implements fc.Command<Model, Real> {
  readonly #drawn: number;

  constructor(drawn: number) {
    this.#drawn = drawn;
  }

  check(): boolean {
    return true;
  }

  run(model: Model, real: Real): void {
    const block = model.blocks[this.#drawn % model.blocks.length]!;
    const active = activeIds(real.chain);
    const effects = real.chain.addBlock(block.built.bytes, NOW);
    follow(active, effects);
    expect(active).toEqual(activeIds(real.chain));
    for (const effect of effects) if (effect.type === 'accepted') real.stored.push({ bytes: effect.bytes });
    const isKnown = effects[0]?.type === 'rejected' && effects[0].code === 'duplicate';
    expect(isKnown && !model.delivered.has(block.index)).toBe(false);
    if (!model.delivered.has(block.index)) deliver(model, block);
    checkAgainst(real, model);
  }

  toString(): string {
    return `deliver ${this.#drawn}`;
  }
}

class ReadBack implements fc.Command<Model, Real> {
  check(): boolean {
    return true;
  }

  run(model: Model, real: Real): void {
    const chain = newChain();
    for (const { bytes } of real.stored) chain.addBlock(bytes, NOW, { trusted: true });
    expect(chain.tip).toEqual(real.chain.tip);
    for (const { built } of model.waiting) chain.addBlock(built.bytes, NOW);
    real.chain = chain;
    checkAgainst(real, model);
  }

  toString(): string {
    return 'read back';
  }
}

function activeIds(chain: Chain): string[] {
  return Array.from({ length: chain.tip.height }, (_, at) => bytesToHex(chain.blockIdAt(at + 1)!));
}

test('the chain is what a naive replay of the delivered blocks gives, at every step', () => {
  const commands = fc.commands([fc.nat().map((drawn) => new Deliver(drawn)), fc.constant(new ReadBack())], {
    size: '+1',
  });
  fc.assert(
    fc.property(plan, commands, (entries, sequence) => {
      const blocks = grow(entries);
      fc.modelRun(
        () => ({
          model: { blocks, delivered: new Set<number>(), waiting: [], tip: undefined },
          real: { chain: newChain(), stored: [] },
        }),
        sequence,
      );
    }),
  );
});

test('no reordering of blocks changes the height of the tip, and none the tip where it has no equal', () => {
  fc.assert(
    fc.property(plan, fc.infiniteStream(fc.nat()), (entries, stream) => {
      const blocks = grow(entries);
      const shuffled = blocks
        .map((block) => ({ block, at: stream.next().value! }))
        .sort((left, right) => left.at - right.at);
      const [straight, mixed] = [newChain(), newChain()];
      for (const { built } of blocks) straight.addBlock(built.bytes, NOW);
      for (const { block } of shuffled) mixed.addBlock(block.built.bytes, NOW);
      expect(mixed.tip.height).toBe(straight.tip.height);
      const best = blocks.filter((block) => block.height === straight.tip.height && replay(block) !== undefined);
      if (best.length !== 1) return;
      expect(mixed.tip).toEqual(straight.tip);
      for (const name of ['ann', 'ben']) expect(mixed.user(name)).toEqual(straight.user(name));
    }),
  );
});

import type { CurveBackend, UserDirectory } from '@rookery/keys';
import {
  type Block,
  type BlockHeader,
  blockSize,
  decodeBlock,
  decodeTransaction,
  encodeBlock,
  headerId,
  merkleBranch,
  type Network,
  type Transaction,
  transactionId,
  WireError,
} from '@rookery/wire';
import { checkBlock } from './block.ts';
import { BlockBytes, type BlockSource } from './block-bytes.ts';
import { type BlockEntry, entryOf } from './block-entry.ts';
import { BlockTree, equalIds, recentTimes } from './block-tree.ts';
import { type Candidate, switchTo } from './branch-switch.ts';
import { type ChainEffect, refusal, rejected } from './chain-effect.ts';
import { nextBits } from './difficulty.ts';
import { checkHeaderContext, checkSideBlock } from './header-context.ts';
import { CHAIN_LIMITS, ENGINE_LIMITS, type EngineLimits } from './limits.ts';
import { locatorHeights } from './locator.ts';
import { medianTime } from './median-time.ts';
import { genesisBlock, highestCheckpoint, NETWORKS } from './networks.ts';
import { type OrphanBlock, OrphanBlocks } from './orphan-blocks.ts';
import type { PowHash } from './pow-hash.ts';
import type { RegistrationProof } from './proof.ts';
import { type BlockTemplate, buildBlock } from './template.ts';
import { type ChainRegistration, UserIndex } from './user-index.ts';
import { WaitingRegistrations } from './waiting-registrations.ts';

/** How a {@link Chain} is set up. */
export interface ChainOptions {
  readonly network: Network;
  /** Whether the hard checkpoints bind (CHAIN-37); default true. */
  readonly checkpoints?: boolean | undefined;
  /** Default: scrypt in JavaScript. */
  readonly powHash?: PowHash | undefined;
  readonly backend?: CurveBackend | undefined;
  /** Default: every block stays in memory. */
  readonly source?: BlockSource | undefined;
  readonly limits?: Partial<EngineLimits> | undefined;
}

/** The last block of the active chain. */
export interface ChainTip {
  /** 32 bytes in wire order. */
  readonly id: Uint8Array;
  readonly height: number;
  /** Seconds since the Unix epoch. */
  readonly time: number;
  readonly bits: number;
}

/** What the active chain knows of a user. */
export interface ChainUser {
  /** The key of the last registration, unchecked. */
  readonly publicKey: Uint8Array;
  /** Height of the last registration. */
  readonly registeredAt: number;
  /** Height of the first registration. */
  readonly first: number;
  /** All registrations by rising height. */
  readonly history: readonly ChainRegistration[];
}

/** What the block tree knows of a block. */
export interface ChainBlock {
  readonly id: Uint8Array;
  readonly header: BlockHeader;
  readonly height: number;
  readonly inActiveChain: boolean;
  /** Ids of its transactions; undefined where its bytes are not at hand. */
  readonly transactions: readonly Uint8Array[] | undefined;
}

/** What {@link Chain.addBlock} may be told of a block's origin. */
export interface BlockOrigin {
  /** From the application's own store: its work, time and signatures were checked before and are not checked again. */
  readonly trusted?: boolean | undefined;
}

/** What {@link Chain.addTransaction} may be told of a transaction's origin. */
export interface TransactionOrigin {
  /** From the application itself: the rate of strangers' transactions does not count. */
  readonly local?: boolean | undefined;
}

const MS = 1000;
const HASH_BYTES = 32;
const NO_WORK_NEEDED: PowHash = () => new Uint8Array(HASH_BYTES);

/**
 * The chain of one network: a tree of blocks, the active chain in it, its users, and the registrations that wait (CHAIN-61
 * to CHAIN-68). It starts with the network's first block.
 *
 * Blocks and transactions of anybody go in as bytes; what happened comes out as {@link ChainEffect}s, in the order in which it
 * happened. Nothing that goes in makes it throw. To load it, add the blocks that were `accepted` in their order as trusted.
 *
 * Bounded by {@link EngineLimits}: orphans, blocks beside the active chain, waiting registrations, and what is dropped then is told there.
 * The active chain and its users grow with the network; the bytes of blocks stay in memory unless there is a {@link BlockSource}.
 */
export class Chain implements UserDirectory {
  readonly network: Network;
  readonly limits: EngineLimits;
  readonly #checkpoints: boolean;
  readonly #powHash: PowHash | undefined;
  readonly #backend: CurveBackend | undefined;
  readonly #tree: BlockTree;
  readonly #users = new UserIndex();
  readonly #orphans: OrphanBlocks;
  readonly #pool: WaitingRegistrations;
  readonly #bytes: BlockBytes;
  #checkpoint: BlockEntry | undefined;
  #movedAt: number | undefined;

  constructor({ network, checkpoints = true, powHash, backend, source, limits }: ChainOptions) {
    this.network = network;
    this.limits = { ...ENGINE_LIMITS, ...limits };
    this.#checkpoints = checkpoints;
    this.#powHash = powHash;
    this.#backend = backend;
    this.#bytes = new BlockBytes(source);
    const genesis = genesisBlock(network);
    const entry = entryOf(genesis, undefined);
    entry.verdict = 'valid';
    this.#tree = new BlockTree(entry);
    this.#bytes.keep(entry, encodeBlock(genesis));
    this.#orphans = new OrphanBlocks(this.limits.orphans);
    this.#pool = new WaitingRegistrations({ network, users: this.#users, backend, limits: this.limits });
  }

  /**
   * Judges a block and stores it, connects it and what waited for it, and switches branches where that makes a better
   * chain (CHAIN-61). `now` is milliseconds since the Unix epoch. Bytes after the block are ignored.
   * Effects: `accepted` or `rejected` for this block and each orphan that it brings, parents first, or `orphan`; then
   * `disconnected`, `connected` and `tip`, each where it applies.
   */
  addBlock(bytes: Uint8Array, now: number, { trusted = false }: BlockOrigin = {}): readonly ChainEffect[] {
    let decoded: { readonly value: Block; readonly consumed: number };
    try {
      decoded = decodeBlock(bytes);
    } catch (error) {
      return [unreadable(error)];
    }
    const { value: block, consumed } = decoded;
    const id = headerId(block.header);
    if (this.#tree.get(id) !== undefined || this.#orphans.has(id))
      return [rejected(id, 'duplicate', 'the block is known already')];
    const powHash = trusted ? NO_WORK_NEEDED : this.#powHash;
    const clock = trusted ? Number.POSITIVE_INFINITY : Math.floor(now / MS);
    const checked = checkBlock(block, { network: this.network, now: clock, powHash });
    if (!checked.ok) return [refusal(id, checked)];
    const before = this.#tree.tip;
    if (!equalIds(block.header.prev, before.id)) {
      const side = checkSideBlock(block.header, this.#checkpoint?.header, this.network);
      if (!side.ok) return [refusal(id, side)];
    }
    const encoding = consumed === blockSize(block) ? bytes.slice(0, consumed) : encodeBlock(block);
    const parent = this.#tree.get(block.header.prev);
    if (parent === undefined) return [this.#wait({ id, transactionIds: checked.ids, bytes: encoding })];
    const effects = this.#accept(parent, { block, ids: checked.ids, bytes: encoding, trusted });
    if (effects.some(({ type }) => type === 'accepted')) effects.push(...this.#acceptOrphans(id));
    effects.push(...this.#settle(before, now));
    return effects;
  }

  /**
   * Judges a loose registration and lets it wait for a block (CHAIN-45, CHAIN-65). `now` is milliseconds since the Unix epoch.
   * Bytes after the transaction are ignored. Effects: `pooled` or `rejected`.
   */
  addTransaction(bytes: Uint8Array, now: number, { local = false }: TransactionOrigin = {}): readonly ChainEffect[] {
    let transaction: Transaction;
    try {
      transaction = decodeTransaction(bytes).value;
    } catch (error) {
      return [unreadable(error)];
    }
    return [this.#pool.add(transaction, local ? undefined : now)];
  }

  /** The last block of the active chain. */
  get tip(): ChainTip {
    const { id, height, header } = this.#tree.tip;
    return { id, height, time: header.time, bits: header.bits };
  }

  /** Work of the active chain (CHAIN-6). */
  get work(): bigint {
    return this.#tree.tip.work;
  }

  /** Transactions of the active chain, promotions counted. */
  get transactionCount(): number {
    const { transactionsBefore, transactionCount } = this.#tree.tip;
    return transactionsBefore + transactionCount;
  }

  /** What is known of a name, with the registrations up to `maxHeight` (CHAIN-43); undefined where it had none by then. */
  user(name: string, maxHeight: number = Number.MAX_SAFE_INTEGER): ChainUser | undefined {
    const history = this.#users.history(name).filter(({ height }) => height <= maxHeight);
    const last = history.at(-1);
    if (last === undefined) return undefined;
    return { publicKey: last.publicKey, registeredAt: last.height, first: history[0]!.height, history };
  }

  keyAt(name: string, height: number): Uint8Array | undefined {
    return this.#users.keyAt(name, height);
  }

  registeredAt(name: string): number | undefined {
    return this.#users.registeredAt(name);
  }

  firstRegisteredAt(name: string): number | undefined {
    return this.#users.firstRegisteredAt(name);
  }

  /** Up to `count` registered names that begin with `prefix`, sorted. */
  namesWithPrefix(prefix: string, count: number): readonly string[] {
    return this.#users.namesWithPrefix(prefix, count);
  }

  /** The ordinal of a name's latest registration among all transactions of the active chain (CHAIN-68). */
  uidOf(name: string): number | undefined {
    const last = this.#users.history(name).at(-1);
    const entry = last === undefined ? undefined : this.#tree.at(last.height);
    return last === undefined || entry === undefined ? undefined : entry.transactionsBefore + last.index;
  }

  /** The name that the transaction with this ordinal registers; undefined where it is none of the active chain's registrations. */
  nameOfUid(uid: number): string | undefined {
    let low = 0;
    let high = this.#tree.tip.height;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.#tree.at(middle)!.transactionsBefore <= uid) low = middle;
      else high = middle - 1;
    }
    const entry = this.#tree.at(low)!;
    return entry.registrations.find(({ registration }) => entry.transactionsBefore + registration.index === uid)?.name;
  }

  /**
   * Tells a peer where a branch runs, so that it can say what follows (CHAIN-66); 32 bytes each, the newest first.
   * `from` is a stored block, by default the tip, which also stands for one that is not stored.
   */
  locator(from: Uint8Array = this.#tree.tip.id): Uint8Array[] {
    const entry = this.#tree.get(from) ?? this.#tree.tip;
    let at = entry;
    return locatorHeights(entry.height, this.limits.locatorRecent).map((height) => {
      at = this.#tree.ancestor(at, height)!;
      return at.id;
    });
  }

  /** Id of the block of the active chain at a height. */
  blockIdAt(height: number): Uint8Array | undefined {
    return this.#tree.at(height)?.id;
  }

  /** Height of a block of the active chain; undefined for any other. */
  heightOf(id: Uint8Array): number | undefined {
    const entry = this.#tree.get(id);
    return entry !== undefined && this.#tree.isActive(entry) ? entry.height : undefined;
  }

  /** Header of a stored block, of whatever branch. */
  header(id: Uint8Array): BlockHeader | undefined {
    return this.#tree.get(id)?.header;
  }

  /** A stored block, of whatever branch. */
  entry(id: Uint8Array): ChainBlock | undefined {
    const entry = this.#tree.get(id);
    if (entry === undefined) return undefined;
    const transactions = this.#bytes.block(entry)?.transactions.map(transactionId);
    const { header, height } = entry;
    return { id: entry.id, header, height, inActiveChain: this.#tree.isActive(entry), transactions };
  }

  /** Whether a block is stored or waits for its parent. */
  knowsBlock(id: Uint8Array): boolean {
    return this.#tree.get(id) !== undefined || this.#orphans.has(id);
  }

  /** The nearest block that a waiting one lacks; undefined where the block does not wait. */
  missingBefore(id: Uint8Array): Uint8Array | undefined {
    return this.#orphans.rootOf(id)?.block.header.prev;
  }

  /** The waiting block that everything which leads to `id` stands on; undefined where `id` does not wait. */
  orphanRoot(id: Uint8Array): Uint8Array | undefined {
    return this.#orphans.rootOf(id)?.id;
  }

  /** Encoding of a stored block where it is at hand. */
  blockBytes(id: Uint8Array): Uint8Array | undefined {
    const entry = this.#tree.get(id);
    return entry === undefined ? undefined : this.#bytes.get(entry);
  }

  /** Ids of the registrations that wait for a block, by rising id as a number. */
  pool(): Uint8Array[] {
    return this.#pool.sorted().map(({ id }) => id);
  }

  /** Encoding of a registration that waits for a block. */
  pooled(id: Uint8Array): Uint8Array | undefined {
    return this.#pool.get(id);
  }

  /** Proves a name's latest registration to a light client (CHAIN-56); undefined without one, or without its block's bytes. */
  proof(name: string): RegistrationProof | undefined {
    const last = this.#users.history(name).at(-1);
    const entry = last === undefined ? undefined : this.#tree.at(last.height);
    const block = entry === undefined ? undefined : this.#bytes.block(entry);
    if (last === undefined || entry === undefined || block === undefined) return undefined;
    const branch = merkleBranch(block.transactions.map(transactionId), last.index);
    return { header: entry.header, transaction: block.transactions[last.index]!, branch, index: last.index };
  }

  /** The median that the time of the next block must pass (CHAIN-9), in seconds. */
  medianTimePast(): number {
    return medianTime(recentTimes(this.#tree.tip));
  }

  /** The bits of the next block; on testnet they hang on its time, in seconds. */
  nextBits(time: number = this.#tree.tip.header.time): number {
    const { height, bits, times, firstTime, lastBits } = this.#tree.parentBlock(this.#tree.tip, this.network);
    return nextBits(this.network, { height, time: times.at(-1)!, bits, firstTime, lastBits, newTime: time });
  }

  /** Whether the chain seems to be up to date, as deployed nodes tell it (CHAIN-67). `now` is milliseconds since the Unix epoch. */
  isSynced(now: number): boolean {
    const { height, header } = this.#tree.tip;
    if (this.#checkpoints && height < highestCheckpoint(this.network)) return false;
    const isMoving = this.#movedAt !== undefined && now - this.#movedAt < this.limits.movingMs;
    return !isMoving || header.time >= Math.floor(now / MS) - this.limits.oldTipSeconds;
  }

  /**
   * Builds the next block, without its work (CHAIN-55): the promotion, then waiting registrations by rising id, one a name.
   * Throws `RangeError` for a promotion that the rules refuse.
   */
  blockTemplate(request: BlockTemplate): Block {
    const { id, height } = this.#tree.tip;
    const time = Math.max(this.medianTimePast() + 1, Math.floor(request.now / MS));
    const place = { prev: id, height: height + 1, time, bits: this.nextBits(time) };
    return buildBlock(request, place, this.#pool.sorted(), {
      maxBytes: request.maxBytes ?? this.limits.templateBytes,
      reservedBytes: this.limits.templateReservedBytes,
      users: this,
      current: (name) => this.#users.current(name),
      backend: this.#backend,
    });
  }

  /** Lets a block wait for its parent. What claims to stand on nothing would wait for ever. */
  #wait({ id, transactionIds, bytes }: Omit<OrphanBlock, 'block'>): ChainEffect {
    const block = decodeBlock(bytes).value;
    const { prev } = block.header;
    if (prev.every((byte) => byte === 0) || !this.#orphans.add({ id, block, transactionIds, bytes }))
      return rejected(id, 'unknown-parent', 'the block before is not known', CHAIN_LIMITS.penalty.field);
    return { type: 'orphan', id, missing: this.missingBefore(id) ?? prev };
  }

  /** Stores a block on a stored parent and connects it where that makes the best chain. */
  #accept(parent: BlockEntry, candidate: Candidate): ChainEffect[] {
    const { block, bytes } = candidate;
    const { header } = block;
    if (parent.verdict === 'failed')
      return [rejected(headerId(header), 'invalid-ancestor', 'a block before it may not join the chain')];
    const context = { network: this.network, checkpoints: this.#checkpoints };
    const fits = checkHeaderContext(header, this.#tree.parentBlock(parent, this.network), context);
    if (!fits.ok) return [refusal(headerId(header), fits)];
    const entry = entryOf(block, parent);
    this.#tree.add(entry);
    this.#bytes.keep(entry, bytes);
    const failures = entry.work > this.#tree.tip.work ? this.#connect(entry, candidate) : [];
    this.#dropSideBlocks();
    if (failures.length > 0) return failures;
    if (this.#tree.get(entry.id) === undefined)
      return [rejected(entry.id, 'side-branch-full', 'too many blocks beside the chain have more work before them')];
    return [{ type: 'accepted', id: entry.id, height: entry.height, bytes }];
  }

  /** What waited for a block, and for what waited for that: parents first. A failure is nobody's fault (CHAIN-34). */
  #acceptOrphans(id: Uint8Array): ChainEffect[] {
    const effects: ChainEffect[] = [];
    const parents = [id];
    for (let parentId = parents.shift(); parentId !== undefined; parentId = parents.shift()) {
      for (const { id: orphanId, block, bytes, transactionIds: ids } of this.#orphans.takeChildrenOf(parentId)) {
        const parent = this.#tree.get(parentId);
        const judged =
          parent === undefined
            ? [rejected(orphanId, 'unknown-parent', 'the block before was dropped')]
            : this.#accept(parent, { block, ids, bytes, trusted: false });
        effects.push(...judged.map((effect) => (effect.type === 'rejected' ? { ...effect, penalty: 0 } : effect)));
        parents.push(orphanId);
      }
    }
    return effects;
  }

  #connect(target: BlockEntry, candidate: Candidate): ChainEffect[] {
    const branch = this.#tree.branch(target);
    const parts = { tree: this.#tree, users: this.#users, bytes: this.#bytes, backend: this.#backend };
    const failures = switchTo(target, candidate, parts);
    if (failures.length === 0) this.#noteCheckpoints(branch);
    return failures;
  }

  /** Tells how the active chain changed since `before` was its tip, and brings the pool in line. */
  #settle(before: BlockEntry, now: number): ChainEffect[] {
    const { tip } = this.#tree;
    if (tip === before) return [];
    this.#movedAt = now;
    const effects: ChainEffect[] = [];
    const left: BlockEntry[] = [];
    let fork = before;
    for (; !this.#tree.isActive(fork); fork = fork.parent!) {
      left.push(fork);
      effects.push({ type: 'disconnected', id: fork.id, height: fork.height });
    }
    const joined: BlockEntry[] = [];
    for (let height = fork.height + 1; height <= tip.height; height += 1) {
      const entry = this.#tree.at(height)!;
      joined.push(entry);
      effects.push({ type: 'connected', id: entry.id, height });
    }
    effects.push({ type: 'tip', id: tip.id, height: tip.height });
    this.#pool.follow(left.reverse(), joined, this.#bytes);
    this.#dropBytes(joined);
    return effects;
  }

  #dropSideBlocks(): void {
    while (this.#tree.sideCount > this.limits.sideBlocks) {
      const leaf = this.#tree.lightestLeaf();
      if (leaf === undefined) return;
      this.#tree.remove(leaf);
      this.#bytes.forget(leaf);
    }
  }

  #dropBytes(joined: readonly BlockEntry[]): void {
    for (const { height } of joined) {
      const old = this.#tree.at(height - this.limits.recentBlocks);
      if (old !== undefined) this.#bytes.leaveToSource(old);
    }
  }

  #noteCheckpoints(branch: readonly BlockEntry[]): void {
    if (!this.#checkpoints) return;
    for (const entry of branch)
      if (NETWORKS[this.network].checkpoints.some(({ height }) => height === entry.height)) this.#checkpoint = entry;
  }
}

function unreadable(error: unknown): ChainEffect {
  if (error instanceof WireError) return rejected(null, error.code, error.message);
  throw error;
}

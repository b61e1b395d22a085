import { bytesToHex } from '@noble/hashes/utils.js';
import { type BlockHeader, headerId, type Network, reject, type Verdict } from '@rookery/wire';
import { compactNumber } from './bits.ts';
import type { ChainCode } from './codes.ts';
import { nextBits } from './difficulty.ts';
import { CHAIN_LIMITS } from './limits.ts';
import { medianTime } from './median-time.ts';
import { NETWORKS } from './networks.ts';
import { minWork } from './work.ts';

/** What the rules need to know of the block that a new one builds on. Times are seconds since the Unix epoch. */
export interface ParentBlock {
  readonly height: number;
  readonly bits: number;
  /** Times of the parent and up to ten blocks before it, the parent's last. */
  readonly times: readonly number[];
  /** Time of the block 2,015 steps before the parent; needed where {@link isRetarget} says so for its height. */
  readonly firstTime?: number | undefined;
  /** Testnet: see {@link DifficultyContext}. */
  readonly lastBits?: number | undefined;
}

/** What {@link checkHeaderContext} needs beside the header and its parent. */
export interface HeaderContext {
  readonly network: Network;
  /** Whether the hard checkpoints bind; default true. */
  readonly checkpoints?: boolean | undefined;
}

/**
 * Decides whether a header may stand on its parent (CHAIN-34 to CHAIN-39), in the order of deployed nodes. The genesis
 * block needs no parent. Codes and penalties: `unknown-parent` 10, `wrong-bits` 100, `time-too-old` none,
 * `checkpoint-mismatch` 100, `old-version` none, `wrong-height` 100.
 * Not checked: the work itself ({@link checkWork}), and that `parent` is what the header names.
 */
export function checkHeaderContext(
  header: BlockHeader,
  parent: ParentBlock | undefined,
  { network, checkpoints = true }: HeaderContext,
): Verdict<ChainCode> {
  const { penalty, blockVersion } = CHAIN_LIMITS;
  const printedId = bytesToHex(headerId(header).reverse());
  if (printedId === NETWORKS[network].printedGenesisId) return { ok: true };
  if (parent === undefined) return reject('unknown-parent', 'the block before is not known', penalty.field);
  const { bits, firstTime, lastBits, times } = parent;
  const last = { height: parent.height, time: timeOf(parent), bits, firstTime, lastBits, newTime: header.time };
  if (header.bits !== nextBits(network, last))
    return reject('wrong-bits', 'the chain asks for other bits at this height', penalty.ban);
  if (header.time <= medianTime(times))
    return reject('time-too-old', 'the time does not pass the median of the eleven blocks before');
  const height = parent.height + 1;
  const pinned = checkpoints ? NETWORKS[network].checkpoints.find((entry) => entry.height === height) : undefined;
  if (pinned !== undefined && pinned.printedId !== printedId)
    return reject('checkpoint-mismatch', `another block is the checkpoint at height ${height}`, penalty.ban);
  if (header.version < blockVersion) return reject('old-version', `version ${header.version} is no longer accepted`);
  if (header.height !== height)
    return reject('wrong-height', `the header states height ${header.height} instead of ${height}`, penalty.ban);
  return { ok: true };
}

/**
 * Decides whether a block that does not extend the tip is worth keeping (CHAIN-32, CHAIN-33): a check against cheap blocks
 * that would fill a store. `checkpoint` is the highest hard checkpoint block that is known, or undefined.
 * Codes `time-before-checkpoint`, `work-below-minimum`, penalty 100.
 */
export function checkSideBlock(
  header: BlockHeader,
  checkpoint: { readonly time: number; readonly bits: number } | undefined,
  network: Network,
): Verdict<ChainCode> {
  if (checkpoint === undefined) return { ok: true };
  const { ban } = CHAIN_LIMITS.penalty;
  const elapsed = header.time - checkpoint.time;
  if (elapsed < 0) return reject('time-before-checkpoint', 'the block is older than the last checkpoint', ban);
  if (compactNumber(header.bits) > compactNumber(minWork(checkpoint.bits, elapsed, network)))
    return reject('work-below-minimum', 'the target is easier than any chain could have by then', ban);
  return { ok: true };
}

function timeOf(parent: ParentBlock): number {
  const time = parent.times.at(-1);
  if (time === undefined) throw new RangeError('a parent needs the time of at least itself');
  return time;
}

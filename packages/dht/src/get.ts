import type { BencodeNode } from '@rookery/wire';
import { type DhtVerdict, refuse, refuseMissing } from './codes.ts';
import { checkTargetSize, type DhtTarget, isTargetKind, parseTarget } from './value.ts';

/** What a valid `getData` request asks for. */
export interface DhtGet extends DhtTarget {
  /** Whether only a token is wanted, not the values. */
  readonly justToken: boolean;
}

/**
 * Judges the arguments (`x`) of a `getData` request (DHT-24).
 * Refuses with `missing-key`, `bad-target` (not three entries) and `bad-target-kind` (`t` neither `s` nor `m`).
 * The target id is SHA-1 of `target.raw` (DHT-4). Not checked: the node id of the caller, see `checkNodeId`.
 */
export function checkGet(x: BencodeNode): DhtVerdict<DhtGet> {
  if (x.kind !== 'dict') return refuseMissing('x');
  const parsed = parseTarget(x);
  if (!parsed.ok) return parsed;
  const sized = checkTargetSize(parsed.target);
  if (!sized.ok) return sized;
  if (!isTargetKind(parsed.t)) return refuse('bad-target-kind', 'the kind of a target is s or m');
  return { ...parsed, justToken: (x.getInteger('justtoken') ?? 0n) !== 0n };
}

import { chanceBound, DRAWS, draw, scale } from './draw.ts';
import { SIM_LIMITS } from './limits.ts';
import { whole } from './whole.ts';

/**
 * How long something takes, in whole ms: always the same, uniform between two bounds (both included), or by measured
 * quantiles. `quantiles` are evenly spaced, from the least to the greatest, and values between two of them are equally
 * likely: `[20, 25, 30, 45, 300]` means a median of 30 ms and a quarter of all values above 45 ms.
 */
export type Duration =
  | number
  | { readonly min: number; readonly max: number }
  | { readonly quantiles: readonly number[] };

/**
 * What a link does to what is sent over it, in one direction. All chances are 0 … 1, all times whole ms; a missing
 * field does nothing, so `{}` is a perfect link that needs no time at all.
 */
export interface LinkRules {
  /** Time on the wire. */
  readonly latencyMs?: Duration;
  /** Greatest extra time, drawn uniformly for each message; makes datagrams overtake each other. */
  readonly jitterMs?: number;
  /** Chance that a datagram is lost, each by itself. A lost stream segment comes `retryMs` later, doubled each time. */
  readonly loss?: number;
  /**
   * Loss in bursts (Gilbert and Elliott): before each message the link turns bad with chance `enter` or good with chance
   * `leave`; while it is bad it loses with chance `loss`. The long-run share of bad is enter / (enter + leave).
   */
  readonly burst?: { readonly enter: number; readonly leave: number; readonly loss: number };
  /** Chance that a datagram arrives a second time, with a latency of its own. */
  readonly duplicate?: number;
  /** Chance that a datagram is held back by `holdMs`, so that later ones arrive before it. */
  readonly reorder?: number;
  /** How long a reordered datagram is held back; 100 unless given. */
  readonly holdMs?: Duration;
  /** Bytes that the link carries a second; unlimited unless given. */
  readonly bytesPerSecond?: number;
  /** Bytes that may wait for it; what does not fit is dropped. Unlimited unless given. Streams wait instead. */
  readonly queueBytes?: number;
  /** Largest datagram in bytes; larger ones are dropped. 65,507 unless given. */
  readonly maxBytes?: number;
  /** Largest stream segment in bytes; 1,460 unless given. A segment is cut shorter now and then, at a random place. */
  readonly segmentBytes?: number;
  /** Time after which a lost or cut-off stream segment is tried again; 200 unless given. */
  readonly retryMs?: number;
  /** Time after which a stream that gets nothing through ends with `timeout`; 15,000 unless given. */
  readonly breakMs?: number;
}

/** Links to start from: `{ ...LINKS.home, loss: 0.05 }`. Plausible round figures, not measurements. */
export const LINKS: Readonly<Record<'perfect' | 'local' | 'home' | 'mobile' | 'awful', LinkRules>> = Object.freeze({
  perfect: {},
  local: { latencyMs: 1 },
  home: {
    latencyMs: { quantiles: [8, 20, 35, 60, 180] },
    jitterMs: 5,
    loss: 0.005,
    bytesPerSecond: 2_500_000,
    queueBytes: 250_000,
  },
  mobile: {
    latencyMs: { quantiles: [30, 50, 70, 120, 600] },
    jitterMs: 40,
    loss: 0.01,
    burst: { enter: 0.01, leave: 0.2, loss: 0.6 },
    duplicate: 0.001,
    bytesPerSecond: 500_000,
    queueBytes: 300_000,
    maxBytes: 1_400,
  },
  awful: {
    latencyMs: { quantiles: [5, 50, 200, 800, 5_000] },
    jitterMs: 500,
    loss: 0.2,
    burst: { enter: 0.05, leave: 0.1, loss: 0.9 },
    duplicate: 0.1,
    reorder: 0.2,
    holdMs: { min: 1, max: 2_000 },
    bytesPerSecond: 20_000,
    queueBytes: 20_000,
    maxBytes: 1_200,
  },
});

/** Rules of a link, checked and ready for the hot path. Chances are bounds for a 32-bit draw. */
export interface CompiledLink {
  readonly latency: Sampler;
  readonly jitterMs: number;
  readonly loss: number;
  readonly burst: { readonly enter: number; readonly leave: number; readonly loss: number } | undefined;
  readonly duplicate: number;
  readonly reorder: number;
  readonly hold: Sampler;
  readonly bytesPerSecond: number;
  readonly queueBytes: number;
  readonly maxBytes: number;
  readonly segmentBytes: number;
  readonly retryMs: number;
  readonly breakMs: number;
}

/** A duration, checked: `points` has one value for a fixed time. */
export interface Sampler {
  readonly points: readonly number[];
  readonly uniform: boolean;
}

/** Checks the rules of a link; throws a `RangeError` that names the field. */
export function compileLink(rules: LinkRules): CompiledLink {
  const { burst } = rules;
  return {
    latency: compileDuration('latencyMs', rules.latencyMs ?? 0),
    jitterMs: whole('jitterMs', rules.jitterMs ?? 0, 0, SIM_LIMITS.maxDelayMs),
    loss: chanceBound(rules.loss ?? 0),
    burst: burst && {
      enter: chanceBound(burst.enter),
      leave: chanceBound(burst.leave),
      loss: chanceBound(burst.loss),
    },
    duplicate: chanceBound(rules.duplicate ?? 0),
    reorder: chanceBound(rules.reorder ?? 0),
    hold: compileDuration('holdMs', rules.holdMs ?? 100),
    bytesPerSecond: whole('bytesPerSecond', rules.bytesPerSecond ?? 0, rules.bytesPerSecond === undefined ? 0 : 1),
    queueBytes: whole('queueBytes', rules.queueBytes ?? Number.MAX_SAFE_INTEGER, 0),
    maxBytes: whole('maxBytes', rules.maxBytes ?? SIM_LIMITS.maxDatagramBytes, 0, SIM_LIMITS.maxDatagramBytes),
    segmentBytes: whole('segmentBytes', rules.segmentBytes ?? 1_460, 1),
    retryMs: whole('retryMs', rules.retryMs ?? 200, 1, SIM_LIMITS.maxDelayMs),
    breakMs: whole('breakMs', rules.breakMs ?? 15_000, 1, SIM_LIMITS.maxDelayMs),
  };
}

/** One value of a duration, from one 32-bit draw. Exact integers between two quantiles (SIM-3). */
export function sample(sampler: Sampler, drawn: number): number {
  const { points } = sampler;
  const first = points[0] as number;
  if (points.length === 1) return first;
  if (sampler.uniform) return first + scale(drawn, (points[1] as number) - first + 1);
  const position = drawn * (points.length - 1);
  const index = Math.floor(position / DRAWS);
  const low = points[index] as number;
  const high = points[index + 1] as number;
  return low + scale(position % DRAWS, high - low + 1);
}

/** Whether a link in a state of burst loss loses this message, and the state after it. Two draws: turn, loss. */
export function burstTurn(
  burst: { readonly enter: number; readonly leave: number; readonly loss: number },
  bad: boolean,
  key: number,
  index: number,
): { readonly bad: boolean; readonly lost: boolean } {
  const turns = draw(key, index) < (bad ? burst.leave : burst.enter);
  const nowBad = turns ? !bad : bad;
  return { bad: nowBad, lost: nowBad && draw(key, index + 1) < burst.loss };
}

/** Checks a duration; throws a `RangeError` that names the field. */
export function compileDuration(field: string, duration: Duration): Sampler {
  if (typeof duration === 'number')
    return { points: [whole(field, duration, 0, SIM_LIMITS.maxDelayMs)], uniform: false };
  const points = 'quantiles' in duration ? duration.quantiles : [duration.min, duration.max];
  if (points.length < 1) throw new RangeError(`${field} has no quantiles`);
  for (const [index, point] of points.entries())
    whole(field, point, index > 0 ? (points[index - 1] as number) : 0, SIM_LIMITS.maxDelayMs);
  return { points: [...points], uniform: !('quantiles' in duration) };
}

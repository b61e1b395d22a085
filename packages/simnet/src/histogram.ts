const EXACT = 16;
const STEPS = 8;
const LARGEST = 0x7fff_ffff;
const BUCKETS = EXACT + (31 - 4) * STEPS;

/**
 * Counts of whole numbers ≥ 0. Values below 16 have buckets of their own, larger ones eight buckets for each doubling, so
 * that a bucket is never wider than an eighth of its values. Values from 2^31 on count as 2^31−1.
 */
export interface Histogram {
  /** Number of values. */
  readonly count: number;
  /** Sum of all values. */
  readonly sum: number;
  /** Least value; 0 when there is none. */
  readonly min: number;
  /** Greatest value; 0 when there is none. */
  readonly max: number;
  /** Buckets that hold something, ascending: values `from` … `to`, both included. */
  readonly buckets: readonly { readonly from: number; readonly to: number; readonly count: number }[];
}

/** A histogram that grows. */
export class HistogramCounter {
  private readonly counts = new Float64Array(BUCKETS);
  private count = 0;
  private sum = 0;
  private min = LARGEST;
  private max = 0;

  /** Counts one value. */
  add(value: number): void {
    const counted = Math.min(value, LARGEST);
    const bucket = bucketOf(counted);
    this.counts[bucket] = (this.counts[bucket] as number) + 1;
    this.count += 1;
    this.sum += counted;
    if (counted < this.min) this.min = counted;
    if (counted > this.max) this.max = counted;
  }

  /** The counts as plain data. */
  read(): Histogram {
    const buckets: { from: number; to: number; count: number }[] = [];
    for (const [bucket, count] of this.counts.entries()) {
      if (count > 0) buckets.push({ from: lowOf(bucket), to: lowOf(bucket + 1) - 1, count });
    }
    return { count: this.count, sum: this.sum, min: this.count === 0 ? 0 : this.min, max: this.max, buckets };
  }
}

/**
 * An upper bound of the value below or at which this share (0 … 1) of all values lies; never above the greatest value.
 * 0 for an empty histogram.
 */
export function quantile(histogram: Histogram, share: number): number {
  if (!(share >= 0 && share <= 1)) throw new RangeError(`a share lies between 0 and 1, not ${share}`);
  let left = share * histogram.count;
  for (const { to, count } of histogram.buckets) {
    left -= count;
    if (left <= 0) return Math.min(to, histogram.max);
  }
  return histogram.max;
}

function bucketOf(value: number): number {
  if (value < EXACT) return value;
  const exponent = 31 - Math.clz32(value);
  return EXACT + (exponent - 4) * STEPS + ((value >>> (exponent - 3)) & (STEPS - 1));
}

function lowOf(bucket: number): number {
  if (bucket < EXACT) return bucket;
  const exponent = 4 + Math.floor((bucket - EXACT) / STEPS);
  return (STEPS + ((bucket - EXACT) % STEPS)) * 2 ** (exponent - 3);
}

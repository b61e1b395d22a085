import { sha256 } from '@noble/hashes/sha2.js';
import { PEERSTER_LIMITS } from './limits.ts';

const DIGEST_BYTES = 8;

/** The running hash before the first message: 32 zero bytes (PEERSTER-37). */
export function emptyHistory(): Uint8Array {
  return new Uint8Array(PEERSTER_LIMITS.hashBytes);
}

/** One step of the running hash: h(k) = SHA-256(h(k − 1) ‖ message hash of k) (PEERSTER-37). */
export function extendHistory(previous: Uint8Array, hash: Uint8Array): Uint8Array {
  const { hashBytes } = PEERSTER_LIMITS;
  if (previous.length !== hashBytes || hash.length !== hashBytes) {
    throw new RangeError(`running hash and message hash have ${hashBytes} bytes each`);
  }
  const input = new Uint8Array(2 * hashBytes);
  input.set(previous);
  input.set(hash, hashBytes);
  return sha256(input);
}

/** The first eight bytes of a running hash, as statuses and probes carry it. */
export function historyDigest(history: Uint8Array): Uint8Array {
  return history.slice(0, DIGEST_BYTES);
}

/** The running hashes of one origin, computed when asked for and again behind a message that changed. */
export class History {
  private readonly hashOf: (id: number) => Uint8Array | undefined;
  private readonly computed: Uint8Array[] = [emptyHistory()];

  /** `hashOf` gives the message hash of each number below the highest that is asked for. */
  constructor(hashOf: (id: number) => Uint8Array | undefined) {
    this.hashOf = hashOf;
  }

  /** Forgets what lies behind message `id`, which was replaced. */
  changed(id: number): void {
    this.computed.length = Math.min(this.computed.length, id + 1);
  }

  /** Digest over the messages 0 … `length` − 1, or undefined where one of them is unknown. */
  digest(length: number): Uint8Array | undefined {
    for (let id = this.computed.length - 1; id < length; id += 1) {
      const hash = this.hashOf(id);
      if (hash === undefined) return undefined;
      this.computed.push(extendHistory(this.computed[id]!, hash));
    }
    return historyDigest(this.computed[length]!);
  }
}

/** Where a probe stands: two histories of one origin agree below `from` and differ below `to`. */
export interface ProbeInterval {
  readonly from: number;
  readonly to: number;
}

/** The length of history whose digests settle the next half of an interval (PEERSTER-38): m = from + ⌊(to − from) / 2⌋. */
export function probeMiddle({ from, to }: ProbeInterval): number {
  return from + Math.floor((to - from) / 2);
}

/** The half in which the histories differ first, by whether their digests at the middle are equal (PEERSTER-38). */
export function narrowProbe(interval: ProbeInterval, equalAtMiddle: boolean): ProbeInterval {
  const middle = probeMiddle(interval);
  return equalAtMiddle ? { from: middle, to: interval.to } : { from: interval.from, to: middle };
}

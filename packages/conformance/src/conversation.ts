import type { Fault } from './codes.ts';
import { fieldOf, isJsonObject, type JsonObject, shorten } from './json.ts';
import { KIT_LIMITS, type KitLimits } from './limits.ts';

/** What one line of a driver turned out to be. */
export type Received =
  | { readonly kind: 'answer'; readonly answer: JsonObject }
  | { readonly kind: 'fault'; readonly fault: Fault /** Whether the driver must be ended. */; readonly fatal: boolean };

/**
 * Pairs the lines that a driver writes with the requests that were sent to it (rule CONF-2); knows no process and no clock.
 * Only one request waits at a time. Everything that is not its one answer is a fault: bytes that are no JSON object (`garbage`),
 * a second answer to a request (`double-answer`), an answer to a request that was never sent (`stray-answer`), and too much of
 * any of these (`flood`, the only one after which the driver cannot be used).
 */
export class Conversation {
  readonly #limits: KitLimits;
  /** Every request of this driver has a number up to this one; one above was never sent. */
  #lastSeq = -1;
  #waiting: number | null | undefined;
  #strayLines = 0;
  #bytes = 0;

  constructor(limits: KitLimits = KIT_LIMITS) {
    this.#limits = limits;
  }

  /** Notes that a request was sent. Numbers rise; null stands for a line without a readable number. */
  expect(seq: number | null): void {
    this.#waiting = seq;
    if (seq !== null) this.#lastSeq = seq;
    this.#strayLines = 0;
    this.#bytes = 0;
  }

  /** Counts bytes as they come, before they make a line; says when they are too many. */
  count(bytes: number): Received | undefined {
    this.#bytes += bytes;
    if (this.#bytes <= this.#limits.strayBytes) return undefined;
    return flood(`more than ${this.#limits.strayBytes} bytes in place of one answer`);
  }

  /** Takes one line without its line feed; undefined stands for a line over the limit or one that is no UTF-8. */
  receive(line: string | undefined): Received {
    const received = this.#judge(line);
    if (received.kind === 'answer') return received;
    this.#strayLines += 1;
    if (this.#strayLines <= this.#limits.strayLines) return received;
    return flood(`more than ${this.#limits.strayLines} lines that are no answer, the last: ${received.fault.detail}`);
  }

  #judge(line: string | undefined): Received {
    if (line === undefined) return fault({ code: 'garbage', detail: 'a line that is too long or not UTF-8' });
    const answer = parse(line);
    if (answer === undefined) {
      return fault({ code: 'garbage', detail: `a line that is no JSON object: ${shorten(line, 80)}` });
    }
    const seq = fieldOf(answer, 'seq');
    if (seq !== undefined && seq === this.#waiting) return this.#answered(answer);
    // A driver that could not read a request at all can only say so without its number.
    if (seq === null && this.#waiting !== undefined) return this.#answered(answer);
    if (typeof seq !== 'number' || !Number.isSafeInteger(seq) || seq < 0 || seq > this.#lastSeq) {
      return fault({ code: 'stray-answer', detail: `an answer that no request waits for: ${shorten(line, 80)}` });
    }
    return fault({ code: 'double-answer', detail: `a second answer: ${shorten(line, 200)}`, seq });
  }

  #answered(answer: JsonObject): Received {
    this.#waiting = undefined;
    return { kind: 'answer', answer };
  }
}

function parse(line: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function fault(content: Fault): Received {
  return { kind: 'fault', fault: content, fatal: false };
}

function flood(detail: string): Received {
  return { kind: 'fault', fault: { code: 'flood', detail }, fatal: true };
}

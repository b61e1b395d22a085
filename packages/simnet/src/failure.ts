import { formatAddress } from './address.ts';
import { CLOSE_REASONS, DROP_REASONS, type FailureCode } from './codes.ts';
import { SIM_LIMITS } from './limits.ts';
import { RECORD_KINDS, type RecordKind, SHUTS, STOPS } from './record.ts';

/** One line of a sequence diagram: a record of the trace with what a reader wants to see. */
export interface Moment {
  /** Ms since the start. */
  readonly at: number;
  /** Number of the event, from 1, that this belongs to. */
  readonly event: number;
  /** What happened. */
  readonly kind: RecordKind;
  /** Where. */
  readonly node: number;
  /** The other node, where there is one. */
  readonly peer: number | undefined;
  /** Message or payload, where there is one. */
  readonly bytes: Uint8Array | undefined;
  /** More in words: an address, a reason, the name of an action. */
  readonly text: string;
}

/** Why a run failed and where: plain data, but for the bytes of the last messages. */
export interface Failure {
  /** What kind of failure. */
  readonly code: FailureCode;
  /** Name of the check for `invariant` and `unmet`. */
  readonly check: string | undefined;
  /** The node; for `unmet`, 0 unless the check names another in its detail. */
  readonly node: number;
  /** Number of the event, from 1. */
  readonly event: number;
  /** Ms since the start. */
  readonly at: number;
  /** Seed of the run. */
  readonly seed: number;
  /** One sentence. */
  readonly detail: string;
  /** What happened last, oldest first. */
  readonly last: readonly Moment[];
}

/** Remembers the last records of a run, in a ring that costs nothing but a few stores a record. */
export class Recent {
  private readonly at = new Float64Array(SIM_LIMITS.lastRecords);
  private readonly event = new Float64Array(SIM_LIMITS.lastRecords);
  private readonly kind = new Uint8Array(SIM_LIMITS.lastRecords);
  private readonly node = new Int32Array(SIM_LIMITS.lastRecords);
  private readonly peer = new Int32Array(SIM_LIMITS.lastRecords);
  private readonly field = new Float64Array(SIM_LIMITS.lastRecords);
  private readonly bytes: (Uint8Array | undefined)[] = new Array(SIM_LIMITS.lastRecords).fill(undefined);
  private readonly text: string[] = new Array(SIM_LIMITS.lastRecords).fill('');
  private count = 0;

  /** Remembers a record; `peer` is −1 for none, `field` whatever its kind has to tell. */
  note(
    kind: number,
    node: number,
    at: number,
    event: number,
    peer: number,
    field: number,
    bytes: Uint8Array | undefined,
    text: string,
  ): void {
    const slot = this.count % SIM_LIMITS.lastRecords;
    this.count += 1;
    this.at[slot] = at;
    this.event[slot] = event;
    this.kind[slot] = kind;
    this.node[slot] = node;
    this.peer[slot] = peer;
    this.field[slot] = field;
    this.bytes[slot] = bytes;
    this.text[slot] = text;
  }

  /** What is remembered, oldest first. */
  read(): Moment[] {
    const moments: Moment[] = [];
    for (let at = Math.max(0, this.count - SIM_LIMITS.lastRecords); at < this.count; at += 1) {
      const slot = at % SIM_LIMITS.lastRecords;
      const kind = RECORD_KINDS[(this.kind[slot] as number) - 1] as RecordKind;
      const peer = this.peer[slot] as number;
      moments.push({
        at: this.at[slot] as number,
        event: this.event[slot] as number,
        kind,
        node: this.node[slot] as number,
        peer: peer < 0 ? undefined : peer,
        bytes: this.bytes[slot],
        text: wordsFor(kind, this.field[slot] as number, this.text[slot] as string),
      });
    }
    return moments;
  }
}

function wordsFor(kind: RecordKind, field: number, text: string): string {
  switch (kind) {
    case 'start':
      return field === 0 ? '' : 'again';
    case 'stop':
      return STOPS[field] ?? '';
    case 'tick':
      return field === 0 ? '' : 'early';
    case 'drop':
      return DROP_REASONS[field] ?? '';
    case 'closed':
      return CLOSE_REASONS[field] ?? '';
    case 'shut':
      return SHUTS[field] ?? '';
    case 'send':
    case 'connect':
    case 'move':
      return formatAddress(field);
    default:
      return text;
  }
}

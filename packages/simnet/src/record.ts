/**
 * What a record of a trace tells. Events, which the scheduler brings to a node: `start`, `stop`, `move`, `act`, `tick`,
 * `receive`, `opened`, `data`, `closed`. What the node does in the event before: `send`, `connect`, `write`, `shut`, `mark`,
 * `store`. What the network does: `drop`, `step`.
 */
export type RecordKind =
  | 'start'
  | 'stop'
  | 'move'
  | 'act'
  | 'tick'
  | 'receive'
  | 'opened'
  | 'data'
  | 'closed'
  | 'send'
  | 'drop'
  | 'connect'
  | 'write'
  | 'shut'
  | 'mark'
  | 'store'
  | 'step';

/** Kinds in the order of their numbers in a trace, from 1 (SIM-9). */
export const RECORD_KINDS: readonly RecordKind[] = Object.freeze([
  'start',
  'stop',
  'move',
  'act',
  'tick',
  'receive',
  'opened',
  'data',
  'closed',
  'send',
  'drop',
  'connect',
  'write',
  'shut',
  'mark',
  'store',
  'step',
]);

/** Names of the fields of each kind of record, in order (SIM-9). */
export const RECORD_FIELDS: Readonly<Record<RecordKind, readonly string[]>> = Object.freeze({
  start: ['incarnation'],
  stop: ['how'],
  move: ['address'],
  act: ['step'],
  tick: ['early'],
  receive: ['age', 'sender'],
  opened: ['stream', 'inbound'],
  data: ['stream', 'length', 'checksum'],
  closed: ['stream', 'reason'],
  send: ['to', 'length', 'checksum'],
  drop: ['age', 'reason'],
  connect: ['stream', 'to'],
  write: ['stream', 'length', 'checksum'],
  shut: ['stream', 'how'],
  mark: ['name'],
  store: ['key', 'value'],
  step: ['step', 'on'],
});

/** Number of the kinds that are events of a node. */
export const EVENT_KINDS = 9;

/** Numbers of the kinds, for the hot path. */
export const KIND = {
  start: 1,
  stop: 2,
  move: 3,
  act: 4,
  tick: 5,
  receive: 6,
  opened: 7,
  data: 8,
  closed: 9,
  send: 10,
  drop: 11,
  connect: 12,
  write: 13,
  shut: 14,
  mark: 15,
  store: 16,
  step: 17,
} as const;

/** Values of the field `how` of a `stop`. */
export const STOPS: readonly string[] = Object.freeze(['crash', 'leave', 'wipe']);

/** Values of the field `how` of a `shut`. */
export const SHUTS: readonly string[] = Object.freeze(['close', 'reset']);

/** One record of a trace. */
export interface TraceRecord {
  /** Position in the trace, from 0. */
  readonly index: number;
  /** Ms since the start of the run. */
  readonly at: number;
  /** What it tells. */
  readonly kind: RecordKind;
  /** The node that it is about. */
  readonly node: number;
  /** Values in the order of {@link RECORD_FIELDS}. */
  readonly fields: readonly number[];
}

/** A record as one line: `12 ms node 3 send to=… length=16 checksum=…`. */
export function formatRecord(record: TraceRecord): string {
  const fields = RECORD_FIELDS[record.kind].map((name, at) => `${name}=${record.fields[at]}`);
  return `#${record.index} ${record.at} ms node ${record.node} ${record.kind} ${fields.join(' ')}`;
}

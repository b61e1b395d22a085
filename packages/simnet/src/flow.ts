/** What a segment of a stream is: the greeting that opens it, bytes, its end in order, a cut, or a refusal. */
export type SegmentKind = 'open' | 'bytes' | 'end' | 'cut' | 'refusal';

/** Part of a stream on its way. */
export interface Segment {
  readonly kind: SegmentKind;
  /** Payload; empty for all kinds but `bytes`. */
  readonly bytes: Uint8Array;
  /** When it arrives if nothing holds it up, ms since the start. */
  at: number;
}

/** One direction of a stream: segments in the order in which they were written, and never in any other. */
export interface Flow {
  segments: Segment[];
  /** Index of the segment that comes next; those before it have arrived. */
  head: number;
  /** Arrival of the last segment; the next one never comes before it. */
  lastAt: number;
  /** Bytes on their way. */
  backlog: number;
  /** Segments so far, which name their draws. */
  count: number;
  /** Since when nothing gets through; −1 while all is well. */
  stalledAt: number;
}

/** A direction that has carried nothing yet. */
export function createFlow(): Flow {
  return { segments: [], head: 0, lastAt: 0, backlog: 0, count: 0, stalledAt: -1 };
}

/** The segment that comes next. */
export function nextSegment(flow: Flow): Segment | undefined {
  return flow.segments[flow.head];
}

/** Takes the segment that comes next off the flow. */
export function takeSegment(flow: Flow): void {
  flow.head += 1;
  if (flow.head < COMPACT_AT || flow.head * 2 < flow.segments.length) return;
  flow.segments = flow.segments.slice(flow.head);
  flow.head = 0;
}

/** Takes the bytes that come next: of one segment, or with `merged` of all that have arrived by now. */
export function takeBytes(flow: Flow, now: number, merged: boolean): Uint8Array {
  const first = (nextSegment(flow) as Segment).bytes;
  const parts: Uint8Array[] = [];
  let length = 0;
  for (let next = nextSegment(flow); next?.kind === 'bytes' && next.at <= now; next = nextSegment(flow)) {
    parts.push(next.bytes);
    length += next.bytes.length;
    takeSegment(flow);
    if (!merged) break;
  }
  flow.backlog -= length;
  if (parts.length === 1) return first;
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

/** Throws everything away that is on its way. */
export function clearFlow(flow: Flow): void {
  flow.segments = [];
  flow.head = 0;
  flow.lastAt = 0;
  flow.backlog = 0;
}

const COMPACT_AT = 64;

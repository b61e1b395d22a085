import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decodeTrace,
  firstDifference,
  formatRecord,
  RECORD_FIELDS,
  RECORD_KINDS,
  run,
  SimnetError,
  Simulation,
  type Trace,
  traceHash,
} from '../src/index.ts';
import { TraceWriter } from '../src/trace.ts';
import { chatters } from './support/chatter.ts';

function written(nodes: number, seed: number): Uint8Array {
  const simulation = new Simulation(chatters(nodes, { untilMs: 1_000 }), seed, { trace: 'full' });
  simulation.run();
  return simulation.trace() as Uint8Array;
}

/** Writes a decoded trace again. */
function encode({ header, records }: Trace): Uint8Array {
  const writer = new TraceWriter(header, true);
  for (const { kind, node, at, fields } of records) {
    const [first = 0, second = 0, third = 0] = fields;
    writer.write(RECORD_KINDS.indexOf(kind) + 1, node, at, fields.length, first, second, third);
  }
  return new Uint8Array(writer.bytes() as Uint8Array);
}

describe('a trace', () => {
  test('decodes, and encodes to the same bytes', () => {
    const bytes = written(8, 3);
    const trace = decodeTrace(bytes);
    expect(trace.header).toEqual({ seed: 3, nodes: 8, startMs: 1_700_000_000_000 });
    expect(new Set(trace.records.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(12);
    expect(encode(trace)).toEqual(bytes);
    for (const { kind, fields } of trace.records) expect(fields).toHaveLength(RECORD_FIELDS[kind].length);
  });

  test('holds any numbers', () => {
    const record = fc.record({
      kind: fc.integer({ min: 1, max: RECORD_KINDS.length }),
      node: fc.nat(),
      after: fc.oneof(fc.nat(3), fc.nat()),
      fields: fc.tuple(fc.maxSafeNat(), fc.maxSafeNat(), fc.maxSafeNat()),
    });
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.array(record), (seed, list) => {
        const writer = new TraceWriter({ seed, nodes: 1, startMs: 0 }, true);
        let at = 0;
        const expected = list.map(({ kind, node, after, fields }, index) => {
          at += after;
          const name = RECORD_KINDS[kind - 1] as (typeof RECORD_KINDS)[number];
          const count = RECORD_FIELDS[name].length;
          writer.write(kind, node, at, count, ...fields);
          return { index, at, kind: name, node, fields: fields.slice(0, count) };
        });
        const trace = decodeTrace(writer.bytes() as Uint8Array);
        expect(trace.header.seed).toBe(seed);
        expect(trace.records).toEqual(expected);
      }),
    );
  });

  test('that is cut off or damaged decodes to something else or is refused, with the offset', () => {
    const bytes = written(3, 1).slice(0, 2_000);
    for (let length = 0; length < bytes.length; length += 1) expectValueOrError(bytes.subarray(0, length));
    for (let bit = 0; bit < 8 * 300; bit += 1) {
      const damaged = new Uint8Array(bytes);
      damaged[bit >> 3] = (damaged[bit >> 3] as number) ^ (1 << (bit & 7));
      expectValueOrError(damaged);
    }
    fc.assert(
      fc.property(fc.uint8Array(), (noise) => expectValueOrError(Uint8Array.of(0x53, 0x49, 0x4d, 1, ...noise))),
    );
  });

  test('is refused for a number in a longer form than needed, one beyond 2^53, and another version', () => {
    const refuse = (...tail: number[]) => {
      try {
        decodeTrace(Uint8Array.of(0x53, 0x49, 0x4d, ...tail));
      } catch (error) {
        return error instanceof SimnetError ? [error.code, error.offset] : error;
      }
      return undefined;
    };
    expect(refuse(1, 0x80, 0x00, 1, 0)).toEqual(['bad-trace', 5]);
    expect(refuse(1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f, 1, 0)).toEqual(['bad-trace', 11]);
    expect(refuse(2, 0, 1, 0)).toEqual(['bad-trace', 3]);
    expect(refuse(1, 0, 1, 0, 18, 0, 0)).toEqual(['bad-trace', 7]);
    expect(refuse(1, 0, 1, 0)).toBeUndefined();
  });

  test('is hashed as its bytes are, whether they are kept or not', () => {
    const bytes = written(8, 3);
    const hash = createHash('sha256').update(bytes).digest('hex');
    expect(traceHash(bytes)).toBe(hash);
    const scenario = chatters(8, { untilMs: 1_000 });
    for (const trace of ['hash', 'full'] as const) expect(run(scenario, 3, { trace }).traceHash).toBe(hash);
    expect(run(scenario, 3, { trace: 'off' }).traceHash).toBeUndefined();
  });

  test('tells the same when it is kept, hashed or looked at half-way', () => {
    const scenario = chatters(30, { untilMs: 20_000 });
    const simulation = new Simulation(scenario, 5, { trace: 'hash' });
    simulation.advance(7_000);
    const outcome = simulation.run();
    const full = new Simulation(scenario, 5, { trace: 'full' });
    full.run();
    expect((full.trace() as Uint8Array).length).toBeGreaterThan(100_000);
    expect(outcome.traceHash).toBe(traceHash(full.trace() as Uint8Array));
  });

  test('that differs is found to differ at its first different record', () => {
    const one = decodeTrace(written(5, 1));
    expect(firstDifference(one, one)).toBeUndefined();
    const changed = {
      ...one,
      records: one.records.map((record, at) => (at === 100 ? { ...record, node: 99 } : record)),
    };
    expect(firstDifference(one, changed)).toEqual({ index: 100, left: one.records[100], right: changed.records[100] });
    const shorter = { ...one, records: one.records.slice(0, 50) };
    expect(firstDifference(shorter, one)).toEqual({ index: 50, left: undefined, right: one.records[50] });
    expect(formatRecord(one.records[0] as (typeof one.records)[0])).toBe('#0 0 ms node 0 start incarnation=0');
  });
});

function expectValueOrError(bytes: Uint8Array): void {
  try {
    const { records } = decodeTrace(bytes);
    expect(records.length).toBeLessThanOrEqual(bytes.length);
  } catch (error) {
    expect(error).toBeInstanceOf(SimnetError);
    expect((error as SimnetError).code).toBe('bad-trace');
    expect((error as SimnetError).offset).toBeLessThanOrEqual(bytes.length);
  }
}

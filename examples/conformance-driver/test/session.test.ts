import { createNobleBackend } from '@rookery/keys';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytes, integer } from '../src/input.ts';
import { ok, refused } from '../src/operation.ts';
import { Session } from '../src/session.ts';

class Coded extends Error {
  readonly code = 'bad-thing';
}

const operations = {
  'test.add': (input: object) => ok({ sum: integer({ ...input }, 'a') + integer({ ...input }, 'b') }),
  'test.refuse': () => refused('no-good', 20),
  'test.throw': () => {
    throw new Coded('told so');
  },
  'test.crash': () => {
    throw new RangeError('stack');
  },
  'test.bytes': (input: object) => ok({ length: bytes({ ...input }, 'bytes').length }),
};
const engines = {
  counter: () => {
    let steps = 0;
    return {
      step: () => {
        steps += 1;
        return { effects: [{ type: 'count', steps }], next: null };
      },
    };
  },
};
const identity = { name: 'n', version: '1', language: 'l', homepage: '', profiles: ['canonical'] };

function session(): Session {
  return new Session(identity, operations, engines, { backend: createNobleBackend() });
}

function ask(request: object, to: Session = session()): unknown {
  return to.answer(JSON.stringify(request));
}

describe('requests', () => {
  test('hello names operations, engines and profiles', () => {
    expect(ask({ seq: 0, cmd: 'hello', protocol: 1 })).toEqual({
      seq: 0,
      hello: {
        name: 'n',
        version: '1',
        language: 'l',
        homepage: '',
        ops: Object.keys(operations),
        engines: ['counter'],
        profiles: ['canonical'],
      },
    });
  });

  test('run answers ok, reject, error or skip', () => {
    expect(ask({ seq: 1, cmd: 'run', op: 'test.add', in: { a: 1, b: '2' } })).toEqual({ seq: 1, ok: { sum: 3 } });
    expect(ask({ seq: 2, cmd: 'run', op: 'test.refuse', in: {} })).toEqual({
      seq: 2,
      reject: { code: 'no-good', penalty: 20 },
    });
    expect(ask({ seq: 3, cmd: 'run', op: 'test.throw', in: {} })).toEqual({ seq: 3, reject: { code: 'bad-thing' } });
    expect(ask({ seq: 4, cmd: 'run', op: 'test.crash', in: {} })).toEqual({
      seq: 4,
      error: { message: 'RangeError: stack' },
    });
    expect(ask({ seq: 5, cmd: 'run', op: 'toString', in: {} })).toMatchObject({ seq: 5, skip: {} });
    expect(ask({ seq: 6, cmd: 'run', op: 'test.bytes', in: { bytes: 'abc' } })).toMatchObject({ seq: 6, error: {} });
    expect(ask({ seq: 7, cmd: 'run', op: 'test.bytes', in: { bytes: 'AB' } })).toMatchObject({ seq: 7, error: {} });
    expect(ask({ seq: 8, cmd: 'run', op: 'test.bytes', in: {} })).toMatchObject({ seq: 8, error: {} });
  });

  test('an engine keeps its state between steps and is gone after close', () => {
    const one = session();
    expect(ask({ seq: 1, cmd: 'open', engine: 'counter', config: {} }, one)).toEqual({ seq: 1, ok: { handle: 1 } });
    ask({ seq: 2, cmd: 'step', handle: 1, now: 0, in: { type: 'tick' } }, one);
    expect(ask({ seq: 3, cmd: 'step', handle: 1, now: 1, in: { type: 'tick' } }, one)).toEqual({
      seq: 3,
      ok: { effects: [{ type: 'count', steps: 2 }], next: null },
    });
    expect(ask({ seq: 4, cmd: 'close', handle: 1 }, one)).toEqual({ seq: 4, ok: {} });
    expect(ask({ seq: 5, cmd: 'step', handle: 1, now: 2, in: {} }, one)).toMatchObject({ seq: 5, error: {} });
    expect(ask({ seq: 6, cmd: 'open', engine: 'hovercraft', config: {} }, one)).toMatchObject({ seq: 6, skip: {} });
  });

  test('bye ends the session', () => {
    expect(ask({ cmd: 'bye' })).toBeUndefined();
  });

  test('a line that is no request is answered with an error', () => {
    expect(session().answer('{')).toMatchObject({ seq: null, error: {} });
    expect(session().answer('[1]')).toMatchObject({ seq: null, error: {} });
    expect(session().answer('{"seq":1}')).toMatchObject({ seq: 1, error: {} });
    expect(session().answer('{"cmd":"run"}')).toMatchObject({ seq: null, error: {} });
  });

  test('nothing a line contains ends the driver', () => {
    const one = session();
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc
            .record({
              seq: fc.nat(),
              cmd: fc.constantFrom('run', 'open', 'step', 'close', 'hello'),
              op: fc.anything(),
              in: fc.anything(),
              handle: fc.anything(),
              now: fc.anything(),
              config: fc.anything(),
              engine: fc.anything(),
            })
            .map((request) => JSON.stringify(request)),
        ),
        (line) => {
          const answer = one.answer(line);
          if (answer !== undefined) expect(answer).toHaveProperty('seq');
        },
      ),
    );
  });
});

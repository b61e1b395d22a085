import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type JsonObject, parseAnswer, parseHello } from '../src/index.ts';
import { json } from './json.ts';

const folder = new URL('../../../spec/conformance/', import.meta.url);
const schema = JSON.parse(readFileSync(new URL('answer.schema.json', folder), 'utf8')) as object;
const fits = new Ajv2020({ strict: false }).compile(schema);

const hello = { name: 'n', version: '1', language: 'l', homepage: '', ops: [], engines: [], profiles: ['canonical'] };

describe('CONF-1', () => {
  test('hello has every field', () => {
    expect(parseHello({ seq: 0, hello }).ok).toBe(true);
    for (const name of Object.keys(hello)) {
      const { [name as 'name']: _, ...rest } = hello;
      expect(parseHello({ seq: 0, hello: rest }).ok).toBe(false);
      expect(fits({ seq: 0, hello: rest })).toBe(false);
    }
    expect(parseHello({ seq: 0, hello: { ...hello, ops: [1] } }).ok).toBe(false);
    expect(parseHello({ seq: 0, ok: {} }).ok).toBe(false);
  });
});

describe('CONF-2', () => {
  test.each<[JsonObject, boolean]>([
    [{ ok: {} }, true],
    [{ ok: { a: 1 }, more: true }, true],
    [{ ok: 1 }, false],
    [{ reject: { code: 'x' } }, true],
    [{ reject: { code: 'x', penalty: 5 } }, true],
    [{ reject: { code: 'x', penalty: 1.5 } }, false],
    [{ reject: { code: 5 } }, false],
    [{ reject: { code: '' } }, false],
    [{ skip: { reason: 'r' } }, true],
    [{ skip: { reason: 'r', issueUrl: 'u' } }, true],
    [{ skip: { reason: 'r', issueUrl: 5 } }, false],
    [{ skip: {} }, false],
    [{ error: { message: 'm' } }, true],
    [{ error: {} }, false],
    [{ ok: {}, skip: { reason: 'r' } }, false],
    [{}, false],
  ])('%j', (answer, good) => {
    expect(parseAnswer(answer).ok).toBe(good);
    expect(fits({ seq: 1, ...answer })).toBe(good);
  });
});

test('the parser and the schema agree on every answer', () => {
  const part = fc.oneof(
    json,
    fc.record({ code: json, penalty: json, reason: json, message: json }, { requiredKeys: [] }),
  );
  const answer = fc.record({ ok: part, reject: part, skip: part, error: part }, { requiredKeys: [] });
  fc.assert(
    fc.property(answer, (content) => {
      const object = JSON.parse(JSON.stringify(content)) as JsonObject;
      expect(parseAnswer(object).ok).toBe(fits({ seq: 1, ...object }));
    }),
  );
});

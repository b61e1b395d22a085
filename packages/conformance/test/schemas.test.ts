import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { loadData, loadRules } from '../src/cli/data.ts';
import { compileSchemas, type Json, type JsonObject, problemsOf, readVectors } from '../src/index.ts';

const folder = new URL('../../../spec/conformance/', import.meta.url);
const schemas = readdirSync(folder)
  .filter((name) => name.endsWith('.schema.json'))
  .map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Json);
const schema = compileSchemas(schemas);

const vector = {
  id: 'test-1',
  rule: 'POST-1',
  level: 'MUST',
  comment: 'c',
  flags: [],
  op: 'post.limit',
  in: { tip: 1, registered: '0' },
  result: 'valid',
  out: { maxK: 22 },
};
const transcript = {
  id: 'test-2',
  rule: 'POST-1',
  level: 'MUST',
  comment: 'c',
  engine: 'dht',
  config: {},
  steps: [
    { now: 1, in: { type: 'tick' }, effects: [{ type: 'send', to: { let: 'x' } }] },
    { now: 2, in: { type: 'datagram', from: { use: 'x' } }, effects: { has: ['*'] } },
  ],
};
const document = { suite: 'test', specVersion: 1, source: 's', notes: {}, tests: [vector], transcripts: [transcript] };

function faultsWith(changes: object, part: 'document' | 'test' | 'transcript' = 'test'): string[] {
  const content = {
    ...document,
    ...(part === 'document' ? changes : {}),
    ...(part === 'test' ? { tests: [{ ...vector, ...changes }] } : {}),
    ...(part === 'transcript' ? { transcripts: [{ ...transcript, ...changes }] } : {}),
  };
  return schema.faultsOf(JSON.parse(JSON.stringify(content)) as Json);
}

describe('CONF-11', () => {
  test('the specimen fits', () => {
    expect(faultsWith({})).toEqual([]);
  });

  test.each<[string, object]>([
    ['no id', { id: undefined }],
    ['an id with capitals', { id: 'Test-1' }],
    ['no rule', { rule: 'seven' }],
    ['an unknown level', { level: 'SHALL' }],
    ['an unknown result', { result: 'maybe' }],
    ['a field that nobody knows', { ouput: 1 }],
    ['valid without out', { out: undefined }],
    ['valid with a refusal', { reject: { code: 'x' } }],
    ['invalid without a refusal', { result: 'invalid', out: undefined }],
    ['a refusal without a code', { result: 'invalid', out: undefined, reject: {} }],
    ['acceptable without a choice', { result: 'acceptable', out: undefined, either: [] }],
    ['a choice that is both', { result: 'acceptable', out: undefined, either: [{ out: 1, reject: { code: 'x' } }] }],
    ['a flag without a note', { flags: ['W1'] }],
    ['in that lacks a field', { in: { tip: 1 } }],
    ['in with a field that the operation has not', { in: { ...vector.in, porfile: 'canonical' } }],
    ['in with a value of the wrong kind', { in: { ...vector.in, tip: 1.5 } }],
    ['out with a field that the operation has not', { out: { maxk: 1 } }],
    ['bytes that are no hex', { op: 'sign.digest', in: { message: 'abc' }, out: {} }],
  ])('a case with %s does not fit', (_, changes) => {
    expect(faultsWith(changes)).not.toEqual([]);
  });

  test.each<[string, object]>([
    ['no steps', { steps: [] }],
    ['time that runs backwards', { steps: [...transcript.steps, { now: 0, in: { type: 'tick' }, effects: [] }] }],
    ['a name that nothing bound', { steps: [transcript.steps[1]] }],
    ['an input without a type', { steps: [{ now: 1, in: {}, effects: [] }] }],
    ['effects that are neither list nor has', { steps: [{ now: 1, in: { type: 'tick' }, effects: {} }] }],
  ])('a transcript with %s does not fit', (_, changes) => {
    expect(faultsWith(changes, 'transcript')).not.toEqual([]);
  });

  test.each<[string, object]>([
    ['another version', { specVersion: 2 }],
    ['no source', { source: '' }],
    ['neither tests nor transcripts', { tests: undefined, transcripts: undefined }],
    ['a note without a class', { notes: { W1: { description: 'd' } } }],
  ])('a document with %s does not fit', (_, changes) => {
    expect(faultsWith(changes, 'document')).not.toEqual([]);
  });

  test('one fault keeps the whole file from running, and no other file', () => {
    const files = [
      { path: 'bad.json', content: { ...document, tests: [vector, { ...vector, id: 'test-3', in: {} }] } as Json },
      { path: 'good.json', content: document as unknown as Json },
      { path: 'other.json', content: [] },
    ];
    const read = readVectors(files, schema);
    expect(read.files.map(({ path }) => path)).toEqual(['good.json']);
    expect(read.problems.map(({ detail }) => detail.split(' ')[0])).toEqual(['bad.json', 'other.json']);
  });

  test('an operation that the schemas do not know is let through', () => {
    expect(faultsWith({ op: 'my.own', in: { anything: 1 }, out: 5 })).toEqual([]);
  });
});

describe('what comes with the kit', () => {
  const { plan, problems } = loadData(undefined);

  test('every vector fits the schema and no id is used twice', () => {
    expect(problems).toEqual([]);
    expect(problemsOf(plan)).toEqual([]);
    expect(plan.length).toBeGreaterThan(2000);
  });

  test('every operation of a vector has a shape', () => {
    const operations = schemas.find((one) => (one as JsonObject).$id === 'urn:rookery:conformance:operations');
    const known = Object.keys((operations as JsonObject).$defs as JsonObject);
    const used = new Set(plan.flatMap((planned) => (planned.kind === 'vector' ? [planned.test.op] : [])));
    expect([...used].filter((op) => !known.includes(op))).toEqual([]);
  });

  test('the rules fit their schema and are those that the vectors name', () => {
    const rules = new Set(loadRules().map(({ id }) => id));
    expect([...new Set(plan.map(({ test }) => test.rule))].filter((rule) => !rules.has(rule))).toEqual([]);
  });
});

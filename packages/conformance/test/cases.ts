import type { JsonObject, PlannedCase, TranscriptStep } from '../src/index.ts';

type Expected =
  | { readonly result: 'valid'; readonly out: JsonObject }
  | { readonly result: 'invalid'; readonly reject: { readonly code: string; readonly penalty?: number } };

const head = { level: 'MUST', rule: 'CONF-2', comment: 'a case of the tests' } as const;

/** A case that tells the driver of these tests what to do. */
export function caseOf(
  id: string,
  deed: string,
  expected: Expected = { result: 'valid', out: { done: true } },
): PlannedCase {
  return {
    kind: 'vector',
    suite: 'test',
    path: 'test/cases.json',
    profile: undefined,
    test: { ...head, id: `test-${id}`, flags: [], op: 'test.do', in: { do: deed }, ...expected },
  };
}

/** A transcript for the engine of the driver of these tests, which counts its steps. */
export function transcriptOf(id: string, steps: readonly TranscriptStep[], engine = 'counter'): PlannedCase {
  return {
    kind: 'transcript',
    suite: 'test',
    path: 'test/transcripts.json',
    profile: undefined,
    test: { ...head, id: `test-${id}`, engine, config: {}, steps },
  };
}

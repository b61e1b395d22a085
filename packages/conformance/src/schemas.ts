import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Problem } from './codes.ts';
import { isJsonList, type Json, shorten } from './json.ts';
import { KIT_LIMITS } from './limits.ts';
import { namesBound, namesUsed } from './pattern.ts';
import type { VectorFile } from './plan.ts';
import type { Transcript, VectorDocument } from './vectors.ts';

const VECTORS = 'urn:rookery:conformance:vectors';
const OPERATIONS = 'urn:rookery:conformance:operations';

/** Says whether a parsed vector file may run. */
export interface VectorSchema {
  /** Sentences about what does not fit; empty if all does. */
  faultsOf(content: Json): string[];
}

/**
 * Compiles the JSON Schemas of `spec/conformance/` (draft 2020-12): `vectors`, and `operations` with the shapes of every
 * operation's `in` and `out`. An operation that they do not know is not checked. Throws if the schemas themselves are wrong.
 */
export function compileSchemas(schemas: readonly Json[]): VectorSchema {
  const ajv = new Ajv2020({ strictSchema: true, strictTypes: false, strictRequired: false, schemas: schemas as never });
  const document = ajv.getSchema(VECTORS);
  if (document === undefined) throw new RangeError(`there is no schema ${VECTORS}`);
  return { faultsOf: (content) => faultsOf(content, document, ajv) };
}

/**
 * Sorts parsed files into documents that fit and problems. A file with one fault does not run at all (rule CONF-11):
 * what it says beside it cannot be trusted either.
 */
export function readVectors(
  files: readonly { readonly path: string; readonly content: Json }[],
  schema: VectorSchema,
): { readonly files: VectorFile[]; readonly problems: Problem[] } {
  const good: VectorFile[] = [];
  const problems: Problem[] = [];
  for (const { path, content } of files) {
    const faults = schema.faultsOf(content);
    if (faults.length === 0) good.push({ path, document: content as unknown as VectorDocument });
    else problems.push({ code: 'bad-vectors', detail: `${path} does not run: ${faults.slice(0, 3).join('; ')}` });
  }
  return { files: good, problems };
}

function faultsOf(content: Json, document: ValidateFunction, ajv: Ajv2020): string[] {
  if (!document(content)) return sentencesOf(document.errors, '');
  const { tests = [], transcripts = [], notes } = content as unknown as VectorDocument;
  const faults: string[] = [];
  for (const test of tests) {
    const shapes = ajv.getSchema(`${OPERATIONS}#/$defs/${encodeURIComponent(test.op)}`) && test.op;
    if (shapes !== undefined) {
      faults.push(...shapeFaults(ajv, test.op, 'in', test.in, test.id));
      const outcomes = test.result === 'acceptable' ? test.either : [test];
      for (const outcome of outcomes) {
        if ('out' in outcome) faults.push(...shapeFaults(ajv, test.op, 'out', outcome.out, test.id));
      }
    }
    for (const flag of test.flags) {
      if (!Object.hasOwn(notes, flag)) faults.push(`${test.id} has the flag ${flag} without a note`);
    }
  }
  return [...faults, ...transcripts.flatMap(transcriptFaults)];
}

function shapeFaults(ajv: Ajv2020, op: string, part: 'in' | 'out', value: Json, id: string): string[] {
  const validate = ajv.getSchema(`${OPERATIONS}#/$defs/${encodeURIComponent(op)}/$defs/${part}`);
  return validate === undefined || validate(value) ? [] : sentencesOf(validate.errors, `${id}: ${part}`);
}

/** What a schema cannot say: time does not run backwards, and a name is bound before it is used. */
function transcriptFaults({ id, steps }: Transcript): string[] {
  const bound = new Set<string>();
  const faults: string[] = [];
  let now = 0;
  for (const [index, step] of steps.entries()) {
    const unbound = namesUsed(step.in).filter((name) => !bound.has(name));
    if (step.now < now) faults.push(`${id}: step ${index} is earlier than the one before`);
    now = step.now;
    const { effects } = step;
    const patterns = isJsonList(effects) ? effects : [...(effects.has ?? []), ...(effects.hasNot ?? [])];
    for (const name of namesBound(patterns)) bound.add(name);
    unbound.push(...namesUsed(patterns).filter((name) => !bound.has(name)));
    faults.push(...unbound.map((name) => `${id}: step ${index} uses ${name}, which nothing has bound`));
  }
  return faults;
}

function sentencesOf(errors: readonly ErrorObject[] | null | undefined, place: string): string[] {
  return (errors ?? []).map(({ instancePath, message = 'is wrong', params }) => {
    const extra = 'additionalProperty' in params ? ` (${String(params.additionalProperty)})` : '';
    return shorten(`${place}${instancePath || ' the document'} ${message}${extra}`.trim(), KIT_LIMITS.shownCharacters);
  });
}

import { fieldOf, isJsonList, isJsonObject, type Json, type JsonObject, showJson } from './json.ts';
import { KIT_LIMITS } from './limits.ts';
import type { EffectsPattern } from './vectors.ts';

/** What `{"let":"x"}` has bound so far, by name. */
export type Bindings = ReadonlyMap<string, Json>;

/** A fit with everything that is bound after it, or the first place that does not fit. */
export type Match =
  | { readonly ok: true; readonly bindings: Bindings }
  | { readonly ok: false; readonly detail: string };

/**
 * Decodes wire bytes in the middle of a pattern: asks an operation, and gives the value of its `ok`, or a sentence that says
 * why there is none. The same question must get the same answer.
 */
export type Decode = (op: string, input: JsonObject) => Promise<{ readonly ok: Json } | { readonly detail: string }>;

/**
 * Puts what is bound in place of every `{"use":"x"}` of a template, at any depth. Throws `RangeError` for a name that nothing has
 * bound: the transcript is wrong then, whatever the driver does.
 */
export function insert(template: Json, bindings: Bindings): Json {
  if (isJsonList(template)) return template.map((item) => insert(item, bindings));
  if (!isJsonObject(template)) return template;
  const used = onlyField(template, 'use');
  if (typeof used === 'string') {
    const bound = bindings.get(used);
    if (bound === undefined) throw new RangeError(`nothing has bound ${used}`);
    return bound;
  }
  return Object.fromEntries(Object.entries(template).map(([name, value]) => [name, insert(value, bindings)]));
}

/** The names that a template or pattern uses, in order. */
export function namesUsed(template: Json): string[] {
  return namesOf(template, 'use');
}

/** The names that a pattern binds, in order. */
export function namesBound(pattern: Json): string[] {
  return namesOf(pattern, 'let');
}

function namesOf(template: Json, mark: 'let' | 'use'): string[] {
  if (isJsonList(template)) return template.flatMap((item) => namesOf(item, mark));
  if (!isJsonObject(template)) return [];
  const name = onlyField(template, mark);
  return typeof name === 'string' ? [name] : Object.values(template).flatMap((value) => namesOf(value, mark));
}

/**
 * Matches one value with a pattern (rule CONF-7):
 * - `"*"` matches anything that is there; `{"let":"x"}` too, and binds it, in place of what `x` was bound to before;
 * - `{"use":"x"}` matches what `x` is bound to;
 * - `{"op":"…","ok":pattern}` takes the value as the `bytes` of an operation, and matches its result; `in` adds further fields;
 * - `{"has":[…],"hasNot":[…]}` matches a list by what is in it, whatever the order;
 * - any other object matches one that has at least these fields; a list matches one of the same length; all else must be equal.
 */
export async function matchPattern(
  pattern: Json,
  actual: Json | undefined,
  bindings: Bindings,
  decode: Decode,
): Promise<Match> {
  return match('', pattern, actual, bindings, decode);
}

/**
 * Matches the effects of one step. An exact list must have the same kinds of effects in the same order; which `send` stands
 * at which of the places of the `send`s is the implementation's choice.
 */
export async function matchEffects(
  pattern: EffectsPattern,
  effects: readonly Json[],
  bindings: Bindings,
  decode: Decode,
): Promise<Match> {
  if (!isJsonList(pattern)) return matchSome('effects', pattern, effects, bindings, decode);
  if (pattern.length !== effects.length) {
    return miss('effects', `expected ${pattern.length} effects, got ${effects.length}: ${shown(effects)}`);
  }
  let bound = bindings;
  const sends: number[] = [];
  for (const [index, expected] of pattern.entries()) {
    const actual = effects[index];
    if (isSend(expected) && isSend(actual)) {
      sends.push(index);
      continue;
    }
    const result = await match(`effects[${index}]`, expected, actual, bound, decode);
    if (!result.ok) return result;
    bound = result.bindings;
  }
  const expectedSends = sends.map((index) => pattern[index]!);
  const actualSends = sends.map((index) => effects[index]!);
  return pair('the send effects', expectedSends, actualSends, bound, decode);
}

async function match(
  path: string,
  pattern: Json,
  actual: Json | undefined,
  bindings: Bindings,
  decode: Decode,
): Promise<Match> {
  if (actual === undefined) return miss(path, `expected ${shown(pattern)}, got nothing`);
  if (pattern === '*') return { ok: true, bindings };
  if (isJsonList(pattern)) return matchList(path, pattern, actual, bindings, decode);
  if (isJsonObject(pattern)) return matchObject(path, pattern, actual, bindings, decode);
  return pattern === actual ? { ok: true, bindings } : miss(path, `expected ${shown(pattern)}, got ${shown(actual)}`);
}

async function matchObject(
  path: string,
  pattern: JsonObject,
  actual: Json,
  bindings: Bindings,
  decode: Decode,
): Promise<Match> {
  const bound = onlyField(pattern, 'let');
  if (typeof bound === 'string') return { ok: true, bindings: new Map(bindings).set(bound, actual) };
  const used = onlyField(pattern, 'use');
  if (typeof used === 'string') return matchUsed(path, used, actual, bindings);
  if (isDecoding(pattern)) return matchDecoded(path, pattern, actual, bindings, decode);
  if (isSome(pattern)) {
    if (!isJsonList(actual)) return miss(path, `expected a list, got ${shown(actual)}`);
    return matchSome(path, pattern, actual, bindings, decode);
  }
  if (!isJsonObject(actual)) return miss(path, `expected an object, got ${shown(actual)}`);
  let latest = bindings;
  for (const [name, value] of Object.entries(pattern)) {
    const result = await match(path === '' ? name : `${path}.${name}`, value, fieldOf(actual, name), latest, decode);
    if (!result.ok) return result;
    latest = result.bindings;
  }
  return { ok: true, bindings: latest };
}

/** What is bound is a value and no pattern: it must be there as it was, in full. */
function matchUsed(path: string, name: string, actual: Json, bindings: Bindings): Match {
  const bound = bindings.get(name);
  if (bound === undefined) return miss(path, `nothing has bound ${name} yet`);
  if (JSON.stringify(bound) === JSON.stringify(actual)) return { ok: true, bindings };
  return miss(path, `expected ${shown(bound)}, which is ${name}, got ${shown(actual)}`);
}

async function matchList(
  path: string,
  pattern: readonly Json[],
  actual: Json,
  bindings: Bindings,
  decode: Decode,
): Promise<Match> {
  if (!isJsonList(actual)) return miss(path, `expected a list, got ${shown(actual)}`);
  if (actual.length !== pattern.length) {
    return miss(path, `expected ${pattern.length} elements, got ${actual.length}`);
  }
  let latest = bindings;
  for (const [index, item] of pattern.entries()) {
    const result = await match(`${path}[${index}]`, item, actual[index], latest, decode);
    if (!result.ok) return result;
    latest = result.bindings;
  }
  return { ok: true, bindings: latest };
}

/** `{"op":"…","ok":{…}}`: the driver under test decodes its own bytes, since the kit knows no wire format. */
type Decoding = JsonObject & { readonly op: string; readonly ok: Json; readonly in?: JsonObject };

function isDecoding(pattern: JsonObject): pattern is Decoding {
  const names = Object.keys(pattern);
  const input = fieldOf(pattern, 'in');
  return (
    typeof fieldOf(pattern, 'op') === 'string' &&
    fieldOf(pattern, 'ok') !== undefined &&
    (input === undefined || isJsonObject(input)) &&
    names.every((name) => name === 'op' || name === 'ok' || name === 'in')
  );
}

async function matchDecoded(
  path: string,
  pattern: Decoding,
  actual: Json,
  bindings: Bindings,
  decode: Decode,
): Promise<Match> {
  if (typeof actual !== 'string') return miss(path, `expected bytes for ${pattern.op}, got ${shown(actual)}`);
  const missing = namesUsed(pattern.in ?? {}).find((name) => !bindings.has(name));
  if (missing !== undefined) return miss(path, `nothing has bound ${missing} yet`);
  const input = { ...(insert(pattern.in ?? {}, bindings) as JsonObject), bytes: actual };
  const decoded = await decode(pattern.op, input);
  if ('detail' in decoded) return miss(path, `${pattern.op} does not read it: ${decoded.detail}`);
  return match(`${path}<${pattern.op}>`, pattern.ok, decoded.ok, bindings, decode);
}

interface Some {
  readonly has?: readonly Json[];
  readonly hasNot?: readonly Json[];
}

function isSome(pattern: JsonObject): boolean {
  const entries = Object.entries(pattern);
  return (
    entries.length > 0 && entries.every(([name, value]) => (name === 'has' || name === 'hasNot') && isJsonList(value))
  );
}

/** Every pattern of `has` fits an element of its own; no element fits one of `hasNot`, judged with what `has` bound. */
async function matchSome(
  path: string,
  { has = [], hasNot = [] }: Some,
  actual: readonly Json[],
  bindings: Bindings,
  decode: Decode,
): Promise<Match> {
  const found = await pair(path, has, actual, bindings, decode);
  if (!found.ok) return found;
  for (const [index, item] of actual.entries()) {
    for (const unwanted of hasNot) {
      const result = await match(`${path}[${index}]`, unwanted, item, found.bindings, decode);
      if (result.ok) return miss(`${path}[${index}]`, `${shown(item)} must not be there`);
    }
  }
  return found;
}

/** Finds a different actual value for each pattern. What one pairing binds is seen by the next, so pairings are tried in depth. */
async function pair(
  path: string,
  patterns: readonly Json[],
  actual: readonly Json[],
  bindings: Bindings,
  decode: Decode,
): Promise<Match> {
  let trials = 0;
  let deepest = -1;
  let closest = '';
  const taken = new Set<number>();

  const place = async (at: number, bound: Bindings): Promise<Bindings | undefined> => {
    const pattern = patterns[at];
    if (pattern === undefined) return bound;
    for (const [index, value] of actual.entries()) {
      if (taken.has(index)) continue;
      trials += 1;
      if (trials > KIT_LIMITS.pairings) return undefined;
      const result = await match(`${path}[${index}]`, pattern, value, bound, decode);
      if (!result.ok) {
        if (at > deepest) {
          deepest = at;
          closest = result.detail;
        }
        continue;
      }
      taken.add(index);
      const rest = await place(at + 1, result.bindings);
      if (rest !== undefined) return rest;
      taken.delete(index);
    }
    if (at > deepest) {
      deepest = at;
      closest = 'nothing is left';
    }
    return undefined;
  };

  const bound = await place(0, bindings);
  if (bound !== undefined) return { ok: true, bindings: bound };
  if (trials > KIT_LIMITS.pairings) return miss(path, 'too many ways to pair expected and actual values');
  return miss(path, `nothing fits ${shown(patterns[deepest])} (${closest}) among ${shown(actual)}`);
}

function isSend(effect: Json | undefined): boolean {
  return isJsonObject(effect) && fieldOf(effect, 'type') === 'send';
}

/** The one field of an object that has no other, if it has this name. */
function onlyField(object: JsonObject, name: string): Json | undefined {
  return Object.keys(object).length === 1 ? fieldOf(object, name) : undefined;
}

function miss(path: string, detail: string): { readonly ok: false; readonly detail: string } {
  return { ok: false, detail: path === '' ? detail : `at ${path}: ${detail}` };
}

function shown(value: Json | undefined): string {
  return showJson(value, KIT_LIMITS.shownCharacters);
}

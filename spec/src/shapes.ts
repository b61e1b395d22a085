/** Shapes of JSON values in the words of JSON Schema, and the few functions that put them together. */
import type { Fields, Json } from './format.ts';

/** A field whose name ends in `?` may be left out. */
export type Shape = Readonly<Record<string, Fields>>;

/** What goes into an operation and what comes out with `ok`. */
export interface Operation {
  readonly in: Shape;
  readonly ok: Shape;
}

const VALUES = 'urn:rookery:conformance:values';

function value(name: string): Fields {
  return { $ref: `${VALUES}#/$defs/${name}` };
}

export const bytes: Fields = value('bytes');
export const hash: Fields = value('hash');
export const integer: Fields = value('integer');
export const network: Fields = value('network');
export const profile: Fields = value('profile');
export const users: Fields = value('users');
export const bencode: Fields = value('bencode');
export const text: Fields = { type: 'string' };
export const boolean: Fields = { type: 'boolean' };

/** Bytes of one length. */
export function bytesOf(length: number): Fields {
  return { allOf: [bytes, { minLength: 2 * length, maxLength: 2 * length }] };
}

export function list(items: Fields, limits: Fields = {}): Fields {
  return { type: 'array', items, ...limits };
}

export function nullable(shape: Fields): Fields {
  return { anyOf: [{ type: 'null' }, shape] };
}

export function oneOf(...names: readonly string[]): Fields {
  return { enum: names };
}

/** An object with these fields and no others. */
export function closed(shape: Shape): Fields {
  return { ...object(shape), additionalProperties: false };
}

/** An object with at least these fields. */
export function object(shape: Shape): Fields {
  const names = Object.keys(shape);
  const properties = Object.fromEntries(names.map((name) => [name.replace('?', ''), shape[name]!]));
  const required = names.filter((name) => !name.endsWith('?'));
  return { type: 'object', properties, ...(required.length > 0 ? { required } : {}) };
}

/** The same shape with no field that must be there, at any depth: a vector expects what it names and no more. */
function loosened(shape: Json): Json {
  if (Array.isArray(shape)) return shape.map(loosened);
  if (typeof shape !== 'object' || shape === null) return shape;
  const kept = Object.entries(shape).filter(([keyword]) => keyword !== 'required');
  return Object.fromEntries(kept.map(([keyword, part]) => [keyword, loosened(part)]));
}

/**
 * The schema of all operations: for each, `#/$defs/<op>/$defs/in` is what a request holds, `ok` what an answer must hold at least,
 * and `out` what a vector may expect of it.
 */
export function operationsSchema(operations: Readonly<Record<string, Operation>>): Json {
  const definitions = Object.entries(operations).map(([name, operation]): [string, Json] => [
    name,
    { $defs: { in: closed(operation.in), ok: object(operation.ok), out: loosened(closed(operation.ok)) } },
  ]);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:rookery:conformance:operations',
    title: 'Shapes of every operation: in, ok, and what a vector may expect of ok',
    $defs: Object.fromEntries(definitions),
  };
}

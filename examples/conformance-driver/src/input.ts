import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { directoryOf, type UserDirectory } from '@rookery/keys';
import type { Network, Profile } from '@rookery/wire';

/** The `in` of a request, a JSON object that nobody has checked. */
export type Input = Readonly<Record<string, unknown>>;

/** The request has the wrong JSON shape: answered with `error`, not `reject`. */
export class BadRequest extends Error {
  override readonly name = 'BadRequest';
}

const HEX = /^(?:[0-9a-f]{2})*$/;
const DECIMAL = /^-?(?:0|[1-9][0-9]*)$/;

export function isObject(value: unknown): value is Input {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads lower-case hexadecimal. */
export function asBytes(value: unknown, name: string): Uint8Array {
  if (typeof value !== 'string' || !HEX.test(value)) throw new BadRequest(`${name} must be lower-case hexadecimal`);
  return hexToBytes(value);
}

/** Reads a JSON number that is a safe integer, or a decimal string. */
export function asBigInt(value: unknown, name: string): bigint {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  if (typeof value === 'string' && value.length <= 100 && DECIMAL.test(value)) return BigInt(value);
  throw new BadRequest(`${name} must be an integer`);
}

/** Reads an integer that must be safe. */
export function asInteger(value: unknown, name: string): number {
  const integer = Number(asBigInt(value, name));
  if (!Number.isSafeInteger(integer)) throw new BadRequest(`${name} is out of range`);
  return integer;
}

export function asText(value: unknown, name: string): string {
  if (typeof value !== 'string') throw new BadRequest(`${name} must be text`);
  return value;
}

export function asBoolean(value: unknown, name: string): boolean {
  if (typeof value !== 'boolean') throw new BadRequest(`${name} must be true or false`);
  return value;
}

export function asList(value: unknown, name: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new BadRequest(`${name} must be a list`);
  return value;
}

export function asObject(value: unknown, name: string): Input {
  if (!isObject(value)) throw new BadRequest(`${name} must be an object`);
  return value;
}

type Reader<T> = (value: unknown, name: string) => T;

function required<T>(read: Reader<T>): (input: Input, name: string) => T {
  return (input, name) => {
    if (input[name] === undefined) throw new BadRequest(`${name} is missing`);
    return read(input[name], name);
  };
}

function optional<T>(read: Reader<T>): (input: Input, name: string) => T | undefined {
  return (input, name) => (input[name] === undefined ? undefined : read(input[name], name));
}

/** Readers of one named field: a missing one is a `BadRequest`, or undefined for the optional ones. */
export const bytes: (input: Input, name: string) => Uint8Array = required(asBytes);
export const bigint: (input: Input, name: string) => bigint = required(asBigInt);
export const integer: (input: Input, name: string) => number = required(asInteger);
export const text: (input: Input, name: string) => string = required(asText);
export const boolean: (input: Input, name: string) => boolean = required(asBoolean);
export const list: (input: Input, name: string) => readonly unknown[] = required(asList);
export const object: (input: Input, name: string) => Input = required(asObject);
export const optionalBytes: (input: Input, name: string) => Uint8Array | undefined = optional(asBytes);
export const optionalInteger: (input: Input, name: string) => number | undefined = optional(asInteger);
export const optionalText: (input: Input, name: string) => string | undefined = optional(asText);
export const optionalBoolean: (input: Input, name: string) => boolean | undefined = optional(asBoolean);
export const optionalList: (input: Input, name: string) => readonly unknown[] | undefined = optional(asList);
export const optionalObject: (input: Input, name: string) => Input | undefined = optional(asObject);

/** Reads a list whose elements are all of one kind. */
export function listOf<T>(input: Input, name: string, read: Reader<T>): T[] {
  return list(input, name).map((value, index) => read(value, `${name}[${index}]`));
}

/** The `profile` of an operation that lists one; canonical when left out. */
export function profile(input: Input): Profile {
  const value = input.profile === undefined ? 'canonical' : input.profile;
  if (value !== 'canonical' && value !== 'deployed') throw new BadRequest('profile must be canonical or deployed');
  return value;
}

export function network(input: Input): Network {
  const value = input.network;
  if (value === 'main' || value === 'testnet' || value === 'regtest' || value === 'dev') return value;
  throw new BadRequest('network must be main, testnet, regtest or dev');
}

/** The `users` of an operation; entries above `tip` do not exist yet. */
export function users(input: Input, tip?: number): UserDirectory {
  const histories = list(input, 'users').map((entry, index) => {
    const user = asObject(entry, `users[${index}]`);
    const keys = list(user, 'keys').map((key) => {
      const registration = asObject(key, `users[${index}].keys`);
      return { height: integer(registration, 'height'), publicKey: bytes(registration, 'publicKey') };
    });
    return { name: text(user, 'name'), keys };
  });
  return directoryOf(histories, tip);
}

/** Shows an integer: a number when safe, else a decimal string. */
export function showInteger(value: bigint | number): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

export const showBytes: (value: Uint8Array) => string = bytesToHex;

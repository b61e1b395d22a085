import { RpcError } from './errors.ts';
import { isObject, type RpcObject, type RpcType, type RpcValue, typeOf } from './value.ts';

/** The parameters of a call. Asking for one of another type throws what twisterd answers then: error −1. */
export class Params {
  readonly #values: readonly RpcValue[];

  constructor(values: readonly RpcValue[]) {
    this.#values = values;
  }

  get count(): number {
    return this.#values.length;
  }

  value(index: number): RpcValue {
    return this.#values[index] ?? null;
  }

  text(index: number): string {
    return asText(this.value(index));
  }

  /** A string as bytes, whether they are UTF-8 or not. */
  bytes(index: number): Uint8Array {
    const value = this.value(index);
    return value instanceof Uint8Array ? value : new Uint8Array(Buffer.from(asText(value), 'utf8'));
  }

  integer(index: number): number {
    return asInteger(this.value(index));
  }

  boolean(index: number): boolean {
    const value = this.value(index);
    return typeof value === 'boolean' ? value : wrongType(value, 'bool');
  }

  list(index: number): readonly RpcValue[] {
    return asList(this.value(index));
  }

  object(index: number): RpcObject {
    return asObject(this.value(index));
  }

  /** A string that may be left out, as the next two. */
  textOr(index: number, fallback: string): string {
    return index < this.count ? this.text(index) : fallback;
  }

  integerOr(index: number, fallback: number): number {
    return index < this.count ? this.integer(index) : fallback;
  }

  booleanOr(index: number, fallback: boolean): boolean {
    return index < this.count ? this.boolean(index) : fallback;
  }

  texts(index: number): string[] {
    return this.list(index).map(asText);
  }
}

export function asText(value: RpcValue): string {
  if (value instanceof Uint8Array) throw new RpcError('misc', 'value is not UTF-8');
  return typeof value === 'string' ? value : wrongType(value, 'str');
}

/** An integer that can be told apart from its neighbours; twisterd would cut it to 32 bits. */
export function asInteger(value: RpcValue): number {
  if (typeof value === 'bigint') throw new RpcError('misc', 'value is out of range');
  return typeof value === 'number' ? value : wrongType(value, 'int');
}

export function asList(value: RpcValue): readonly RpcValue[] {
  return Array.isArray(value) ? (value as readonly RpcValue[]) : wrongType(value, 'array');
}

export function asObject(value: RpcValue): RpcObject {
  return isObject(value) ? value : wrongType(value, 'obj');
}

function wrongType(value: RpcValue, expected: RpcType): never {
  throw new RpcError('misc', `value is type ${typeOf(value)}, expected ${expected}`);
}

/** A number with a fraction, which twisterd tells from an integer: written with eight decimals. */
export class Real {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/**
 * What JSON says, as twisterd's reader and writer see it: integers of any size, reals apart from them, and strings that may hold bytes
 * which are no UTF-8 (as `Uint8Array`). Objects keep the order of their fields.
 */
export type RpcValue = null | boolean | number | bigint | Real | string | Uint8Array | readonly RpcValue[] | RpcObject;

/** A JSON object. */
export interface RpcObject {
  readonly [field: string]: RpcValue;
}

/** What kind of value it is, in the words of twisterd's error messages. */
export type RpcType = 'obj' | 'array' | 'str' | 'bool' | 'int' | 'real' | 'null';

export function typeOf(value: RpcValue): RpcType {
  if (value === null) return 'null';
  if (typeof value === 'string' || value instanceof Uint8Array) return 'str';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number' || typeof value === 'bigint') return 'int';
  if (value instanceof Real) return 'real';
  return Array.isArray(value) ? 'array' : 'obj';
}

/** Whether it is an object and not an array or a string of bytes. */
export function isObject(value: RpcValue): value is RpcObject {
  return typeOf(value) === 'obj';
}

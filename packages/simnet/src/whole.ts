/** The value, if it is a whole number within bounds; otherwise throws a `RangeError` that names what it was for. */
export function whole(what: string, value: number, min: number, max: number = Number.MAX_SAFE_INTEGER): number {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
  throw new RangeError(`${what} is a whole number ${min} … ${max}, not ${value}`);
}

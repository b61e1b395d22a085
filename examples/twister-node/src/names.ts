/** A part of a store key: any text, so that no other part can begin in it. */
export function keyPart(text: string): string {
  return encodeURIComponent(text);
}

/** The text that {@link keyPart} was made of. */
export function readKeyPart(part: string): string {
  return decodeURIComponent(part);
}

const DIGITS = 12;

/** A number as part of a store key, so that keys sort as their numbers do. */
export function keyNumber(value: number): string {
  return String(value).padStart(DIGITS, '0');
}

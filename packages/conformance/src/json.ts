/** A value of JSON. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** An object of JSON. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** Whether a value is a JSON object: neither null nor a list. Its fields are not checked. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a value is a list of JSON. */
export function isJsonList(value: unknown): value is readonly Json[] {
  return Array.isArray(value);
}

/** The own field of an object, or undefined; names such as `constructor` are fields like any other. */
export function fieldOf(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** Writes a value on one line of at most `most` characters; what is cut off is counted. */
export function showJson(value: Json | undefined, most: number): string {
  if (value === undefined) return 'nothing';
  try {
    return shorten(JSON.stringify(value), most);
  } catch {
    // Parsing has no depth limit and writing has one, so a driver can send what cannot be shown.
    return 'a value nested too deeply to show';
  }
}

/** Cuts a text to `most` characters and says how many are missing. */
export function shorten(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)}… (${text.length - most} more characters)`;
}

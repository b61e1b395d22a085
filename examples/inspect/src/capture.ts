import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A folder or file that cannot be read as a capture; the message is one sentence for people. */
export class CaptureError extends Error {
  override readonly name = 'CaptureError';
}

/** A JSON object that nobody has checked. */
export type Json = Readonly<Record<string, unknown>>;

/** The JSON files of a folder by name, in order of their names. */
export type Capture = ReadonlyMap<string, Json>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects in a list; anything else is passed over. */
export function objectsIn(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function textAt(object: Json, name: string): string | undefined {
  const value = object[name];
  return typeof value === 'string' ? value : undefined;
}

export function numberAt(object: Json, name: string): number | undefined {
  const value = object[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** Reads lower-case hexadecimal, or undefined where there is none. */
export function bytesAt(object: Json, name: string): Uint8Array | undefined {
  const value = textAt(object, name);
  if (value === undefined || value.length % 2 !== 0 || /[^0-9a-f]/.test(value)) return undefined;
  return Uint8Array.from(Buffer.from(value, 'hex'));
}

/** Reads every `.json` file of a folder. */
export function readCapture(folder: string): Capture {
  const capture = new Map<string, Json>();
  for (const name of namesIn(folder)) {
    const content = parse(join(folder, name));
    if (isObject(content)) capture.set(name, content);
  }
  if (capture.size === 0) throw new CaptureError(`${folder} holds no captured .json file`);
  return capture;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .sort();
  } catch (error) {
    throw new CaptureError(`${folder} cannot be read: ${reasonOf(error)}`);
  }
}

function parse(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new CaptureError(`${path} cannot be read: ${reasonOf(error)}`);
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof SyntaxError) return 'it is not JSON';
  if (error instanceof Error && 'code' in error) {
    if (error.code === 'ENOENT') return 'it does not exist';
    if (error.code === 'EACCES') return 'access is denied';
    if (error.code === 'ENOTDIR') return 'it is not a folder';
  }
  return error instanceof Error ? error.message : String(error);
}

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** One message of a captured connection; `hex` is the whole frame. */
export interface CapturedMessage {
  readonly dir?: string;
  readonly msg?: string;
  readonly hex?: string;
}
/** One scripted connection to a deployed daemon. */
export interface CapturedCase {
  readonly name: string;
  readonly closedByNode?: boolean;
  readonly sent?: string;
  readonly choked?: boolean;
  readonly log?: readonly CapturedMessage[];
}

/** A captured file, parsed. */
export function readCaptured<T>(name: string): T {
  const path = fileURLToPath(new URL(`../../../spec/vectors/captured/twister/${name}`, import.meta.url));
  return JSON.parse(readFileSync(path, 'utf8')) as T;
}

/** The payload of a frame, after its length and id. */
export function payloadOf({ hex = '' }: CapturedMessage): string {
  return hex.slice(10);
}

import fc from 'fast-check';
import type { Json } from '../src/index.ts';

/** Any JSON value that JSON itself can write and read back. */
export const json: fc.Arbitrary<Json> = fc
  .jsonValue({ maxDepth: 4 })
  .map((value) => JSON.parse(JSON.stringify(value)) as Json);

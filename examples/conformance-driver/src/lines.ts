import { writeJson } from './json.ts';

/** The longest line of the conformance protocol, in bytes. */
export const MAX_LINE_BYTES: number = 16 * 1024 * 1024;

/**
 * Cuts a stream of chunks into lines. A line over the limit is given as undefined and its bytes are dropped as they
 * come, so that memory stays bounded. Bytes that are not UTF-8 become replacement characters, which no JSON accepts as hex.
 */
export async function* linesOf(
  chunks: AsyncIterable<Uint8Array>,
  maxBytes: number = MAX_LINE_BYTES,
): AsyncGenerator<string | undefined> {
  let parts: Uint8Array[] = [];
  let size = 0;
  let dropping = false;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      const piece = chunk.subarray(start, end);
      if (dropping || size + piece.length > maxBytes) yield undefined;
      else yield textOf([...parts, piece]);
      parts = [];
      size = 0;
      dropping = false;
      start = end + 1;
    }
    const rest = chunk.subarray(start);
    if (rest.length === 0) continue;
    size += rest.length;
    if (size > maxBytes) dropping = true;
    if (dropping) parts = [];
    else parts.push(rest.slice());
  }
  if (dropping) yield undefined;
  else if (size > 0) yield textOf(parts);
}

function textOf(parts: readonly Uint8Array[]): string {
  return Buffer.concat(parts).toString('utf8');
}

/** Writes an answer as one line without its end; one that is longer than a line may be becomes an error. */
export function writeLine(answer: object, maxBytes: number = MAX_LINE_BYTES): string {
  const line = jsonOf(answer);
  if (line !== undefined && Buffer.byteLength(line) <= maxBytes) return line;
  const seq = 'seq' in answer ? answer.seq : null;
  return writeJson({ seq, error: { message: 'the answer is longer than a line may be' } });
}

/** Undefined for JSON that no string can hold. */
function jsonOf(answer: object): string | undefined {
  try {
    return writeJson(answer);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

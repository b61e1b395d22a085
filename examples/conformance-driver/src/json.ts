/** An array or object of which the parts before `position` are written. */
interface OpenPart {
  readonly parts: readonly unknown[];
  readonly names: readonly string[] | undefined;
  position: number;
}

/**
 * Writes JSON of any depth. `JSON.stringify` recurses and gives up at a depth that bencode inside of an answer reaches easily, so what it
 * cannot write is written here with a list of what is open. Takes plain data only, as answers are.
 */
export function writeJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return writeDeepJson(value);
  }
}

function writeDeepJson(value: unknown): string {
  const written: string[] = [];
  const open: OpenPart[] = [];
  let next = value;
  for (;;) {
    if (Array.isArray(next)) {
      written.push('[');
      open.push({ parts: next, names: undefined, position: 0 });
    } else if (typeof next === 'object' && next !== null) {
      const fields = Object.entries(next).filter(([, field]) => field !== undefined);
      written.push('{');
      open.push({ parts: fields.map(([, field]) => field), names: fields.map(([name]) => name), position: 0 });
    } else {
      written.push(JSON.stringify(next ?? null));
    }
    let top = open[open.length - 1];
    while (top !== undefined && top.position === top.parts.length) {
      written.push(top.names === undefined ? ']' : '}');
      open.pop();
      top = open[open.length - 1];
    }
    if (top === undefined) return written.join('');
    if (top.position > 0) written.push(',');
    if (top.names !== undefined) written.push(JSON.stringify(top.names[top.position]), ':');
    next = top.parts[top.position];
    top.position += 1;
  }
}

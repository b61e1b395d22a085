const PUSHDATA1 = 0x4c;
const PUSHDATA2 = 0x4d;
const PUSHDATA4 = 0x4e;
const PUSH_SIXTEEN = 0x60;
const EMPTY: Uint8Array = /* @__PURE__ */ new Uint8Array(0);

/**
 * The push at `index` of a script as a list of pushes (WIRE-8), as a view; undefined where there are fewer, or where the
 * script is unusable anywhere. The same as reading the whole list, but without making it: a stranger's script of a
 * million pushes costs no memory.
 */
export function pushAt(script: Uint8Array, index: number): Uint8Array | undefined {
  let found: Uint8Array | undefined;
  let at = 0;
  for (let count = 0; at < script.length; count += 1) {
    const opcode = script[at]!;
    at += 1;
    if (opcode > PUSH_SIXTEEN) return undefined;
    let length = 0;
    if (opcode < PUSHDATA1) {
      length = opcode;
    } else if (opcode <= PUSHDATA4) {
      const width = opcode === PUSHDATA1 ? 1 : opcode === PUSHDATA2 ? 2 : 4;
      if (script.length - at < width) return undefined;
      for (let byte = width - 1; byte >= 0; byte -= 1) length = length * 256 + script[at + byte]!;
      at += width;
    }
    if (script.length - at < length) return undefined;
    if (count === index) found = length === 0 ? EMPTY : script.subarray(at, at + length);
    at += length;
  }
  return found;
}

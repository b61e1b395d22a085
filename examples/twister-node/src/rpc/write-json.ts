import { Real, type RpcValue } from './value.ts';

const DECIMALS = 8;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/** Writes JSON as twisterd does: characters beyond ASCII as they are, bytes that are no UTF-8 raw, reals with eight decimals. */
export function writeJson(value: RpcValue): Buffer {
  const parts: (string | Uint8Array)[] = [];
  write(value, parts);
  const buffers: Uint8Array[] = [];
  let text = '';
  for (const part of parts) {
    if (typeof part === 'string') {
      text += part;
    } else {
      buffers.push(Buffer.from(text, 'utf8'), part);
      text = '';
    }
  }
  return Buffer.concat([...buffers, Buffer.from(text, 'utf8')]);
}

function write(value: RpcValue, parts: (string | Uint8Array)[]): void {
  if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'bigint') {
    parts.push(String(value));
  } else if (value instanceof Real) {
    parts.push(value.value.toFixed(DECIMALS));
  } else if (typeof value === 'string') {
    parts.push(quoted(value));
  } else if (value instanceof Uint8Array) {
    parts.push('"', escapedBytes(value), '"');
  } else if (Array.isArray(value)) {
    writeAll('[', value as readonly RpcValue[], ']', parts, (item) => write(item, parts));
  } else {
    writeAll('{', Object.entries(value), '}', parts, ([name, field]) => {
      parts.push(quoted(name), ':');
      write(field, parts);
    });
  }
}

function writeAll<T>(
  open: string,
  items: readonly T[],
  close: string,
  parts: (string | Uint8Array)[],
  writeItem: (item: T) => void,
): void {
  parts.push(open);
  for (const [index, item] of items.entries()) {
    if (index > 0) parts.push(',');
    writeItem(item);
  }
  parts.push(close);
}

function quoted(text: string): string {
  return `"${escaped(text)}"`;
}

function escaped(text: string): string {
  return text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to escape
    /["\\\u0000-\u001f\u007f]/g,
    (character) => ESCAPES[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Only ASCII is escaped, so the bytes of everything else stay as they are. */
function escapedBytes(bytes: Uint8Array): Uint8Array {
  return Buffer.from(escaped(Buffer.from(bytes).toString('latin1')), 'latin1');
}

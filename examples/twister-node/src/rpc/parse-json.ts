import { isUtf8 } from 'node:buffer';
import { Real, type RpcObject, type RpcValue } from './value.ts';

/** Text that is no JSON, with the place where that shows. */
export class JsonError extends Error {}

const DEEPEST = 100;
/** Characters of an integer: far more than any field takes, and few enough to be read at once. */
const LONGEST_INTEGER = 100;
const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
const SPACES: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d]);
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/**
 * Reads JSON from bytes. Unlike the built-in reader it keeps integers exact, tells `1` from `1.0`, and takes strings of bytes that are no
 * UTF-8, as twisterd writes them. At most 100 levels deep; integers of at most 100 characters. Throws {@link JsonError}.
 */
export function parseJson(bytes: Uint8Array): RpcValue {
  // One character a byte: places in the text are places in the bytes.
  const reader = new Reader(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1'));
  const value = reader.value(0);
  reader.end();
  return value;
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): RpcValue {
    if (depth > DEEPEST) this.#fail('too deep');
    this.#skipSpaces();
    switch (this.#text[this.#at]) {
      case '{':
        return this.#object(depth + 1);
      case '[':
        return this.#array(depth + 1);
      case '"':
        return this.#string();
      case 't':
        return this.#word('true', true);
      case 'f':
        return this.#word('false', false);
      case 'n':
        return this.#word('null', null);
      default:
        return this.#number();
    }
  }

  end(): void {
    this.#skipSpaces();
    if (this.#at < this.#text.length) this.#fail('something follows');
  }

  #object(depth: number): RpcObject {
    const fields: [string, RpcValue][] = [];
    this.#at += 1;
    for (this.#skipSpaces(); this.#text[this.#at] !== '}'; this.#skipSpaces()) {
      if (fields.length > 0) this.#expect(',');
      this.#skipSpaces();
      if (this.#text[this.#at] !== '"') this.#fail('a name was expected');
      const name = this.#string();
      this.#skipSpaces();
      this.#expect(':');
      fields.push([typeof name === 'string' ? name : Buffer.from(name).toString('latin1'), this.value(depth)]);
    }
    this.#at += 1;
    return Object.fromEntries(fields);
  }

  #array(depth: number): RpcValue[] {
    const items: RpcValue[] = [];
    this.#at += 1;
    for (this.#skipSpaces(); this.#text[this.#at] !== ']'; this.#skipSpaces()) {
      if (items.length > 0) this.#expect(',');
      items.push(this.value(depth));
    }
    this.#at += 1;
    return items;
  }

  #string(): string | Uint8Array {
    let text = '';
    let start = this.#at + 1;
    for (let at = start; ; at += 1) {
      const character = this.#text[at];
      if (character === undefined) this.#fail('a string does not end');
      if (character < ' ') this.#fail('a string holds a control character', at);
      if (character !== '"' && character !== '\\') continue;
      text += this.#text.slice(start, at);
      if (character === '"') {
        this.#at = at + 1;
        const bytes = Buffer.from(text, 'latin1');
        return isUtf8(bytes) ? bytes.toString('utf8') : new Uint8Array(bytes);
      }
      const [written, consumed] = this.#escape(at);
      text += written < '\x80' ? written : Buffer.from(written, 'utf8').toString('latin1');
      at += consumed - 1;
      start = at + 1;
    }
  }

  #escape(at: number): [string, number] {
    const simple = ESCAPES[this.#text[at + 1] ?? ''];
    if (simple !== undefined) return [simple, 2];
    const first = this.#unit(at);
    if (first >= 0xd800 && first < 0xdc00 && this.#text[at + 6] === '\\') {
      const second = this.#unit(at + 6);
      if (second >= 0xdc00 && second < 0xe000) return [String.fromCharCode(first, second), 12];
    }
    if (first >= 0xd800 && first < 0xe000) this.#fail('half of a surrogate pair', at);
    return [String.fromCharCode(first), 6];
  }

  #unit(at: number): number {
    const [matched] = /^\\u[0-9a-fA-F]{4}/.exec(this.#text.slice(at, at + 6)) ?? [];
    if (matched === undefined) this.#fail('an escape that is none', at);
    return Number.parseInt(matched.slice(2), 16);
  }

  #number(): RpcValue {
    NUMBER.lastIndex = this.#at;
    const [digits, fraction, exponent] = NUMBER.exec(this.#text) ?? [];
    if (digits === undefined) this.#fail('a value was expected');
    this.#at += digits.length;
    const number = Number(digits);
    if (fraction !== undefined || exponent !== undefined)
      return Number.isFinite(number) ? new Real(number) : this.#tooLarge();
    if (Number.isSafeInteger(number)) return number + 0;
    return digits.length > LONGEST_INTEGER ? this.#tooLarge() : BigInt(digits);
  }

  #tooLarge(): never {
    this.#fail('a number is too large');
  }

  #word<T>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) this.#fail('a value was expected');
    this.#at += word.length;
    return value;
  }

  #expect(character: string): void {
    if (this.#text[this.#at] !== character) this.#fail(`'${character}' was expected`);
    this.#at += 1;
  }

  #skipSpaces(): void {
    while (SPACES.has(this.#text.charCodeAt(this.#at))) this.#at += 1;
  }

  #fail(reason: string, at: number = this.#at): never {
    throw new JsonError(`${reason} at byte ${at}`);
  }
}

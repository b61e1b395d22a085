import { decodeUtf8, encodeUtf8 } from '../utf8.ts';
import {
  BYTES,
  bytesAt,
  CONTAINER_SLOTS,
  DICT,
  endAt,
  INTEGER,
  integerAt,
  isAsciiKey,
  isKey,
  keyAt,
  kindAt,
  LIST,
  nextOf,
  numberAt,
  SCALAR_SLOTS,
  startAt,
  type Tape,
} from './tape.ts';
import type { BencodeValue } from './value.ts';

/** The four kinds of a bencoded value. */
export type BencodeKind = 'integer' | 'bytes' | 'list' | 'dict';

const KINDS: readonly BencodeKind[] = ['integer', 'bytes', 'list', 'dict'];

/** A list or dictionary that {@link BencodeNode.toValue} is filling. */
interface OpenContainer {
  readonly until: number;
  readonly isDict: boolean;
  /** Slot of the child in work. */
  child: number;
  readonly items: BencodeValue[];
  readonly entries: [Uint8Array, BencodeValue][];
}

/**
 * A place in a decoded value. Nothing is read or allocated before it is asked for, and all bytes handed out are views of the input, so
 * the input must stay unchanged as long as the node is in use. Asking for what another kind has throws `TypeError`.
 *
 * @example
 * ```ts
 * const { value } = decodeBencode(encodeUtf8('d1:ki7e3:msg2:hie'));
 * value.getNumber('k'); // 7
 * value.get('msg')?.text; // 'hi'
 * ```
 */
export class BencodeNode {
  private readonly source: Uint8Array;
  private readonly tape: Tape;
  private readonly at: number;

  /**
   * Nodes come from `decodeBencode`; a tape that does not belong to `source` gives nonsense.
   * @internal
   */
  constructor(source: Uint8Array, tape: Tape, at: number) {
    this.source = source;
    this.tape = tape;
    this.at = at;
  }

  /** What kind of value stands here. */
  get kind(): BencodeKind {
    return KINDS[kindAt(this.tape, this.at)]!;
  }

  /** Offset of the first byte of the value in the input. */
  get start(): number {
    return startAt(this.tape, this.at);
  }

  /** Offset after the last byte of the value in the input. */
  get end(): number {
    return endAt(this.tape, this.at);
  }

  /** The value as it was received (BENC-13); signatures cover this slice, never a re-encoding. */
  get raw(): Uint8Array {
    return this.source.subarray(this.start, this.end);
  }

  /** The integer: 64 bits, signed. In the deployed profile malformed and too large integers read as 0 (BENC-7). */
  get integer(): bigint {
    this.expect(INTEGER);
    return integerAt(this.source, this.tape, this.at);
  }

  /** The integer as a number, or `undefined` where it is not a safe integer. */
  get number(): number | undefined {
    this.expect(INTEGER);
    return numberAt(this.source, this.tape, this.at);
  }

  /** The content of the byte string. */
  get bytes(): Uint8Array {
    this.expect(BYTES);
    return bytesAt(this.source, this.tape, this.at);
  }

  /** The byte string as text, or `undefined` where it is not UTF-8. */
  get text(): string | undefined {
    return decodeUtf8(this.bytes);
  }

  /** Items of the list or entries of the dictionary, duplicates counted. */
  get size(): number {
    this.expectContainer();
    return this.tape[this.at + 4]!;
  }

  /** The value of the first entry with this key, or `undefined`. Takes time linear in the number of entries. */
  get(key: string): BencodeNode | undefined {
    const found = this.find(key);
    return found < 0 ? undefined : new BencodeNode(this.source, this.tape, found);
  }

  /** The byte string under this key, or `undefined` where there is none or the first such entry is of another kind. */
  getBytes(key: string): Uint8Array | undefined {
    const found = this.find(key, BYTES);
    return found < 0 ? undefined : bytesAt(this.source, this.tape, found);
  }

  /** The text under this key, or `undefined` where there is none, the first such entry is of another kind or it is not UTF-8. */
  getText(key: string): string | undefined {
    const found = this.getBytes(key);
    return found && decodeUtf8(found);
  }

  /** The integer under this key, or `undefined` where there is none or the first such entry is of another kind. */
  getInteger(key: string): bigint | undefined {
    const found = this.find(key, INTEGER);
    return found < 0 ? undefined : integerAt(this.source, this.tape, found);
  }

  /** As {@link getInteger}, but a number, and `undefined` for one that is not a safe integer. */
  getNumber(key: string): number | undefined {
    const found = this.find(key, INTEGER);
    return found < 0 ? undefined : numberAt(this.source, this.tape, found);
  }

  /** The list under this key, or `undefined` where there is none or the first such entry is of another kind. */
  getList(key: string): BencodeNode | undefined {
    const found = this.find(key, LIST);
    return found < 0 ? undefined : new BencodeNode(this.source, this.tape, found);
  }

  /** The dictionary under this key, or `undefined` where there is none or the first such entry is of another kind. */
  getDict(key: string): BencodeNode | undefined {
    const found = this.find(key, DICT);
    return found < 0 ? undefined : new BencodeNode(this.source, this.tape, found);
  }

  /** The items of the list, or the values of the dictionary, in wire order. */
  items(): BencodeNode[] {
    this.expectContainer();
    const { source, tape } = this;
    const found: BencodeNode[] = [];
    for (let at = this.at + CONTAINER_SLOTS; at < tape[this.at + 3]!; at = nextOf(tape, at)) {
      found.push(new BencodeNode(source, tape, at));
    }
    return found;
  }

  /** The entries of the dictionary in wire order, duplicates among them. */
  entries(): (readonly [key: Uint8Array, value: BencodeNode])[] {
    this.expect(DICT);
    return this.items().map((value) => [keyAt(this.source, this.tape, value.at), value] as const);
  }

  /** Everything from here on as plain data, without recursion. Bytes stay views of the input. */
  toValue(): BencodeValue {
    const { source, tape } = this;
    const stack: OpenContainer[] = [];
    let top: OpenContainer | undefined;
    let at = this.at;
    for (;;) {
      if (top !== undefined) top.child = at;
      let done: BencodeValue | undefined;
      const kind = kindAt(tape, at);
      if (kind >= LIST) {
        top = { until: tape[at + 3]!, isDict: kind === DICT, child: at, items: [], entries: [] };
        stack.push(top);
        at += CONTAINER_SLOTS;
      } else {
        done = kind === INTEGER ? integerAt(source, tape, at) : bytesAt(source, tape, at);
        at += SCALAR_SLOTS;
      }
      for (;;) {
        if (done !== undefined) {
          if (top === undefined) return done;
          if (top.isDict) top.entries.push([keyAt(source, tape, top.child), done]);
          else top.items.push(done);
        }
        if (top === undefined || at < top.until) break;
        done = top.isDict ? { entries: top.entries } : top.items;
        stack.pop();
        top = stack[stack.length - 1];
      }
    }
  }

  private find(key: string, kind?: number): number {
    this.expect(DICT);
    const { source, tape } = this;
    const until = tape[this.at + 3]!;
    const encoded = isAscii(key) ? undefined : encodeUtf8(key);
    for (let at = this.at + CONTAINER_SLOTS; at < until; at = nextOf(tape, at)) {
      if (encoded === undefined ? isAsciiKey(source, tape, at, key) : isKey(source, tape, at, encoded)) {
        return kind === undefined || kindAt(tape, at) === kind ? at : -1;
      }
    }
    return -1;
  }

  private expect(kind: number): void {
    if (kindAt(this.tape, this.at) !== kind)
      throw new TypeError(`the value is of kind ${this.kind}, not ${KINDS[kind]}`);
  }

  private expectContainer(): void {
    if (kindAt(this.tape, this.at) < LIST) throw new TypeError(`the value is of kind ${this.kind}, not list or dict`);
  }
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) > 0x7f) return false;
  return true;
}

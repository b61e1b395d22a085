import { type BencodeNode, bencodeDict, decodeBencode, encodeBencode } from '@rookery/wire';
import { keyNumber } from '../names.ts';
import type { Store } from '../store/store.ts';

/** A direct message that was read, or sent from here. */
export interface StoredMessage {
  readonly from: string;
  readonly fromMe: boolean;
  /** Number of the post that carried it. */
  readonly k: number;
  /** Seconds since the Unix epoch, as the sender says. */
  readonly time: number;
  /** Text; any bytes. */
  readonly text: Uint8Array;
}

const PREFIX = 'message/';

/**
 * The direct messages of the own users, by the other side, in the order of their times. On disk under `message/`, in the order in which they came: read
 * back in that order they make the same lists.
 */
export class Conversations {
  readonly #store: Store;
  readonly #byUser = new Map<string, Map<string, StoredMessage[]>>();
  #next = 0;

  private constructor(store: Store) {
    this.#store = store;
  }

  static async load(store: Store): Promise<Conversations> {
    const conversations = new Conversations(store);
    for await (const [key, record] of store.entries(PREFIX)) {
      const { value } = decodeBencode(record);
      conversations.#insert(value.getText('local') ?? '', value.getText('other') ?? '', readMessage(value));
      conversations.#next = Number(key.slice(PREFIX.length)) + 1;
    }
    return conversations;
  }

  /** Adds a message; one with the same time and text is there only once. */
  add(local: string, other: string, message: StoredMessage): void {
    if (!this.#insert(local, other, message)) return;
    const { from, fromMe, k, text, time } = message;
    const record = bencodeDict({ from, fromMe: fromMe ? 1 : 0, k, local, other, text: text.slice(), time });
    this.#store.put(`${PREFIX}${keyNumber(this.#next)}`, encodeBencode(record));
    this.#next += 1;
  }

  /** Whether a user has had any message. */
  isKnown(local: string): boolean {
    return this.#byUser.has(local);
  }

  /** All messages between an own user and another one, the oldest first. */
  between(local: string, other: string): readonly StoredMessage[] {
    return this.#byUser.get(local)?.get(other) ?? [];
  }

  #insert(local: string, other: string, message: StoredMessage): boolean {
    const others = this.#byUser.get(local) ?? new Map<string, StoredMessage[]>();
    this.#byUser.set(local, others);
    const list = others.get(other) ?? [];
    others.set(other, list);
    // Among equal times the latest comes first, as twisterd has it.
    let at = list.length;
    while (at > 0 && list[at - 1]!.time >= message.time) {
      at -= 1;
      if (list[at]!.time === message.time && Buffer.compare(list[at]!.text, message.text) === 0) return false;
    }
    list.splice(at, 0, message);
    return true;
  }
}

function readMessage(record: BencodeNode): StoredMessage {
  return {
    from: record.getText('from') ?? '',
    fromMe: record.getNumber('fromMe') === 1,
    k: record.getNumber('k') ?? 0,
    time: record.getNumber('time') ?? 0,
    text: record.getBytes('text') ?? new Uint8Array(),
  };
}

import { readPromotion } from '@rookery/chain';
import { type Block, decodeBlock, decodeUtf8 } from '@rookery/wire';
import type { TwisterNode } from '../node.ts';
import type { RpcObject, RpcValue } from '../rpc/value.ts';

interface Received {
  readonly text: RpcValue;
  readonly user: RpcValue;
  readonly height: number;
}

/** One promoted message in eight hours is shown among posts. */
const SHOWN_SECONDS = 28_800;
const NO_LANGUAGE = '[]';

/** The promoted messages: which of those that came in is shown next among the posts. */
export class Promotions {
  readonly #node: TwisterNode;
  #received: Received | undefined;
  #shownAt = 0;
  #language = '[en]';

  constructor(node: TwisterNode) {
    this.#node = node;
  }

  /** The preferred language, such as `[en]`. */
  get language(): string {
    return this.#language;
  }

  set language(code: string) {
    this.#language = code === 'none' ? NO_LANGUAGE : code.includes('[') ? code : `[${code}]`;
  }

  /** A block has joined the chain: its message may be the next, a later one in the preferred language with half a chance. */
  take(id: Uint8Array): void {
    const bytes = this.#node.chain.chain.blockBytes(id);
    if (bytes === undefined) return;
    const message = promotionOf(decodeBlock(bytes).value);
    const text = String(message.text);
    const isSingle = text.indexOf('[') === text.lastIndexOf('[');
    const fits = this.#language.length > 2 && isSingle && text.includes(this.#language);
    if (this.#received !== undefined && !(fits && Math.random() < 0.5)) return;
    this.#received = { ...message, height: this.#node.chain.chain.tip.height };
  }

  /** The message to be shown now, as a post; then none for eight hours. */
  takePost(): RpcObject | undefined {
    const now = this.#node.clock.seconds();
    const received = this.#received;
    if (received === undefined || now <= this.#shownAt + SHOWN_SECONDS) return undefined;
    this.#shownAt = now;
    this.#received = undefined;
    return promotedPost(received.text, received.user, received.height, now);
  }
}

/** The promoted text of a block and who signed it: text, or bytes that are no UTF-8. */
export function promotionOf({ transactions }: Block): { readonly text: RpcValue; readonly user: RpcValue } {
  const { author, text } = readPromotion(transactions[0]!);
  return { text: decodeUtf8(text) ?? text, user: decodeUtf8(author) ?? author };
}

/** A promoted message in the form of a post, which nobody has signed. */
export function promotedPost(text: RpcValue, user: RpcValue, height: number, time: number): RpcObject {
  return { sig_userpost: '', userpost: { height, k: height === 0 ? 1 : height, msg: text, n: user, time } };
}

import { type CurveBackend, signTyped } from '@rookery/keys';
import { encodeScript, encodeUtf8, type Transaction, transactionSize } from '@rookery/wire';
import { advisePublicKey } from './advice.ts';
import { CHAIN_LIMITS } from './limits.ts';
import { ANONYMOUS_AUTHOR } from './promotion.ts';
import { checkPromotionFields } from './transaction.ts';
import { checkUserName } from './user-name.ts';

const TRANSACTION_VERSION = 1;
const EMPTY: Uint8Array = /* @__PURE__ */ new Uint8Array(0);

/** Who signs, and with what. */
export interface Signer {
  /** 32 bytes. */
  readonly secret: Uint8Array;
  /** Whether the registered public key is the compressed one; default true. */
  readonly compressed?: boolean;
  readonly backend?: CurveBackend;
}

/** What {@link registrationTransaction} registers. */
export interface RegistrationRequest {
  /** 1 to 16 of `a`–`z`, `0`–`9` and `_`. */
  readonly name: string;
  /** 33 or 65 bytes. */
  readonly publicKey: Uint8Array;
  /** The current key of the name, where it has one: it signs the new one (CHAIN-53). */
  readonly replaces?: Signer;
}

/**
 * Builds a registration without its work (CHAIN-52), or a replacement (CHAIN-53); {@link startRegistrationSearch} finds
 * the nonce. Throws `RangeError` for a bad name and for bytes that are no public key: the chain would take the latter, and
 * the name would be lost (W7).
 */
export function registrationTransaction({ name, publicKey, replaces }: RegistrationRequest): Transaction {
  const user = encodeUtf8(name);
  const verdict = checkUserName(user);
  if (!verdict.ok) throw new RangeError(verdict.detail);
  const advice = advisePublicKey(publicKey, replaces?.backend);
  if (advice !== undefined) throw new RangeError(advice.detail);
  const items = replaces === undefined ? [publicKey] : [publicKey, signWith(replaces, { type: 'new-key', publicKey })];
  return {
    version: TRANSACTION_VERSION,
    message: EMPTY,
    userName: encodeScript([user]),
    pubKey: encodeScript(items),
    nonce: 0,
  };
}

/** What {@link promotionTransaction} promotes. */
export interface PromotionRequest {
  /** 1 to 140 code points. */
  readonly text: string;
  /** A registered user who signs; default `nobody`, who does not. */
  readonly author?: Signer & { readonly name: string };
  /** Bytes that tell miners of the same message apart; deployed miners push 4 random ones. */
  readonly salt?: Uint8Array;
  /** Pushes of the free pubKey script; deployed miners push a counter and `/P2SH/`. Default none. */
  readonly extra?: readonly Uint8Array[];
}

/**
 * Builds the promotion that opens a block (CHAIN-54). Throws `RangeError` for a text or an author's name that the rules
 * refuse, and for a salt, an extra or a text that makes it too large.
 */
export function promotionTransaction({ text, author, salt, extra = [] }: PromotionRequest): Transaction {
  const name = encodeUtf8(author?.name ?? ANONYMOUS_AUTHOR);
  const named = checkUserName(name);
  if (!named.ok) throw new RangeError(named.detail);
  const message = encodeScript([encodeUtf8(text)]);
  const signature = author === undefined ? EMPTY : signWith(author, { type: 'promotion', messageScript: message });
  const transaction = {
    version: TRANSACTION_VERSION,
    message,
    userName: encodeScript(salt === undefined ? [name, signature] : [name, signature, salt]),
    pubKey: encodeScript(extra),
    nonce: 0,
  };
  const fields = checkPromotionFields(transaction);
  if (!fields.ok) throw new RangeError(fields.detail);
  if (transactionSize(transaction) > CHAIN_LIMITS.transactionBytes)
    throw new RangeError(`the promotion would have more than ${CHAIN_LIMITS.transactionBytes} bytes`);
  return transaction;
}

function signWith(
  { secret, compressed = true, backend }: Signer,
  message: Parameters<typeof signTyped>[0],
): Uint8Array {
  return signTyped(message, secret, { compressed, ...(backend === undefined ? {} : { backend }) });
}

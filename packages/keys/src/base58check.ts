import { sha256d } from '@rookery/wire';
import { base58 } from '@scure/base';
import { equalBytes } from './bytes.ts';
import { KeysError } from './errors.ts';
import { KEYS_LIMITS } from './limits.ts';

const CHECKSUM_BYTES = 4;

/** Base58 of the bytes and the first four bytes of their double SHA-256. */
export function encodeBase58Check(payload: Uint8Array): string {
  const bytes = new Uint8Array(payload.length + CHECKSUM_BYTES);
  bytes.set(payload);
  bytes.set(sha256d(payload).subarray(0, CHECKSUM_BYTES), payload.length);
  return base58.encode(bytes);
}

/** The payload of a base58check text without spaces; throws `bad-base58` or `bad-checksum`. */
export function decodeBase58Check(text: string): Uint8Array {
  if (text.length > KEYS_LIMITS.base58Chars) {
    throw new KeysError(
      'bad-base58',
      KEYS_LIMITS.base58Chars,
      `text has more than ${KEYS_LIMITS.base58Chars} characters`,
    );
  }
  let bytes: Uint8Array;
  try {
    bytes = base58.decode(text);
  } catch {
    const offset = text.search(/[^1-9A-HJ-NP-Za-km-z]/);
    throw new KeysError('bad-base58', Math.max(offset, 0), 'text has a character that base58 does not use');
  }
  const payload = bytes.subarray(0, Math.max(bytes.length - CHECKSUM_BYTES, 0));
  if (!equalBytes(sha256d(payload).subarray(0, CHECKSUM_BYTES), bytes.subarray(payload.length))) {
    throw new KeysError('bad-checksum', 0, 'the checksum of the text is wrong');
  }
  return payload;
}

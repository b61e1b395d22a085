import { reject, type Verdict } from '@rookery/wire';
import type { ChainCode } from './codes.ts';
import { CHAIN_LIMITS } from './limits.ts';

const UNDERSCORE = 0x5f;

/**
 * Decides whether bytes are a user name: 1 to 16 of `a`–`z`, `0`–`9` and `_` (CHAIN-19).
 * Code `bad-user-name`, penalty 10; inside a transaction deployed nodes add another 10. ASCII ranges, never a locale (W16).
 */
export function checkUserName(name: Uint8Array): Verdict<ChainCode> {
  const { nameBytes, penalty } = CHAIN_LIMITS;
  if (name.length === 0 || name.length > nameBytes)
    return reject('bad-user-name', `a user name has 1 to ${nameBytes} bytes, not ${name.length}`, penalty.field);
  const at = name.findIndex((byte) => !isNameByte(byte));
  if (at !== -1)
    return reject('bad-user-name', `byte ${at} of the user name is none of a to z, 0 to 9 and _`, penalty.field);
  return { ok: true };
}

function isNameByte(byte: number): boolean {
  return (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x30 && byte <= 0x39) || byte === UNDERSCORE;
}

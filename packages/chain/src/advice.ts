import type { CurveBackend, Registration } from '@rookery/keys';
import { defaultBackend, isPublicKeySyntax } from '@rookery/keys';
import type { Advice } from './codes.ts';
import { compareHashes } from './target.ts';
import { checkUserName } from './user-name.ts';

/**
 * Says what is wrong with a public key that is to be, or was, registered (CHAIN-57): the chain takes any bytes, and a name
 * whose key is none is lost for ever (W7). Undefined where the key is good.
 */
export function advisePublicKey(publicKey: Uint8Array, backend: CurveBackend = defaultBackend()): Advice | undefined {
  if (!isPublicKeySyntax(publicKey))
    return {
      code: 'malformed-key',
      detail: 'the bytes have not the form of a public key; the name could never be used',
    };
  if (backend.expandPublicKey(publicKey) === undefined)
    return { code: 'key-not-on-curve', detail: 'the bytes are no point of the curve; the name could never be used' };
  return undefined;
}

/**
 * Says whether the author's name of a promotion is fit to be shown (CHAIN-58): the chain takes any 1 to 16 bytes, although
 * an author other than `nobody` must be registered by the time the block is connected (W8). Undefined where it is a user name.
 */
export function advisePromotionAuthor(author: Uint8Array): Advice | undefined {
  return checkUserName(author).ok
    ? undefined
    : { code: 'bad-display-name', detail: 'the author is no user name; show its bytes escaped or not at all' };
}

/**
 * Says whether a name's latest registration only repeats the key it had (CHAIN-59): the same transaction mined again moves
 * the registration height, and with it the post limit, without the owner's doing (W1). `history` rises by height.
 */
export function adviseHistory(history: readonly Registration[]): Advice | undefined {
  const last = history.at(-1);
  const before = history.at(-2);
  if (last === undefined || before === undefined || !equalBytes(last.publicKey, before.publicKey)) return undefined;
  const detail = `the registration of height ${before.height} was mined again at ${last.height}; count from ${history[0]!.height}`;
  return { code: 'mined-again', detail };
}

/**
 * Orders registrations of one name that wait in a pool (CHAIN-60): deployed miners take the one whose id is the smallest
 * number, not the first they saw (W6). Ids have 32 bytes in wire order; a negative result means that `left` wins.
 */
export function comparePending(left: Uint8Array, right: Uint8Array): number {
  return compareHashes(left, right);
}

function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, at) => byte === right[at]);
}

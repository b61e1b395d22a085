import { isPublicKeySyntax, verifySignature } from '@rookery/keys';
import { type Profile, reject, type Verdict } from '@rookery/wire';
import type { PostCode } from './codes.ts';
import type { PostContext } from './context.ts';

/**
 * Decides whether `signed` carries the signature of a user, under the key that the chain has at `height`.
 * Refuses with `no-key`, `bad-signature` or, in the canonical profile, `scalar-out-of-range`. `user` undefined stands for a
 * name that is not text and so names nobody. Rule POST-17.
 */
export function checkSignature(
  signed: Uint8Array,
  signature: Uint8Array,
  user: string | undefined,
  height: number,
  { tip, users, backend }: Pick<PostContext, 'tip' | 'users' | 'backend'>,
  profile: Profile,
): Verdict<PostCode> {
  const publicKey = user === undefined ? undefined : users.keyAt(user, height);
  if (publicKey === undefined || !isPublicKeySyntax(publicKey)) {
    return reject('no-key', `the user has no usable key at height ${height}`);
  }
  const verdict = verifySignature(signed, signature, publicKey, backend ? { profile, backend } : { profile });
  if (verdict.ok) return verdict;
  if (verdict.code === 'scalar-out-of-range') return reject('scalar-out-of-range', verdict.detail);
  if (profile === 'canonical' && height > tip) {
    return reject('no-key', 'the key at a height above the tip is not known for certain');
  }
  return reject('bad-signature', verdict.detail);
}

/** Stable codes of the verdicts on posts; each is described in `spec/errors.md`. */
export type PostCode =
  | 'bad-embedded-post'
  | 'bad-encoding'
  | 'bad-envelope'
  | 'bad-favourite-signature'
  | 'bad-height'
  | 'bad-lastk'
  | 'bad-reply'
  | 'bad-retweet-signature'
  | 'bad-signature'
  | 'bad-size'
  | 'bad-time'
  | 'bad-utf8'
  | 'falling-height'
  | 'missing-field'
  | 'mixed-kinds'
  | 'no-key'
  | 'not-canonical'
  | 'scalar-out-of-range'
  | 'too-long'
  | 'too-many-posts'
  | 'unknown-user'
  | 'wrong-number'
  | 'wrong-type'
  | 'wrong-user';

/**
 * Tells whether a refusal proves that the piece was forged, so that whoever sent it may be banned (POST-24, weakness W57).
 * Only a signature that the author's known key did not make proves it. Every other code may reach us from an honest peer
 * with laxer rules, another clock or another view of the chain: drop the piece and keep the peer.
 */
export function isForged(code: PostCode): boolean {
  return code === 'bad-signature';
}

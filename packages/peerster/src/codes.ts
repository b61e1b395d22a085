/** Why a message of somebody else is refused (PEERSTER-18 … PEERSTER-24); each is described in `spec/errors.md`. */
export type MessageCode =
  | 'bad-key'
  | 'bad-name'
  | 'bad-nonce'
  | 'bad-private-content'
  | 'bad-signature'
  | 'content-too-long'
  | 'insufficient-work'
  | 'missing-key'
  | 'name-mismatch'
  | 'number-too-large'
  | 'unexpected-field'
  | 'unknown-origin';

/** Why a valid message is not stored (PEERSTER-25 … PEERSTER-28). */
export type OrderCode = 'duplicate' | 'higher-hash' | 'out-of-order' | 'replacement-limit' | 'store-full';

/** Why a text of our own is not accepted for sending (PEERSTER-40). */
export type AuthorCode = 'content-too-long' | 'queue-full' | 'unknown-identity' | 'unknown-recipient';

/** Why a private message can not be read (PEERSTER-14). */
export type PrivateCode = 'malformed-content' | 'undecipherable';

/** Why a part of a packet brings no answer (PEERSTER-5, PEERSTER-35). */
export type GossipCode = 'no-answer' | 'status-too-long';

/** Why a light client drops what it receives, beside the codes of messages and packets (PEERSTER-41). */
export type LightCode = 'unasked';

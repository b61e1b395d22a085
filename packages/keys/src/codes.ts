/**
 * Why a signature or a typed signing was refused; each code is described in `spec/errors.md`.
 * `bad-key`: the registered bytes are no public key. `bad-signature-format`: not 65 bytes, or a header byte that no signer writes.
 * `scalar-out-of-range`: r or s outside 1…n−1 (canonical profile). `bad-signature`: it does not hold under the key.
 */
export type KeyCode = 'bad-key' | 'bad-signature' | 'bad-signature-format' | 'scalar-out-of-range';

/**
 * Why an envelope or a plaintext was refused; each code is described in `spec/errors.md`.
 * `bad-envelope`: lengths that no sender writes, or fields missing. `bad-key`: the public key is no point of the curve.
 * `bad-mac`: not for this secret, or changed on the way. `bad-invite`: a group invitation without its fields.
 */
export type EciesCode = 'bad-envelope' | 'bad-invite' | 'bad-key' | 'bad-mac';

export type { EciesCode } from './codes.ts';
export { type OpenOptions, openEnvelope, openWithAny, type Trial, type TrialOptions } from './decrypt.ts';
export { type DirectMessage, decodeDirectMessage, encodeDirectMessage } from './direct-message.ts';
export { encryptEnvelope } from './encrypt.ts';
export { checkEnvelope, type Envelope, envelopeFromNode, envelopeToBencode } from './envelope.ts';
export { EciesError, type EciesErrorCode } from './errors.ts';
export { ECIES_LIMITS, type EciesLimits } from './limits.ts';

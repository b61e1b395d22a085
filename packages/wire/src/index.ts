export { type Block, blockSize, decodeBlock, encodeBlock } from './block.ts';
export type { Decoded } from './decoded.ts';
export { WireError, type WireErrorCode } from './errors.ts';
export { sha256d } from './hash.ts';
export { type BlockHeader, decodeHeader, encodeHeader, headerId } from './header.ts';
export { WIRE_LIMITS, type WireLimits } from './limits.ts';
export type { Network, Profile } from './profile.ts';
export { ByteReader } from './reader.ts';
export { encodeScript, parseScriptItems, parseSmallString, type ScriptItem } from './script.ts';
export {
  decodeTransaction,
  encodeTransaction,
  type Transaction,
  type TransactionKind,
  transactionId,
  transactionKind,
  transactionSize,
} from './transaction.ts';
export { asciiLowerCase, countCodePoints, decodeUtf8, encodeUtf8 } from './utf8.ts';
export { type Rejection, reject, type Verdict } from './verdict.ts';
export { ByteWriter } from './writer.ts';

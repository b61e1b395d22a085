import type { Decoded } from './decoded.ts';
import { sha256d } from './hash.ts';
import { ByteReader } from './reader.ts';
import { ByteWriter, compactSizeBytes } from './writer.ts';

/**
 * A transaction: the registration of a user name, or the promoted message that opens every block (WIRE-10).
 * The three scripts are raw; {@link parseScriptItems} and {@link parseSmallString} read them.
 */
export interface Transaction {
  /** int32; 1 today, unchecked by consensus. */
  readonly version: number;
  /** Script; empty in a registration. */
  readonly message: Uint8Array;
  /** Script with the user name, in a promotion also the signature. */
  readonly userName: Uint8Array;
  /** Script with the public key, and in a replacement the old key's signature over it. */
  readonly pubKey: Uint8Array;
  /** uint32; the registration's proof of work. */
  readonly nonce: number;
}

/** The two kinds of transaction. Deployed code calls a promotion a spam message. */
export type TransactionKind = 'registration' | 'promotion';

/** Least bytes of a serialised transaction: two integers and three empty scripts. */
export const LEAST_TRANSACTION_BYTES = 11;

/**
 * Reads a transaction from the start of `bytes` (WIRE-10); the scripts are views. What follows is left to the caller, and
 * non-minimal CompactSize lengths are read, as deployed nodes do both.
 * Throws {@link WireError} `truncated` or `too-long`. Checks nothing of what the scripts hold.
 */
export function decodeTransaction(bytes: Uint8Array): Decoded<Transaction> {
  const reader = new ByteReader(bytes);
  const value = readTransaction(reader);
  return { value, consumed: reader.offset };
}

/** Reads one transaction at a reader's cursor. */
export function readTransaction(reader: ByteReader): Transaction {
  return {
    version: reader.i32le(),
    message: reader.varBytes(),
    userName: reader.varBytes(),
    pubKey: reader.varBytes(),
    nonce: reader.u32le(),
  };
}

/** Writes a transaction (WIRE-10): int32 version, three scripts with CompactSize lengths, uint32 nonce. */
export function encodeTransaction(transaction: Transaction): Uint8Array {
  const writer = new ByteWriter(transactionSize(transaction));
  writeTransaction(writer, transaction);
  return writer.finish();
}

/** Writes one transaction to a writer. */
export function writeTransaction(writer: ByteWriter, transaction: Transaction): void {
  writer
    .i32le(transaction.version)
    .varBytes(transaction.message)
    .varBytes(transaction.userName)
    .varBytes(transaction.pubKey)
    .u32le(transaction.nonce);
}

/** Bytes of a transaction's encoding, without encoding it: the size that the transaction rules limit (WIRE-10). */
export function transactionSize(transaction: Transaction): number {
  return (
    LEAST_TRANSACTION_BYTES -
    3 +
    scriptSize(transaction.message) +
    scriptSize(transaction.userName) +
    scriptSize(transaction.pubKey)
  );
}

function scriptSize(script: Uint8Array): number {
  return compactSizeBytes(script.length) + script.length;
}

/**
 * The id of a transaction: double SHA-256 of its encoding, 32 bytes in wire order (WIRE-11).
 * It is the id of the re-encoding, so bytes that were read from a longer form have the id that deployed nodes give them.
 */
export function transactionId(transaction: Transaction): Uint8Array {
  return sha256d(encodeTransaction(transaction));
}

/** Tells the kind, which hangs on nothing but whether the message script is empty (WIRE-12). */
export function transactionKind(transaction: Transaction): TransactionKind {
  return transaction.message.length === 0 ? 'registration' : 'promotion';
}

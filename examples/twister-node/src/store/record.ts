import { createHash } from 'node:crypto';

const CHECK_BYTES = 4;

/** What is written of a value: the start of its SHA-256, then the value itself, so that a damaged one is noticed. */
export function sealRecord(value: Uint8Array): Uint8Array {
  const record = new Uint8Array(CHECK_BYTES + value.length);
  record.set(checkOf(value));
  record.set(value, CHECK_BYTES);
  return record;
}

/** The value of a record; undefined for a damaged one. */
export function openRecord(record: Uint8Array): Uint8Array | undefined {
  // The store hands out Node buffers; the rest of the program never sees one.
  const value = new Uint8Array(record.buffer, record.byteOffset, record.length).subarray(CHECK_BYTES);
  const check = checkOf(value);
  return record.length >= CHECK_BYTES && check.every((byte, index) => byte === record[index]) ? value : undefined;
}

function checkOf(value: Uint8Array): Uint8Array {
  return createHash('sha256').update(value).digest().subarray(0, CHECK_BYTES);
}

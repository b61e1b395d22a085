/** What Node hands out as a `Buffer`, as the plain bytes that the packages take: the two cut in different ways. */
export function plainBytes(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** Bytes that print reversed, as block and transaction ids do. */
export function printedId(id: Uint8Array): string {
  return Buffer.from(id).reverse().toString('hex');
}

/** Reads a printed id; undefined where it has not 64 hexadecimal digits. */
export function parsePrintedId(text: string): Uint8Array | undefined {
  return /^[0-9a-fA-F]{64}$/.test(text) ? new Uint8Array(Buffer.from(text, 'hex').reverse()) : undefined;
}

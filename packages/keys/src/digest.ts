import { sha256d } from '@rookery/wire';

/** `twister Signed Message:\n` with its length in front, as deployed nodes serialise a string. */
const MAGIC: Uint8Array = /* @__PURE__ */ Uint8Array.from('\x18twister Signed Message:\n', (char) =>
  char.charCodeAt(0),
);

/**
 * The digest that every twister signature covers: posts, DHT values, key replacements, promoted messages, checkpoint votes.
 * SHA-256 twice over the 25 bytes of the magic string with its length, the length of the message as a CompactSize, the message.
 * The message may be any bytes below 4 GiB. Nothing in it tells one kind of message from another (W23). Rule KEY-5.
 */
export function messageDigest(message: Uint8Array): Uint8Array {
  const size = compactSize(message.length);
  const bytes = new Uint8Array(MAGIC.length + size.length + message.length);
  bytes.set(MAGIC);
  bytes.set(size, MAGIC.length);
  bytes.set(message, MAGIC.length + size.length);
  return sha256d(bytes);
}

function compactSize(length: number): readonly number[] {
  if (length < 0xfd) return [length];
  if (length <= 0xffff) return [0xfd, length & 0xff, length >>> 8];
  return [0xfe, length & 0xff, (length >>> 8) & 0xff, (length >>> 16) & 0xff, length >>> 24];
}

import { mix } from './draw.ts';

/** 32 bits that differ, but for one chance in 2^32, when bytes differ. For comparing traces, not against forgers (SIM-9). */
export function checksum(bytes: Uint8Array): number {
  const { length } = bytes;
  let sum = mix(length);
  let at = 0;
  for (; at + 4 <= length; at += 4) {
    const word =
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24);
    sum = Math.imul(sum ^ word, 0x9e37_79b1);
    sum ^= sum >>> 15;
  }
  for (; at < length; at += 1) {
    sum = Math.imul(sum ^ (bytes[at] as number), 0x9e37_79b1);
    sum ^= sum >>> 15;
  }
  return mix(sum) >>> 0;
}

/** The same for a text, over its UTF-16 units. */
export function checksumText(text: string): number {
  let sum = mix(text.length);
  for (let at = 0; at < text.length; at += 1) {
    sum = Math.imul(sum ^ text.charCodeAt(at), 0x9e37_79b1);
    sum ^= sum >>> 15;
  }
  return mix(sum) >>> 0;
}

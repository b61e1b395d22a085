/**
 * SHA-1 (RFC 3174) of messages that fit one block and differ in their last bytes only.
 * Search for a nonce hashes a few bytes millions of times, for which a general implementation spends most of its time outside of the rounds.
 */
export class Sha1Block {
  private readonly words = new Int32Array(80);
  private readonly lastWord: number;
  private readonly state = new Int32Array(5);

  /** `message` is of whole 32-bit words, at most 52 bytes, its last word the one that changes. */
  constructor(message: Uint8Array) {
    if (message.length % 4 !== 0 || message.length < 4 || message.length > LONGEST) {
      throw new RangeError(`a message of ${message.length} bytes does not fit`);
    }
    const { words } = this;
    for (let index = 0; index < message.length; index += 1)
      words[index >> 2]! |= message[index]! << (24 - 8 * (index & 3));
    words[message.length >> 2] = 0x80000000;
    words[15] = 8 * message.length;
    this.lastWord = message.length / 4 - 1;
  }

  /** Hashes with another last word; the five words of the digest stay valid until the next call. */
  digest(last: number): Int32Array {
    const { words, state } = this;
    words[this.lastWord] = last;
    for (let t = 16; t < 80; t += 1) {
      const mixed = words[t - 3]! ^ words[t - 8]! ^ words[t - 14]! ^ words[t - 16]!;
      words[t] = (mixed << 1) | (mixed >>> 31);
    }
    let a = H0;
    let b = H1;
    let c = H2;
    let d = H3;
    let e = H4;
    for (let t = 0; t < 80; t += 1) {
      let f: number;
      if (t < 20) f = ((b & c) | (~b & d)) + 0x5a827999;
      else if (t < 40) f = (b ^ c ^ d) + 0x6ed9eba1;
      else if (t < 60) f = ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
      else f = (b ^ c ^ d) + 0xca62c1d6;
      const next = (((a << 5) | (a >>> 27)) + f + e + words[t]!) | 0;
      e = d;
      d = c;
      c = (b << 30) | (b >>> 2);
      b = a;
      a = next;
    }
    state[0] = a + H0;
    state[1] = b + H1;
    state[2] = c + H2;
    state[3] = d + H3;
    state[4] = e + H4;
    return state;
  }
}

const LONGEST = 52;
const H0 = 0x67452301;
const H1 = 0xefcdab89 | 0;
const H2 = 0x98badcfe | 0;
const H3 = 0x10325476;
const H4 = 0xc3d2e1f0 | 0;

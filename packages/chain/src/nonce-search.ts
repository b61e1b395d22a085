const BLOCK_BYTES = 64;
const WORDS = 16;
const STATE_WORDS = 8;
const DIGEST_BITS = 256;
const TOP_WORD_AT = 28;

/** Fractional parts of the cube roots of the first 64 primes (FIPS 180-4, section 4.2.2). */
const ROUND: Int32Array = /* @__PURE__ */ new Int32Array([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
  0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
  0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
  0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
  0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
  0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
  0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
  0xc67178f2,
]);

/** Fractional parts of the square roots of the first 8 primes (FIPS 180-4, section 5.3.3). */
const INITIAL: Int32Array = /* @__PURE__ */ new Int32Array([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
]);

/**
 * Finds the first nonce in `first` … `last` with which double SHA-256 of `prefix` and the nonce (4 bytes, little-endian)
 * lies strictly below `target`, or undefined (CHAIN-52). `target` has 32 bytes in wire order.
 * The blocks before the nonce are hashed once. This loop only finds candidates quickly; the caller confirms what it gives
 * with the library's hash, so that a fault here could lose work but never pass a wrong id.
 */
export function searchNonce(prefix: Uint8Array, first: number, last: number, target: Uint8Array): number | undefined {
  const fixed = prefix.length - (prefix.length % BLOCK_BYTES);
  const midstate = Int32Array.from(INITIAL);
  const schedule = new Int32Array(WORDS * 4);
  for (let at = 0; at < fixed; at += BLOCK_BYTES) {
    for (let word = 0; word < WORDS; word += 1) schedule[word] = bigEndianWord(prefix, at + 4 * word);
    compress(midstate, schedule);
  }
  const tail = paddedTail(prefix.subarray(fixed), prefix.length + 4);
  const nonceAt = prefix.length - fixed;
  const word = nonceAt >> 2;
  const shift = 8 * (nonceAt & 3);
  const before = tail[word]!;
  const after = tail[word + 1] ?? 0;
  const limit = littleEndianWord(target, TOP_WORD_AT);
  const state = new Int32Array(STATE_WORDS);
  for (let nonce = first; nonce <= last; nonce += 1) {
    const swapped = swapBytes(nonce);
    tail[word] = before | (swapped >>> shift);
    if (shift !== 0) tail[word + 1] = after | (swapped << (32 - shift));
    state.set(midstate);
    for (let at = 0; at < tail.length; at += WORDS) {
      schedule.set(at === 0 && tail.length === WORDS ? tail : tail.subarray(at, at + WORDS));
      compress(state, schedule);
    }
    schedule.set(state);
    schedule.fill(0, STATE_WORDS, WORDS);
    schedule[STATE_WORDS] = 0x8000_0000;
    schedule[WORDS - 1] = DIGEST_BITS;
    state.set(INITIAL);
    compress(state, schedule);
    const top = swapBytes(state[STATE_WORDS - 1]!) >>> 0;
    if (top < limit || (top === limit && isBelow(state, target))) return nonce;
  }
  return undefined;
}

/** Whether a digest, its bytes read in wire order, lies below the target. */
function isBelow(state: Int32Array, target: Uint8Array): boolean {
  for (let word = STATE_WORDS - 1; word >= 0; word -= 1) {
    const difference = (swapBytes(state[word]!) >>> 0) - littleEndianWord(target, 4 * word);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/** The words of the last one or two blocks: the rest of the message with a nonce of zero, then the padding. */
function paddedTail(rest: Uint8Array, messageBytes: number): Int32Array {
  const used = rest.length + 4;
  const bytes = new Uint8Array(used + 9 <= BLOCK_BYTES ? BLOCK_BYTES : 2 * BLOCK_BYTES);
  bytes.set(rest);
  bytes[used] = 0x80;
  const words = Int32Array.from({ length: bytes.length / 4 }, (_, index) => bigEndianWord(bytes, 4 * index));
  words[words.length - 1] = 8 * messageBytes;
  return words;
}

function bigEndianWord(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
}

function littleEndianWord(bytes: Uint8Array, at: number): number {
  return ((bytes[at + 3]! << 24) | (bytes[at + 2]! << 16) | (bytes[at + 1]! << 8) | bytes[at]!) >>> 0;
}

function swapBytes(word: number): number {
  return ((word & 0xff) << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);
}

/** One SHA-256 block (FIPS 180-4, section 6.2.2): adds it to `state`. `schedule` holds the block in its first 16 words. */
function compress(state: Int32Array, schedule: Int32Array): void {
  for (let t = WORDS; t < 64; t += 1) {
    const w15 = schedule[t - 15]!;
    const w2 = schedule[t - 2]!;
    const s0 = ((w15 >>> 7) | (w15 << 25)) ^ ((w15 >>> 18) | (w15 << 14)) ^ (w15 >>> 3);
    const s1 = ((w2 >>> 17) | (w2 << 15)) ^ ((w2 >>> 19) | (w2 << 13)) ^ (w2 >>> 10);
    schedule[t] = (schedule[t - 16]! + s0 + schedule[t - 7]! + s1) | 0;
  }
  let a = state[0]!;
  let b = state[1]!;
  let c = state[2]!;
  let d = state[3]!;
  let e = state[4]!;
  let f = state[5]!;
  let g = state[6]!;
  let h = state[7]!;
  for (let t = 0; t < 64; t += 1) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + ROUND[t]! + schedule[t]!) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  state[0] = (state[0]! + a) | 0;
  state[1] = (state[1]! + b) | 0;
  state[2] = (state[2]! + c) | 0;
  state[3] = (state[3]! + d) | 0;
  state[4] = (state[4]! + e) | 0;
  state[5] = (state[5]! + f) | 0;
  state[6] = (state[6]! + g) | 0;
  state[7] = (state[7]! + h) | 0;
}

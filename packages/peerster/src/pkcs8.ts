import { invert } from 'micro-rsa-dsa-dh/utils.js';
import { PeersterError } from './errors.ts';
import { bytesToNumberBE, numberToBytesBE } from './integers.ts';

/** The numbers of an RSA private key, as RFC 8017 appendix A.1.2 names them. */
export interface PrivateNumbers {
  readonly modulus: bigint;
  /** uint32. */
  readonly exponent: number;
  readonly privateExponent: bigint;
  readonly prime1: bigint;
  readonly prime2: bigint;
}

const INTEGER = 0x02;
const OCTET_STRING = 0x04;
const NULL = 0x05;
const OBJECT_ID = 0x06;
const SEQUENCE = 0x30;
/** 1.2.840.113549.1.1.1, rsaEncryption. */
const RSA_ENCRYPTION: readonly number[] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
const MAX_INTEGER_BYTES = 513;
const EXPONENT_LIMIT = 2 ** 32;

/** Writes a private key of two primes as PKCS#8 DER (RFC 5208; PEERSTER-42). */
export function encodePkcs8(numbers: PrivateNumbers): Uint8Array {
  const { modulus, exponent, privateExponent, prime1, prime2 } = numbers;
  const key = element(SEQUENCE, [
    integer(0n),
    integer(modulus),
    integer(BigInt(exponent)),
    integer(privateExponent),
    integer(prime1),
    integer(prime2),
    integer(privateExponent % (prime1 - 1n)),
    integer(privateExponent % (prime2 - 1n)),
    integer(invert(prime2, prime1)),
  ]);
  const algorithm = element(SEQUENCE, [element(OBJECT_ID, [Uint8Array.from(RSA_ENCRYPTION)]), element(NULL, [])]);
  return element(SEQUENCE, [integer(0n), algorithm, element(OCTET_STRING, [key])]);
}

/**
 * Reads an RSA private key of two primes from PKCS#8 DER (RFC 5208; PEERSTER-42); attributes after the key are skipped.
 * Throws {@link PeersterError} `bad-key-file` for anything else, also where modulus, primes and exponents do not fit
 * together. Whether the primes are prime is not checked.
 */
export function decodePkcs8(bytes: Uint8Array): PrivateNumbers {
  const outer = new DerReader(bytes, 0, bytes.length).enter(SEQUENCE);
  outer.integer();
  const algorithm = outer.enter(SEQUENCE);
  const oid = algorithm.enter(OBJECT_ID).rest();
  if (oid.length !== RSA_ENCRYPTION.length || oid.some((byte, index) => byte !== RSA_ENCRYPTION[index])) {
    throw new PeersterError('bad-key-file', 0, 'the key is no RSA key');
  }
  const key = outer.enter(OCTET_STRING).enter(SEQUENCE);
  if (key.integer() !== 0n) throw new PeersterError('bad-key-file', 0, 'the key has more than two primes');
  const modulus = key.integer();
  const exponent = key.integer();
  const privateExponent = key.integer();
  const prime1 = key.integer();
  const prime2 = key.integer();
  const consistent =
    prime1 > 2n &&
    prime2 > 2n &&
    prime1 !== prime2 &&
    prime1 * prime2 === modulus &&
    exponent < EXPONENT_LIMIT &&
    (exponent * privateExponent) % (prime1 - 1n) === 1n &&
    (exponent * privateExponent) % (prime2 - 1n) === 1n;
  if (!consistent) throw new PeersterError('bad-key-file', 0, 'the numbers of the key do not fit together');
  return { modulus, exponent: Number(exponent), privateExponent, prime1, prime2 };
}

/** A cursor over DER elements that knows as much DER as a private key needs: definite, minimal lengths. */
class DerReader {
  private readonly bytes: Uint8Array;
  private position: number;
  private readonly limit: number;

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.bytes = bytes;
    this.position = start;
    this.limit = end;
  }

  enter(tag: number): DerReader {
    if (this.byte() !== tag) throw this.bad('another element is wanted here');
    const length = this.length();
    const start = this.position;
    this.position += length;
    return new DerReader(this.bytes, start, this.position);
  }

  integer(): bigint {
    const content = this.enter(INTEGER).rest();
    if (content.length === 0 || content.length > MAX_INTEGER_BYTES || content[0]! >= 0x80) {
      throw this.bad('an integer is empty, negative or too long');
    }
    return bytesToNumberBE(content);
  }

  rest(): Uint8Array {
    return this.bytes.subarray(this.position, this.limit);
  }

  private length(): number {
    const first = this.byte();
    if (first < 0x80) return this.within(first);
    const width = first & 0x7f;
    if (width === 0 || width > 2) throw this.bad('a length is indefinite or too long');
    let length = 0;
    for (let index = 0; index < width; index += 1) length = length * 256 + this.byte();
    if (length < 0x80 || (width === 2 && length < 0x100)) throw this.bad('a length is not minimal');
    return this.within(length);
  }

  private within(length: number): number {
    if (length > this.limit - this.position) throw this.bad('an element goes on beyond the end');
    return length;
  }

  private byte(): number {
    if (this.position >= this.limit) throw this.bad('the key ends too early');
    const byte = this.bytes[this.position]!;
    this.position += 1;
    return byte;
  }

  private bad(detail: string): PeersterError {
    return new PeersterError('bad-key-file', this.position, detail);
  }
}

function element(tag: number, parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const header =
    length < 0x80 ? [tag, length] : length < 0x100 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length];
  const bytes = new Uint8Array(header.length + length);
  bytes.set(header);
  let at = header.length;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** An unsigned integer: a zero byte goes before a set top bit. */
function integer(value: bigint): Uint8Array {
  const hexDigits = value.toString(16).length;
  return element(INTEGER, [numberToBytesBE(value, Math.floor((4 * hexDigits + topBits(value, hexDigits)) / 8) + 1)]);
}

/** Corrects the bit count of the first hexadecimal digit: bits = 4 · digits + this, so that bytes = ⌊bits / 8⌋ + 1. */
function topBits(value: bigint, hexDigits: number): number {
  const first = Number(value >> BigInt(4 * (hexDigits - 1)));
  return (first === 0 ? 0 : 32 - Math.clz32(first)) - 4;
}

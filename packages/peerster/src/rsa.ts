import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { mgf1, OAEP } from 'micro-rsa-dsa-dh/rsa.js';
import { invert, mod, pow } from 'micro-rsa-dsa-dh/utils.js';
import { bitLength, bytesToNumberBE, numberToBytesBE } from './integers.ts';
import { encodeOaep } from './oaep.ts';
import { decodePkcs8, encodePkcs8, type PrivateNumbers } from './pkcs8.ts';
import type { RsaPrivateKey, RsaProvider, RsaPublicKey } from './provider.ts';
import { encodePss, recoverPssSalt } from './pss.ts';
import { decodePublicKey, encodePublicKey } from './public-key.ts';

const LEAST_EXPONENT = 2;
const EXPONENT_LIMIT = 2 ** 31;
const BLINDING_BLOCKS = 8;

/**
 * The provider that needs nothing but JavaScript: arithmetic and OAEP decryption by `micro-rsa-dsa-dh`, PSS on top of it
 * here. Private operations are blinded and checked, but big integers take time that depends on their values: where
 * somebody can measure that, use a provider of the platform.
 */
export function createRsaProvider(): RsaProvider {
  return { name: 'bigint', publicKey, privateKey };
}

function publicKey(bytes: Uint8Array): RsaPublicKey {
  const { modulus, exponent } = decodePublicKey(bytes);
  const bits = bitLength(modulus);
  const length = Math.ceil(bits / 8);
  const usable = bits > 8 && exponent >= LEAST_EXPONENT && exponent < EXPONENT_LIMIT;
  const raise = (value: bigint): bigint => pow(value, BigInt(exponent), modulus);
  return {
    bytes,
    verify(payload, signature) {
      if (!usable || signature.length !== length) return false;
      const value = bytesToNumberBE(signature);
      if (value >= modulus) return false;
      const blockLength = Math.ceil((bits - 1) / 8);
      const block = raise(value);
      if (bitLength(block) > 8 * blockLength) return false;
      return recoverPssSalt(payload, numberToBytesBE(block, blockLength), bits - 1) !== undefined;
    },
    encrypt(text, seed) {
      if (!usable) throw new RangeError('the key can not encrypt');
      return numberToBytesBE(raise(bytesToNumberBE(encodeOaep(text, seed, length))), length);
    },
  };
}

function privateKey(pkcs8: Uint8Array): RsaPrivateKey {
  const numbers = decodePkcs8(pkcs8);
  const { modulus, exponent } = numbers;
  const serialised = encodePublicKey({ modulus, exponent });
  const ours = publicKey(serialised);
  const bits = bitLength(modulus);
  const length = Math.ceil(bits / 8);
  const raise = privateOperation(numbers);
  const oaep = OAEP(sha256, mgf1(sha256));
  return {
    publicKey: ours,
    pkcs8,
    sign(payload, salt) {
      return numberToBytesBE(raise(bytesToNumberBE(encodePss(payload, salt, bits - 1))), length);
    },
    decrypt(ciphertext) {
      const value = bytesToNumberBE(ciphertext);
      if (ciphertext.length !== length || value >= modulus) return undefined;
      // The library raises to d itself; it is given the raised block and d = 1, so that blinding and remainders apply.
      const block = numberToBytesBE(raise(value), length);
      try {
        return oaep.decrypt({ n: modulus, d: 1n }, block);
      } catch {
        return undefined;
      }
    },
  };
}

/**
 * x ↦ x^d mod n by Chinese remainders, blinded by a factor that only the owner of the key can foresee, and checked, so
 * that a computing fault gives no signature that reveals a prime.
 */
function privateOperation(numbers: PrivateNumbers): (value: bigint) => bigint {
  const { modulus, exponent, privateExponent, prime1, prime2 } = numbers;
  const exponent1 = privateExponent % (prime1 - 1n);
  const exponent2 = privateExponent % (prime2 - 1n);
  const coefficient = invert(prime2, prime1);
  const secret = sha256(encodePkcs8(numbers));
  return (value) => {
    const factor = blindingFactor(secret, value, modulus);
    const blinded = (value * pow(factor, BigInt(exponent), modulus)) % modulus;
    const first = pow(blinded % prime1, exponent1, prime1);
    const second = pow(blinded % prime2, exponent2, prime2);
    const raised = second + prime2 * mod((first - second) * coefficient, prime1);
    if (pow(raised, BigInt(exponent), modulus) !== blinded) throw new Error('the private operation went wrong');
    return (raised * invert(factor, modulus)) % modulus;
  };
}

function blindingFactor(secret: Uint8Array, value: bigint, modulus: bigint): bigint {
  const length = Math.ceil(bitLength(modulus) / 8);
  const input = concatBytes(secret, numberToBytesBE(value, length), new Uint8Array(1));
  const blocks: Uint8Array[] = [];
  for (let index = 0; index < BLINDING_BLOCKS; index += 1) {
    input[input.length - 1] = index;
    blocks.push(sha256(input));
  }
  return (bytesToNumberBE(concatBytes(...blocks)) % (modulus - 1n)) + 1n;
}

import { instantiateSecp256k1, type RecoveryId } from '@bitauth/libauth';
import { type CurveBackend, createBackend, schnorrOver } from '@rookery/keys';

/** n − 1: a secret multiplied by it is negated. */
const MINUS_ONE: Uint8Array = /* @__PURE__ */ Uint8Array.from([
  ...new Array<number>(15).fill(0xff),
  ...[0xfe, 0xba, 0xae, 0xdc, 0xe6, 0xaf, 0x48, 0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41, 0x40],
]);

/**
 * A backend on libsecp256k1 as `@bitauth/libauth` compiles it to WebAssembly, about fifteen times as fast as the default one's recovery.
 *
 * The module is part of the library's JavaScript, so nothing is fetched or read from disk: the same in Node, Deno, Bun and browsers.
 * BIP 340 is put together from the library's point and scalar operations, as its own Schnorr signatures are of another standard.
 * Every call of this function compiles an instance of its own, some ten milliseconds; make one and share it.
 *
 * `sharedSecret` is not constant time here: libauth has no ECDH, and its point multiplication is meant for public factors.
 * Whoever decrypts with long-lived secrets where others can time it takes another backend for that.
 * Results are those of every other backend, bit for bit.
 */
export async function createWasmBackend(): Promise<CurveBackend> {
  const curve = await instantiateSecp256k1();
  return createBackend({
    name: 'wasm',
    derivePublicKey: (secret, compressed) =>
      must(compressed ? curve.derivePublicKeyCompressed(secret) : curve.derivePublicKeyUncompressed(secret)),
    expandPublicKey: (publicKey) => found(curve.uncompressPublicKey(publicKey)),
    sign: (digest, secret) => {
      const { signature, recoveryId } = must(curve.signMessageHashRecoverableCompact(secret, digest));
      return { compact: signature, recovery: recoveryId };
    },
    recover: (digest, compact, recovery) =>
      found(curve.recoverPublicKeyCompressed(compact, recovery as RecoveryId, digest)),
    sharedSecret: (secret, publicKey) => found(curve.mulTweakPublicKeyCompressed(publicKey, secret))?.slice(1),
    schnorr: schnorrOver({
      derivePublicKey: (secret) => must(curve.derivePublicKeyCompressed(secret)),
      multiplySecret: (secret, factor) => must(curve.mulTweakPrivateKey(secret, factor)),
      addToSecret: (secret, term) => found(curve.addTweakPrivateKey(secret, term)),
      negateSecret: (secret) => must(curve.mulTweakPrivateKey(secret, MINUS_ONE)),
      multiplyPoint: (publicKey, factor) => found(curve.mulTweakPublicKeyCompressed(publicKey, factor)),
      addGenerator: (publicKey, term) => found(curve.addTweakPublicKeyCompressed(publicKey, term)),
    }),
  });
}

/** libauth returns a text where it has no result. */
function found<T extends object>(result: T | string): T | undefined {
  return typeof result === 'string' ? undefined : result;
}

function must<T extends object>(result: T | string): T {
  if (typeof result === 'string') throw new Error(result);
  return result;
}

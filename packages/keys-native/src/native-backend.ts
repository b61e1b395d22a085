import { createRequire } from 'node:module';
import { type CurveBackend, createBackend, KeysError, schnorrOver } from '@rookery/keys';
import type * as Secp256k1 from 'secp256k1';

/**
 * A backend on libsecp256k1 as `secp256k1` brings it compiled for Linux x64 (glibc and musl), macOS on ARM and Windows x64.
 *
 * Throws `KeysError` `no-native-binary` where none fits the machine and none was built: it never falls back to a slower one, as the main entry of that
 * package does. BIP 340, which version 5 of the package lacks, is put together from its point and scalar operations.
 * Results are those of every other backend, bit for bit.
 */
export function loadNativeBackend(): CurveBackend {
  const curve = loadBindings();
  return createBackend({
    name: 'native',
    derivePublicKey: (secret, compressed) => curve.publicKeyCreate(secret, compressed),
    expandPublicKey: (publicKey) => attempt(() => curve.publicKeyConvert(publicKey, false)),
    sign: (digest, secret) => {
      const { signature, recid } = curve.ecdsaSign(digest, secret);
      return { compact: signature, recovery: recid };
    },
    recover: (digest, compact, recovery) => attempt(() => curve.ecdsaRecover(compact, recovery, digest, true)),
    sharedSecret: (secret, publicKey) =>
      attempt(() => curve.ecdh(publicKey, secret, { hashfn: (x) => x }, new Uint8Array(32))),
    schnorr: schnorrOver({
      derivePublicKey: (secret) => curve.publicKeyCreate(secret, true),
      multiplySecret: (secret, factor) => curve.privateKeyTweakMul(secret.slice(), factor),
      addToSecret: (secret, term) => attempt(() => curve.privateKeyTweakAdd(secret.slice(), term)),
      negateSecret: (secret) => curve.privateKeyNegate(secret.slice()),
      multiplyPoint: (publicKey, factor) => attempt(() => curve.publicKeyTweakMul(publicKey, factor, true)),
      addGenerator: (publicKey, term) => attempt(() => curve.publicKeyTweakAdd(publicKey, term, true)),
    }),
  });
}

function loadBindings(): typeof Secp256k1 {
  try {
    return createRequire(import.meta.url)('secp256k1/bindings') as typeof Secp256k1;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new KeysError('no-native-binary', 0, `secp256k1 has no compiled binary for this machine: ${reason}`);
  }
}

/** The library throws where a point does not exist; arguments have been checked, so nothing else can be wrong. */
function attempt<T>(compute: () => T): T | undefined {
  try {
    return compute();
  } catch {
    return undefined;
  }
}

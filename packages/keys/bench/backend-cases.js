// @ts-check
import { messageDigest } from '@rookery/keys';
import { measure, ratio, report } from './measure.js';

/** @typedef {import('@rookery/keys').CurveBackend} CurveBackend */

const SIGNATURES = 64;

/**
 * Every operation of a backend over the same inputs.
 * @param {CurveBackend} backend
 */
export function casesOf(backend) {
  const secret = new Uint8Array(32).fill(7);
  const other = backend.derivePublicKey(new Uint8Array(32).fill(8), true);
  const key = backend.derivePublicKey(secret, true);
  const signed = Array.from({ length: SIGNATURES }, (_, number) => {
    const digest = messageDigest(Uint8Array.of(number));
    const schnorr = backend.schnorrSign(digest, secret, new Uint8Array(32));
    return { digest, schnorr, ...backend.sign(digest, secret) };
  });
  const schnorrKey = backend.schnorrPublicKey(secret);
  let turn = 0;
  const next = () => {
    turn = (turn + 1) % SIGNATURES;
    return /** @type {typeof signed[number]} */ (signed[turn]);
  };
  /** @param {boolean} holds */
  const mustHold = (holds) => {
    if (!holds) throw new Error('a signature does not hold');
  };
  return {
    verify: () => {
      const { digest, compact, recovery } = next();
      mustHold(backend.matches(digest, compact, recovery, key));
    },
    recover: () => {
      const { digest, compact, recovery } = next();
      mustHold(backend.recover(digest, compact, recovery) !== undefined);
    },
    sign: () => backend.sign(next().digest, secret),
    'shared secret': () => backend.sharedSecret(secret, other),
    'BIP 340 verify': () => {
      const { digest, schnorr } = next();
      mustHold(backend.schnorrVerify(schnorr, digest, schnorrKey));
    },
    'BIP 340 sign': () => backend.schnorrSign(next().digest, secret, new Uint8Array(32)),
  };
}

/**
 * Prints every operation of a backend beside the same one of the default backend.
 * @param {CurveBackend} backend
 * @param {CurveBackend} yardstick
 */
export function compareBackends(backend, yardstick) {
  const [own, others] = [casesOf(backend), casesOf(yardstick)];
  for (const [name, run] of Object.entries(own)) {
    const rates = measure({ own: run, other: /** @type {Record<string, () => unknown>} */ (others)[name] ?? run });
    const factor = ratio(rates.own ?? [], rates.other ?? []);
    report(`${yardstick.name}: ${name}`, rates.other ?? []);
    report(`${backend.name}: ${name}`, rates.own ?? [], { ratio: factor, bound: '≥ 1', holds: factor >= 1 });
  }
}

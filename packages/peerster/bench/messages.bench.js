// @ts-check
/** Judging a message from its datagram on, beside the bare RSA verification of the platform. */
import nodeCrypto from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  checkMessage,
  createNodeRsaProvider,
  createRsaProvider,
  decodePacket,
  decodePublicKey,
  signedPayload,
} from '@rookery/peerster';
import { measure, median, ratio, report } from './measure.js';

const BOUND = 1.3;
const captured = new URL('../../../spec/vectors/captured/peerster/', import.meta.url);
/** @param {string} name */
const read = (name) => JSON.parse(readFileSync(new URL(`${name}.json`, captured), 'utf8'));
/** @param {string} hex */
const unhex = (hex) => new Uint8Array(Buffer.from(hex, 'hex'));

const { rumors } = read('rumors');
const { keys } = read('keys');
const datagrams = rumors
  .filter((/** @type {any} */ { kind, signer }) => kind === 'public' && signer === 'A')
  .map((/** @type {any} */ { packet }) => unhex(packet));
const serialised = unhex(keys.A.serialized_public_key);
const { modulus, exponent } = decodePublicKey(serialised);
const base64url = (/** @type {bigint} */ value) =>
  Buffer.from(
    value
      .toString(16)
      .padStart(2, '0')
      .replace(/^(.(?:..)*)$/, '0$1'),
    'hex',
  ).toString('base64url');
const platformKey = nodeCrypto.createPublicKey({
  key: { kty: 'RSA', n: base64url(modulus), e: base64url(BigInt(exponent)) },
  format: 'jwk',
});
const parts = datagrams.map((/** @type {Uint8Array} */ bytes) => {
  const { rumor } = decodePacket(bytes);
  if (rumor === undefined) throw new Error('no rumor');
  return { payload: signedPayload(rumor), signature: rumor.signature };
});

/** @param {import('@rookery/peerster').RsaProvider} rsa */
function judge(rsa) {
  const key = rsa.publicKey(serialised);
  /** @type {import('@rookery/peerster').MessageContext} */
  const context = { profile: 'strict', target: 18, keyOf: () => key };
  let turn = 0;
  return () => {
    turn = (turn + 1) % datagrams.length;
    const { rumor } = decodePacket(datagrams[turn]);
    if (rumor === undefined || !checkMessage(rumor, context).ok) throw new Error('a captured message is refused');
  };
}

const options = {
  key: platformKey,
  padding: nodeCrypto.constants.RSA_PKCS1_PSS_PADDING,
  saltLength: nodeCrypto.constants.RSA_PSS_SALTLEN_AUTO,
};
let turn = 0;
const rates = measure({
  bare: () => {
    turn = (turn + 1) % parts.length;
    if (!nodeCrypto.verify('sha256', parts[turn].payload, options, parts[turn].signature)) throw new Error('refused');
  },
  node: judge(createNodeRsaProvider(nodeCrypto)),
  pure: judge(createRsaProvider()),
});
const times = ratio(rates.bare ?? [], rates.node ?? []);
report('crypto.verify of the platform alone', median(rates.bare ?? []));
report('a message judged, RSA by the platform', median(rates.node ?? []), {
  ratio: times,
  bound: `of the time of crypto.verify, at most ${BOUND}`,
  holds: times <= BOUND,
});
report('a message judged, RSA in JavaScript', median(rates.pure ?? []));

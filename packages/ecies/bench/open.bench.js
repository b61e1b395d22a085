// @ts-check
/** Opening a direct message with the default backend, beside the bare shared secret: `node packages/ecies/bench/open.bench.js`. */
import { decodeDirectMessage, encryptEnvelope, openEnvelope } from '@rookery/ecies';
import { createNobleBackend } from '@rookery/keys';
import { encodeUtf8 } from '@rookery/wire';
import { measure, ratio, report } from '../../keys/bench/measure.js';

const backend = createNobleBackend();
const secret = new Uint8Array(32).fill(7);
const plaintext = encodeUtf8(`d3:msg120:${'a'.repeat(120)}2:to3:bobe`);
const envelope = encryptEnvelope(backend.derivePublicKey(secret, true), plaintext, new Uint8Array(32).fill(9), backend);

const rates = measure({
  shared: () => backend.sharedSecret(secret, envelope.key),
  open: () => {
    const opened = openEnvelope(envelope, secret, { backend });
    if (!opened.ok || !decodeDirectMessage(opened.plaintext).ok) throw new Error('the message does not open');
  },
  encrypt: () => encryptEnvelope(envelope.key, plaintext, secret, backend),
});
const times = ratio(rates.shared ?? [], rates.open ?? []);
report('bare shared secret, default backend', rates.shared ?? []);
report('openEnvelope and decodeDirectMessage', rates.open ?? [], {
  ratio: times,
  bound: '≤ 1.2 times',
  holds: times <= 1.2,
});
report('encryptEnvelope', rates.encrypt ?? []);
console.log('beside (performance page, another day): deployed daemon decrypts 1,410/s');

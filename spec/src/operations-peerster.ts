/** The operations of peerster: field by field what `spec/conformance/operations.schema.json` states. */
import {
  boolean,
  bytes,
  bytesOf,
  closed,
  hash,
  integer,
  list,
  nullable,
  type Operation,
  object,
  oneOf,
  profile,
  type Shape,
  text,
} from './shapes.ts';

const name = nullable(text);
const draft: Shape = { origin: name, destination: name, id: integer, content: bytes, signature: bytes };
const rumor: Shape = { ...draft, nonce: bytes };
const status = list(object({ origin: name, nextId: integer, 'digest?': bytes }));
const range = closed({ first: name, last: name });
const packet: Shape = {
  'rumor?': object(rumor),
  'status?': status,
  'probe?': object({ origin: name, from: integer, to: integer, digest: bytes }),
  'range?': range,
};
const check: Shape = {
  'origin?': name,
  'destination?': name,
  'id?': integer,
  'content?': bytes,
  'signature?': bytes,
  'nonce?': bytes,
  'publicKey?': bytes,
  target: integer,
  'profile?': profile,
};
const publicKey = bytesOf(260);

export const peersterOperations: Readonly<Record<string, Operation>> = {
  'peerster.packet.decode': { in: { bytes, 'profile?': profile }, ok: packet },
  'peerster.packet.encode': { in: packet, ok: { bytes } },
  'peerster.rumor.decode': { in: { bytes, 'profile?': profile }, ok: rumor },
  'peerster.rumor.encode': { in: rumor, ok: { bytes } },
  'peerster.rumor.check': { in: check, ok: {} },
  'peerster.status.decode': { in: { bytes, 'profile?': profile }, ok: { status } },
  'peerster.status.encode': { in: { status }, ok: { bytes } },
  'peerster.name.derive': { in: { publicKey: bytes }, ok: { name: text } },
  'peerster.name.check': { in: { name: bytes, 'profile?': profile }, ok: {} },
  'peerster.key.check': { in: { publicKey: bytes, 'profile?': profile }, ok: {} },
  'peerster.key.decode': { in: { publicKey: bytes }, ok: { modulus: bytes, exponent: integer } },
  'peerster.key.encode': { in: { modulus: bytesOf(256), exponent: integer }, ok: { publicKey } },
  'peerster.message.hash': { in: rumor, ok: { payload: bytes, digest: hash, hash } },
  'peerster.message.check': { in: check, ok: {} },
  'peerster.message.place': {
    in: { id: integer, next: integer, hash, 'stored?': hash },
    ok: { placement: text },
  },
  'peerster.signature.create': { in: { privateKey: bytes, payload: bytes, salt: bytes }, ok: { signature: bytes } },
  'peerster.signature.verify': { in: { publicKey: bytes, payload: bytes, signature: bytes }, ok: {} },
  'peerster.pow.count': { in: { hash: bytes }, ok: { bits: integer } },
  'peerster.pow.mine': { in: { ...draft, target: integer }, ok: { nonce: bytes, hash } },
  'peerster.private.open': {
    in: { content: bytes, privateKey: bytes, role: oneOf('sender', 'recipient') },
    ok: { text: name },
  },
  'peerster.private.seal': {
    in: { text, senderKey: publicKey, recipientKey: publicKey, senderSeed: hash, recipientSeed: hash },
    ok: { content: bytes },
  },
  'peerster.private.split': { in: { content: bytes }, ok: { forSender: bytes, forRecipient: bytes } },
  'peerster.clock.compare': {
    in: { own: status, status, 'range?': range },
    ok: { equal: boolean, ahead: boolean, lacking: list(object({ origin: text, nextId: integer })) },
  },
  'peerster.history.extend': { in: { previous: hash, hash }, ok: { history: hash, digest: bytes } },
  'peerster.probe.narrow': {
    in: { from: integer, to: integer, equal: boolean },
    ok: { from: integer, to: integer },
  },
  'peerster.keyfile.open': { in: { file: bytes, passphrase: text }, ok: { privateKey: bytes } },
};

/** The operations of twister: field by field what `spec/conformance/operations.schema.json` states. */
import {
  bencode,
  boolean,
  bytes,
  bytesOf,
  closed,
  hash,
  integer,
  list,
  network,
  nullable,
  type Operation,
  object,
  oneOf,
  profile,
  type Shape,
  text,
  users,
} from './shapes.ts';

const headerFields: Shape = {
  version: integer,
  height: integer,
  prev: hash,
  merkleRoot: hash,
  time: integer,
  bits: integer,
  nonce: integer,
};
const header = object({ ...headerFields, id: hash, powHash: hash });
/** What an encoder takes of a header: id and hash of its work follow from the rest. */
const headerInput = object(headerFields);
const address = object({ services: integer, ip: bytesOf(16), port: integer });
const timedAddress = object({ time: integer, services: integer, ip: bytesOf(16), port: integer });
const inventory = object({ type: integer, hash });
const scriptItem = { anyOf: [bytes, closed({ n: integer })] };
const swarmMessage = object({ 'id?': nullable(integer), 'name?': text });
const storedValue = object({ p: bytes, sigP: bytes, sigUser: nullable(text) });
const wireText = nullable(text);

/** A codec whose `encode` takes what its `decode` gives. */
function codec(name: string, fields: Shape, input: Shape = fields): Record<string, Operation> {
  return {
    [`${name}.decode`]: { in: { bytes }, ok: fields },
    [`${name}.encode`]: { in: input, ok: { bytes } },
  };
}

const transaction: Shape = { version: integer, message: bytes, userName: bytes, pubKey: bytes, nonce: integer };
const version: Shape = {
  version: integer,
  services: integer,
  time: integer,
  addrYou: address,
  'addrMe?': address,
  'nonce?': bytesOf(8),
  'subver?': wireText,
  'startHeight?': integer,
  'relay?': boolean,
};
const locator: Shape = { version: integer, locator: list(hash), stop: hash };
const vote: Shape = { height: integer, hash, user: wireText, signature: bytes };
const getRequest: Shape = { user: wireText, resource: wireText, multi: boolean, stop: boolean };
const putRequest: Shape = {
  user: wireText,
  resource: wireText,
  multi: boolean,
  p: bytes,
  sigP: bytes,
  sigUser: wireText,
};
const filter: Shape = { data: bytes, hashFuncs: integer, tweak: integer, flags: integer };
const merkleBlock: Shape = { totalTx: integer, hashes: list(hash), flags: bytes };
const valueCheck: Shape = {
  'p?': bytes,
  'sigP?': bytes,
  'sigUser?': nullable(text),
  'users?': users,
  'tip?': integer,
  'now?': integer,
  'profile?': profile,
};
const krpc: Shape = {
  kind: oneOf('query', 'reply', 'error'),
  transaction: bytes,
  'query?': wireText,
  body: bencode,
  extra: bencode,
};
const handshake: Shape = { infoHash: bytesOf(20), peerId: bytesOf(20), reserved: bytesOf(8) };

export const twisterOperations: Readonly<Record<string, Operation>> = {
  'bencode.decode': {
    in: { bytes, 'profile?': profile, 'maxDepth?': integer, 'maxItems?': integer },
    ok: { value: bencode, consumed: integer },
  },
  'bencode.encode': { in: { value: bencode }, ok: { bytes } },
  'script.encode': { in: { items: list(scriptItem) }, ok: { bytes } },
  'script.items': { in: { bytes }, ok: { items: list(bytes) } },
  'tx.decode': {
    in: { bytes },
    ok: {
      ...transaction,
      id: hash,
      kind: oneOf('registration', 'promotion'),
      user: wireText,
      items: nullable(list(bytes)),
      consumed: integer,
    },
  },
  'tx.encode': { in: transaction, ok: { bytes } },
  'header.decode': { in: { bytes }, ok: { ...headerFields, id: hash, powHash: hash } },
  'header.encode': { in: headerFields, ok: { bytes } },
  'block.decode': { in: { bytes }, ok: { header, txIds: list(hash), size: integer, consumed: integer } },
  'message.decode': { in: { network, bytes }, ok: { command: text, payload: bytes, consumed: integer } },
  'message.encode': { in: { network, command: text, payload: bytes }, ok: { bytes } },
  ...codec('version', version),
  ...codec('addr', { items: list(timedAddress) }),
  ...codec('inv', { items: list(inventory) }),
  ...codec('locator', locator),
  ...codec('headers', { items: list(header) }, { items: list(headerInput) }),
  ...codec('merkleblock', { header, ...merkleBlock }, { header: headerInput, ...merkleBlock }),
  ...codec('cp', vote),
  ...codec('dhtgetreq', getRequest),
  ...codec('dhtputreq', putRequest),
  ...codec('dhtgetreply', { target: bytesOf(20), values: nullable(bencode) }),
  ...codec('filterload', filter),
  ...codec('alert', { message: bytes, signature: bytes }),

  'key.fromWif': {
    in: { wif: text, network },
    ok: { secret: bytesOf(32), compressed: boolean, publicKey: bytes, keyId: bytesOf(20), address: text },
  },
  'key.toWif': { in: { secret: bytes, compressed: boolean, network }, ok: { wif: text } },
  'sign.digest': { in: { message: bytes }, ok: { digest: hash } },
  'sign.create': { in: { secret: bytes, compressed: boolean, message: bytes }, ok: { signature: bytesOf(65) } },
  'sign.recover': {
    in: { message: bytes, signature: bytes, 'profile?': profile },
    ok: { publicKey: bytes, keyId: bytesOf(20) },
  },
  'sign.verify': { in: { message: bytes, signature: bytes, publicKey: bytes, 'profile?': profile }, ok: {} },
  'ecies.encrypt': {
    in: { publicKey: bytes, plaintext: bytes, ephemeralSecret: bytes },
    ok: { key: bytes, mac: bytes, orig: integer, body: bytes },
  },
  'ecies.decrypt': {
    in: { secret: bytes, key: bytes, mac: bytes, orig: integer, body: bytes, 'profile?': profile },
    ok: { plaintext: bytes },
  },
  'dm.encode': { in: { kind: text, fields: object({}) }, ok: { plaintext: bytes } },
  'dm.decode': { in: { plaintext: bytes }, ok: { kind: text, fields: object({}) } },

  'username.check': { in: { 'name?': bytes }, ok: {} },
  'bits.decode': { in: { bits: integer }, ok: { target: hash } },
  'bits.encode': { in: { target: hash }, ok: { bits: integer } },
  'work.ofBits': { in: { bits: integer }, ok: { work: text } },
  'work.min': { in: { bits: integer, elapsed: integer }, ok: { bits: integer } },
  'difficulty.next': {
    in: {
      network,
      prevHeight: integer,
      prevTime: integer,
      prevBits: integer,
      'firstTime?': nullable(integer),
      'time?': nullable(integer),
      'lastBits?': nullable(integer),
    },
    ok: { bits: integer },
  },
  'time.median': { in: { times: list(integer, { minItems: 1, maxItems: 11 }) }, ok: { time: integer } },
  'tx.check': { in: { network, 'bytes?': bytes }, ok: {} },
  'tx.replaces': { in: { bytes, current: bytes }, ok: {} },
  'promotion.check': { in: { 'bytes?': bytes, 'height?': integer, 'users?': users }, ok: {} },
  'checkpoint.vote.check': {
    in: {
      network,
      'bytes?': bytes,
      'tip?': integer,
      'users?': users,
      'lastSoft?': { anyOf: [{ type: 'null' }, integer, closed({ height: integer, 'hash?': hash })] },
    },
    ok: {},
  },
  'block.check': { in: { network, 'bytes?': bytes, 'now?': integer }, ok: {} },
  'merkle.root': { in: { txIds: list(hash, { minItems: 1 }) }, ok: { root: hash } },
  'merkle.branch': { in: { txIds: list(hash, { minItems: 1 }), index: integer }, ok: { branch: list(hash) } },
  'merkle.verify': { in: { txId: hash, branch: list(hash), index: integer, root: hash }, ok: {} },
  'partialMerkle.extract': {
    in: merkleBlock,
    ok: { root: hash, matches: list(object({ index: integer, txId: hash })) },
  },

  'post.decode': { in: { bytes, 'profile?': profile }, ok: { value: bencode, signed: bytes, signature: bytes } },
  'post.encode': { in: { value: bencode }, ok: { bytes } },
  'post.check': {
    in: {
      'bytes?': bytes,
      'user?': text,
      'k?': integer,
      'tip?': integer,
      'users?': users,
      'profile?': profile,
      'now?': integer,
      'previous?': closed({ k: integer, height: integer }),
    },
    ok: { flags: list(oneOf('rt', 'dm', 'fav', 'pfav', 'reply')) },
  },
  'post.limit': { in: { tip: integer, registered: integer }, ok: { maxK: nullable(integer) } },
  'post.tokens': { in: { text }, ok: { tags: list(text), mentions: list(text) } },

  'dht.target': { in: { n: bytes, r: text, t: text }, ok: { target: bytesOf(20) } },
  'dht.nodeId.check': { in: { 'ip?': text, 'id?': bytes }, ok: {} },
  'dht.nodeId.derive': { in: { ip: text, random: bytesOf(16) }, ok: { id: bytesOf(20) } },
  'dht.krpc.decode': { in: { bytes, 'profile?': profile }, ok: krpc },
  'dht.krpc.encode': { in: { ...krpc, 'extra?': bencode }, ok: { bytes } },
  'dht.put.check': { in: valueCheck, ok: {} },
  'dht.value.check': { in: { ...valueCheck, 'target?': bytes }, ok: {} },
  'dht.store.apply': {
    in: { multi: boolean, stored: list(storedValue), incoming: storedValue, 'profile?': profile },
    ok: { outcome: oneOf('stored', 'ignored'), list: list(integer) },
  },
  'dht.expired': {
    in: { resource: text, multi: boolean, height: integer, tip: integer },
    ok: { expired: boolean },
  },

  ...codec('swarm.handshake', handshake),
  'swarm.message.decode': { in: { bytes }, ok: { messages: list(swarmMessage), consumed: integer } },
  'swarm.message.encode': { in: { messages: list(swarmMessage) }, ok: { bytes } },
  'swarm.have.check': {
    in: { 'index?': integer, 'tip?': integer, 'registered?': nullable(integer) },
    ok: { pieces: integer },
  },
  'swarm.bitfield.check': {
    in: {
      'bytes?': bytes,
      'pieces?': integer,
      'tip?': integer,
      'registered?': nullable(integer),
      'profile?': profile,
    },
    ok: { pieces: integer },
  },
  'swarm.peek.check': { in: { 'infoHash?': bytes, 'piece?': integer, 'nonce?': bytes, 'nbits?': integer }, ok: {} },
  'swarm.peek.solve': { in: { infoHash: bytesOf(20), piece: integer, nbits: integer }, ok: { nonce: bytesOf(4) } },
  'shorturl.encode': { in: { uid: integer, k: integer }, ok: { url: text } },
  'shorturl.decode': { in: { url: text }, ok: { uid: integer, k: integer } },
};

import {
  checkMessage,
  checkPublicKey,
  compareClocks,
  countZeroBits,
  createRsaProvider,
  decodePacket,
  decodePrivateContent,
  decodePublicKey,
  decodeRumor,
  decodeStatus,
  decryptKeyFile,
  deriveName,
  encodePacket,
  encodePublicKey,
  encodeRumor,
  encodeStatus,
  extendHistory,
  historyDigest,
  isAcceptedName,
  type MessageContext,
  messageHash,
  mineNonce,
  narrowProbe,
  openPrivate,
  type Packet,
  type Probe,
  type Profile,
  payloadDigest,
  placeMessage,
  type Rumor,
  reject,
  type StatusEntry,
  type StatusRange,
  sealPrivate,
  signedPayload,
} from '@rookery/peerster';
import { decodeUtf8, encodeUtf8 } from '@rookery/wire';
import * as read from '../input.ts';
import { type Answer, fromVerdict, type Operations, ok, refused } from '../operation.ts';

const NO_BYTES = new Uint8Array(0);
const KEY_BYTES = 260;
const HASH_BYTES = 32;
/** A search of more bits would keep the driver busy for minutes. */
const MOST_TARGET = 26;
const HIGHEST_TARGET = 64;
/** Bytes that are no name in any profile: stands for a name that is no text. */
const NO_NAME = new Uint8Array(1).fill(0xff);

const rsa = createRsaProvider();

/** The `profile` of the conformance protocol in the words of the package. */
export function peersterProfile(input: read.Input): Profile {
  return read.profile(input) === 'canonical' ? 'strict' : 'compat';
}

/** A name on the wire as text, or null where it is no UTF-8. */
export function showName(bytes: Uint8Array): string | null {
  return decodeUtf8(bytes) ?? null;
}

function name(input: read.Input, field: string): Uint8Array {
  return encodeUtf8(read.text(input, field));
}

function uint32(input: read.Input, field: string): number {
  const value = read.integer(input, field);
  if (value < 0 || value > 0xffffffff) throw new read.BadRequest(`${field} must be a uint32`);
  return value;
}

function exactBytes(input: read.Input, field: string, length: number): Uint8Array {
  const bytes = read.bytes(input, field);
  if (bytes.length !== length) throw new read.BadRequest(`${field} must have ${length} bytes`);
  return bytes;
}

function target(input: read.Input, most: number): number {
  const bits = read.integer(input, 'target');
  if (bits < 0 || bits > most) throw new read.BadRequest(`target must lie within 0 … ${most}`);
  return bits;
}

function draft(input: read.Input): Omit<Rumor, 'nonce'> {
  return {
    origin: name(input, 'origin'),
    destination: name(input, 'destination'),
    id: uint32(input, 'id'),
    content: read.bytes(input, 'content'),
    signature: read.bytes(input, 'signature'),
  };
}

function rumor(input: read.Input): Rumor {
  return { ...draft(input), nonce: read.bytes(input, 'nonce') };
}

/** A rumor as JSON. */
function showRumor(value: Rumor): object {
  return {
    origin: showName(value.origin),
    destination: showName(value.destination),
    id: value.id,
    content: read.showBytes(value.content),
    signature: read.showBytes(value.signature),
    nonce: read.showBytes(value.nonce),
  };
}

function entry(value: unknown, field: string): StatusEntry {
  const input = read.asObject(value, field);
  const digest = read.optionalBytes(input, 'digest');
  const known = { origin: name(input, 'origin'), nextId: uint32(input, 'nextId') };
  return digest === undefined ? known : { ...known, digest };
}

function showEntry({ origin, nextId, digest }: StatusEntry): object {
  const known = { origin: showName(origin), nextId };
  return digest === undefined ? known : { ...known, digest: read.showBytes(digest) };
}

function probe(input: read.Input): Probe {
  const digest = read.bytes(input, 'digest');
  return { origin: name(input, 'origin'), from: uint32(input, 'from'), to: uint32(input, 'to'), digest };
}

function range(input: read.Input): StatusRange {
  return { first: name(input, 'first'), last: name(input, 'last') };
}

function packet(input: read.Input): Packet {
  const parts = {
    rumor: read.optionalObject(input, 'rumor'),
    status: input.status === undefined ? undefined : read.listOf(input, 'status', entry),
    probe: read.optionalObject(input, 'probe'),
    range: read.optionalObject(input, 'range'),
  };
  return {
    ...(parts.rumor && { rumor: rumor(parts.rumor) }),
    ...(parts.status && { status: parts.status }),
    ...(parts.probe && { probe: probe(parts.probe) }),
    ...(parts.range && { range: range(parts.range) }),
  };
}

function showPacket(value: Packet): object {
  return {
    ...(value.rumor && { rumor: showRumor(value.rumor) }),
    ...(value.status && { status: value.status.map(showEntry) }),
    ...(value.probe && {
      probe: { ...value.probe, origin: showName(value.probe.origin), digest: read.showBytes(value.probe.digest) },
    }),
    ...(value.range && { range: { first: showName(value.range.first), last: showName(value.range.last) } }),
  };
}

/** Judges the fields of a message; one that is left out is one that the datagram lacks (PEERSTER-3, PEERSTER-4). */
function checkedMessage(input: read.Input): Answer {
  const profile = peersterProfile(input);
  const fields = ['origin', 'destination', 'id', 'content', 'signature', 'nonce'] as const;
  const context: MessageContext = {
    profile,
    target: target(input, HIGHEST_TARGET),
    keyOf: () => {
      const key = read.optionalBytes(input, 'publicKey');
      return key?.length === KEY_BYTES ? rsa.publicKey(key) : undefined;
    },
  };
  if (profile === 'strict' && fields.some((field) => input[field] === undefined)) return refused('missing-key');
  const nameOrNone = (field: 'origin' | 'destination') =>
    input[field] === null ? NO_NAME : input[field] === undefined ? NO_BYTES : name(input, field);
  const message: Rumor = {
    origin: nameOrNone('origin'),
    destination: nameOrNone('destination'),
    id: input.id === undefined ? 0 : uint32(input, 'id'),
    content: read.optionalBytes(input, 'content') ?? NO_BYTES,
    signature: read.optionalBytes(input, 'signature') ?? NO_BYTES,
    nonce: read.optionalBytes(input, 'nonce') ?? NO_BYTES,
  };
  return fromVerdict(checkMessage(message, context));
}

function privateRole(input: read.Input): 'sender' | 'recipient' {
  const role = read.text(input, 'role');
  if (role !== 'sender' && role !== 'recipient') throw new read.BadRequest('role must be sender or recipient');
  return role;
}

/** Packets, names, keys, messages, proof of work and the rules of order of peerster. */
export const peersterOperations: Operations = {
  'peerster.packet.decode': (input) => ok(showPacket(decodePacket(read.bytes(input, 'bytes'), peersterProfile(input)))),
  'peerster.packet.encode': (input) => ok({ bytes: read.showBytes(encodePacket(packet(input))) }),
  'peerster.rumor.decode': (input) => ok(showRumor(decodeRumor(read.bytes(input, 'bytes'), peersterProfile(input)))),
  'peerster.rumor.encode': (input) => ok({ bytes: read.showBytes(encodeRumor(rumor(input))) }),
  'peerster.rumor.check': checkedMessage,
  'peerster.status.decode': (input) =>
    ok({ status: decodeStatus(read.bytes(input, 'bytes'), peersterProfile(input)).map(showEntry) }),
  'peerster.status.encode': (input) => ok({ bytes: read.showBytes(encodeStatus(read.listOf(input, 'status', entry))) }),

  'peerster.name.derive': (input) => {
    const key = read.bytes(input, 'publicKey');
    return key.length === KEY_BYTES ? ok({ name: deriveName(key) }) : refused('bad-key');
  },
  'peerster.name.check': (input) =>
    isAcceptedName(read.bytes(input, 'name'), peersterProfile(input)) ? ok() : refused('bad-name'),
  'peerster.key.check': (input) => fromVerdict(checkPublicKey(read.bytes(input, 'publicKey'), peersterProfile(input))),
  'peerster.key.decode': (input) => {
    const key = read.bytes(input, 'publicKey');
    if (key.length !== KEY_BYTES) return refused('bad-key');
    const { exponent } = decodePublicKey(key);
    return ok({ modulus: read.showBytes(key.subarray(0, KEY_BYTES - 4)), exponent });
  },
  'peerster.key.encode': (input) => {
    const modulus = BigInt(`0x${read.showBytes(exactBytes(input, 'modulus', KEY_BYTES - 4))}`);
    return ok({ publicKey: read.showBytes(encodePublicKey({ modulus, exponent: uint32(input, 'exponent') })) });
  },

  'peerster.message.hash': (input) => {
    const message = rumor(input);
    return ok({
      payload: read.showBytes(signedPayload(message)),
      digest: read.showBytes(payloadDigest(message)),
      hash: read.showBytes(messageHash(message)),
    });
  },
  'peerster.message.check': checkedMessage,
  'peerster.message.place': (input) => {
    const stored = input.stored === undefined ? undefined : exactBytes(input, 'stored', HASH_BYTES);
    const [id, next] = [uint32(input, 'id'), uint32(input, 'next')];
    return ok({ placement: placeMessage(id, exactBytes(input, 'hash', HASH_BYTES), next, stored) });
  },

  'peerster.signature.create': (input) => {
    const salt = read.bytes(input, 'salt');
    if (salt.length > 222) throw new read.BadRequest('salt must have at most 222 bytes');
    const key = rsa.privateKey(read.bytes(input, 'privateKey'));
    return ok({ signature: read.showBytes(key.sign(read.bytes(input, 'payload'), salt)) });
  },
  'peerster.signature.verify': (input) => {
    const key = read.bytes(input, 'publicKey');
    if (key.length !== KEY_BYTES) return refused('bad-key');
    const valid = rsa.publicKey(key).verify(read.bytes(input, 'payload'), read.bytes(input, 'signature'));
    return valid ? ok() : refused('bad-signature');
  },

  'peerster.pow.count': (input) => ok({ bits: countZeroBits(read.bytes(input, 'hash')) }),
  'peerster.pow.mine': (input) => {
    const { nonce, hash } = mineNonce(draft(input), target(input, MOST_TARGET));
    return ok({ nonce: read.showBytes(nonce), hash: read.showBytes(hash) });
  },

  'peerster.private.open': (input) => {
    const key = rsa.privateKey(read.bytes(input, 'privateKey'));
    return fromVerdict(openPrivate(read.bytes(input, 'content'), key, privateRole(input)), ({ text }) => ({
      text: showName(text),
    }));
  },
  'peerster.private.seal': (input) => {
    const text = name(input, 'text');
    if (text.length > 190) return refused('content-too-long');
    const keys = {
      sender: rsa.publicKey(exactBytes(input, 'senderKey', KEY_BYTES)),
      recipient: rsa.publicKey(exactBytes(input, 'recipientKey', KEY_BYTES)),
    };
    const seeds = {
      sender: exactBytes(input, 'senderSeed', HASH_BYTES),
      recipient: exactBytes(input, 'recipientSeed', HASH_BYTES),
    };
    return ok({ content: read.showBytes(sealPrivate(text, keys, seeds)) });
  },
  'peerster.private.split': (input) =>
    fromVerdict(decodePrivateContent(read.bytes(input, 'content')), ({ forSender, forRecipient }) => ({
      forSender: read.showBytes(forSender),
      forRecipient: read.showBytes(forRecipient),
    })),

  'peerster.clock.compare': (input) => {
    const own = read
      .listOf(input, 'own', entry)
      .map(({ origin, nextId }) => ({ origin: showName(origin) ?? '', nextId }));
    own.sort((a, b) => (a.origin < b.origin ? -1 : 1));
    const numbers = new Map(own.map(({ origin, nextId }) => [origin, nextId]));
    const clock = {
      origins: () => own.map(({ origin }) => origin),
      nextId: (origin: string) => numbers.get(origin) ?? 0,
      digest: () => undefined,
    };
    const part = read.optionalObject(input, 'range');
    const { equal, ahead, lacking } = compareClocks(clock, read.listOf(input, 'status', entry), part && range(part));
    return ok({ equal, ahead, lacking });
  },
  'peerster.history.extend': (input) => {
    const history = extendHistory(exactBytes(input, 'previous', HASH_BYTES), exactBytes(input, 'hash', HASH_BYTES));
    return ok({ history: read.showBytes(history), digest: read.showBytes(historyDigest(history)) });
  },
  'peerster.probe.narrow': (input) => {
    const interval = { from: uint32(input, 'from'), to: uint32(input, 'to') };
    if (interval.to - interval.from < 2) return fromVerdict(reject('bad-interval', 'one number can not be halved'));
    return ok(narrowProbe(interval, read.boolean(input, 'equal')));
  },

  'peerster.keyfile.open': (input) =>
    ok({ privateKey: read.showBytes(decryptKeyFile(read.bytes(input, 'file'), read.text(input, 'passphrase'))) }),
};

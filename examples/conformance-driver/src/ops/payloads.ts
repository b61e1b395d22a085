import {
  decodeAddr,
  decodeAlert,
  decodeBencode,
  decodeCheckpointVote,
  decodeDhtGetReply,
  decodeDhtGetRequest,
  decodeDhtPutRequest,
  decodeFilterLoad,
  decodeHeaders,
  decodeInventory,
  decodeLocator,
  decodeMerkleBlock,
  decodeUtf8,
  decodeVersion,
  encodeAddr,
  encodeAlert,
  encodeBencode,
  encodeCheckpointVote,
  encodeDhtGetReply,
  encodeDhtGetRequest,
  encodeDhtPutRequest,
  encodeFilterLoad,
  encodeHeaders,
  encodeInventory,
  encodeLocator,
  encodeMerkleBlock,
  encodeUtf8,
  encodeVersion,
  type NetworkAddress,
} from '@rookery/wire';
import { asBencode, showBencode } from '../bencode-json.ts';
import { asHeader, showHeader } from '../header-json.ts';
import {
  asBytes,
  asObject,
  bigint,
  boolean,
  bytes,
  type Input,
  integer,
  listOf,
  object,
  optionalBoolean,
  optionalBytes,
  optionalInteger,
  optionalObject,
  optionalText,
  showBytes,
  showInteger,
  text,
} from '../input.ts';
import { type Answer, type Operations, ok, refused } from '../operation.ts';

/** Wire bytes as text, or null where they are not UTF-8. */
function showText(value: Uint8Array): string | null {
  return decodeUtf8(value) ?? null;
}

function utf8(input: Input, name: string): Uint8Array {
  return encodeUtf8(text(input, name));
}

function encoded(value: Uint8Array): Answer {
  return ok({ bytes: showBytes(value) });
}

function showAddress(address: NetworkAddress): object {
  return { services: showInteger(address.services), ip: showBytes(address.ip), port: address.port };
}

function asAddress(input: Input): NetworkAddress {
  return { services: bigint(input, 'services'), ip: bytes(input, 'ip'), port: integer(input, 'port') };
}

/** Leaves out the fields that are undefined. */
function present<Fields extends object>(fields: Fields): { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}

/** The payloads of the chain network. */
export const payloadOperations: Operations = {
  'version.decode': (input) => {
    const { value } = decodeVersion(bytes(input, 'bytes'));
    return ok({
      version: value.version,
      services: showInteger(value.services),
      time: showInteger(value.time),
      addrYou: showAddress(value.addrYou),
      ...present({
        addrMe: value.addrMe && showAddress(value.addrMe),
        nonce: value.nonce && showBytes(value.nonce),
        subver: value.subver && showText(value.subver),
        startHeight: value.startHeight,
        relay: value.relay,
      }),
    });
  },
  'version.encode': (input) => {
    const addrMe = optionalObject(input, 'addrMe');
    const subver = optionalText(input, 'subver');
    return encoded(
      encodeVersion({
        version: integer(input, 'version'),
        services: bigint(input, 'services'),
        time: bigint(input, 'time'),
        addrYou: asAddress(object(input, 'addrYou')),
        ...present({
          addrMe: addrMe && asAddress(addrMe),
          nonce: optionalBytes(input, 'nonce'),
          subver: subver === undefined ? undefined : encodeUtf8(subver),
          startHeight: optionalInteger(input, 'startHeight'),
          relay: optionalBoolean(input, 'relay'),
        }),
      }),
    );
  },

  'addr.decode': (input) => {
    const { value } = decodeAddr(bytes(input, 'bytes'));
    return ok({ items: value.map((item) => ({ time: item.time, ...showAddress(item) })) });
  },
  'addr.encode': (input) => {
    const items = listOf(input, 'items', asObject);
    return encoded(encodeAddr(items.map((item) => ({ time: integer(item, 'time'), ...asAddress(item) }))));
  },

  'inv.decode': (input) => {
    const { value } = decodeInventory(bytes(input, 'bytes'));
    return ok({ items: value.map(({ type, hash }) => ({ type, hash: showBytes(hash) })) });
  },
  'inv.encode': (input) => {
    const items = listOf(input, 'items', asObject);
    return encoded(encodeInventory(items.map((item) => ({ type: integer(item, 'type'), hash: bytes(item, 'hash') }))));
  },

  'locator.decode': (input) => {
    const { version, locator, stop } = decodeLocator(bytes(input, 'bytes')).value;
    return ok({ version, locator: locator.map(showBytes), stop: showBytes(stop) });
  },
  'locator.encode': (input) =>
    encoded(
      encodeLocator({
        version: integer(input, 'version'),
        locator: listOf(input, 'locator', asBytes),
        stop: bytes(input, 'stop'),
      }),
    ),

  'headers.decode': (input) => ok({ items: decodeHeaders(bytes(input, 'bytes')).value.map(showHeader) }),
  'headers.encode': (input) => encoded(encodeHeaders(listOf(input, 'items', asObject).map(asHeader))),

  'merkleblock.decode': (input) => {
    const { header, totalTx, hashes, flags } = decodeMerkleBlock(bytes(input, 'bytes')).value;
    return ok({ header: showHeader(header), totalTx, hashes: hashes.map(showBytes), flags: showBytes(flags) });
  },
  'merkleblock.encode': (input) =>
    encoded(
      encodeMerkleBlock({
        header: asHeader(object(input, 'header')),
        totalTx: integer(input, 'totalTx'),
        hashes: listOf(input, 'hashes', asBytes),
        flags: bytes(input, 'flags'),
      }),
    ),

  'cp.decode': (input) => {
    const { height, hash, user, signature } = decodeCheckpointVote(bytes(input, 'bytes')).value;
    return ok({ height, hash: showBytes(hash), user: showText(user), signature: showBytes(signature) });
  },
  'cp.encode': (input) =>
    encoded(
      encodeCheckpointVote({
        height: integer(input, 'height'),
        hash: bytes(input, 'hash'),
        user: utf8(input, 'user'),
        signature: bytes(input, 'signature'),
      }),
    ),

  'dhtgetreq.decode': (input) => {
    const { user, resource, multi, stop } = decodeDhtGetRequest(bytes(input, 'bytes')).value;
    return ok({ user: showText(user), resource: showText(resource), multi, stop });
  },
  'dhtgetreq.encode': (input) =>
    encoded(
      encodeDhtGetRequest({
        user: utf8(input, 'user'),
        resource: utf8(input, 'resource'),
        multi: boolean(input, 'multi'),
        stop: boolean(input, 'stop'),
      }),
    ),

  'dhtputreq.decode': (input) => {
    const { user, resource, multi, p, sigP, sigUser } = decodeDhtPutRequest(bytes(input, 'bytes')).value;
    return ok({
      user: showText(user),
      resource: showText(resource),
      multi,
      p: showBytes(p),
      sigP: showBytes(sigP),
      sigUser: showText(sigUser),
    });
  },
  'dhtputreq.encode': (input) =>
    encoded(
      encodeDhtPutRequest({
        user: utf8(input, 'user'),
        resource: utf8(input, 'resource'),
        multi: boolean(input, 'multi'),
        p: bytes(input, 'p'),
        sigP: bytes(input, 'sigP'),
        sigUser: utf8(input, 'sigUser'),
      }),
    ),

  'dhtgetreply.decode': (input) => {
    const { target, values } = decodeDhtGetReply(bytes(input, 'bytes')).value;
    // No bytes at all is how a proxy says that it found nothing, and is no bencoded value.
    if (values.length === 0) return ok({ target: showBytes(target), values: null });
    const { value } = decodeBencode(values, { profile: 'deployed' });
    if (value.kind !== 'list') return refused('wrong-type');
    return ok({ target: showBytes(target), values: showBencode(value.toValue()) });
  },
  'dhtgetreply.encode': (input) =>
    encoded(
      encodeDhtGetReply({
        target: bytes(input, 'target'),
        values: input.values === null ? new Uint8Array(0) : encodeBencode(asBencode(input.values, 'values')),
      }),
    ),

  'filterload.decode': (input) => {
    const { data, hashFuncs, tweak, flags } = decodeFilterLoad(bytes(input, 'bytes')).value;
    return ok({ data: showBytes(data), hashFuncs, tweak, flags });
  },
  'filterload.encode': (input) =>
    encoded(
      encodeFilterLoad({
        data: bytes(input, 'data'),
        hashFuncs: integer(input, 'hashFuncs'),
        tweak: integer(input, 'tweak'),
        flags: integer(input, 'flags'),
      }),
    ),

  'alert.decode': (input) => {
    const { message, signature } = decodeAlert(bytes(input, 'bytes')).value;
    return ok({ message: showBytes(message), signature: showBytes(signature) });
  },
  'alert.encode': (input) =>
    encoded(encodeAlert({ message: bytes(input, 'message'), signature: bytes(input, 'signature') })),
};

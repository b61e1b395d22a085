import {
  decodePeerHandshake,
  decodePeerMessages,
  encodePeerHandshake,
  encodePeerMessage,
  type PeerMessage,
} from '@rookery/wire';
import { asObject, BadRequest, bytes, type Input, integer, listOf, showBytes } from '../input.ts';
import { type Operations, ok } from '../operation.ts';

/** Ids by name, to find a message whose `id` was left out and to refuse one whose `id` does not fit. */
const IDS: Readonly<Record<PeerMessage['name'], PeerMessage['id']>> = {
  keepalive: null,
  choke: 0,
  unchoke: 1,
  interested: 2,
  not_interested: 3,
  have: 4,
  bitfield: 5,
  request: 6,
  piece: 7,
  cancel: 8,
  dht_port: 9,
  hashcash_nbits: 10,
  hashcash_nonce: 11,
  suggest: 13,
  have_all: 14,
  have_none: 15,
  reject: 16,
  allowed_fast: 17,
  extended: 20,
};

function show(message: PeerMessage): object {
  const fields = Object.entries(message).map(([name, value]) => [
    name,
    value instanceof Uint8Array ? showBytes(value) : value,
  ]);
  return Object.fromEntries(fields) as object;
}

function asMessage(value: unknown, name: string): PeerMessage {
  const input = asObject(value, name);
  const known = Object.entries(IDS).find(
    ([key, id]) => input.name === key || (input.name === undefined && input.id === id),
  );
  if (known === undefined) throw new BadRequest(`${name} has no known name`);
  const head = { id: known[1], name: known[0] } as Pick<PeerMessage, 'id' | 'name'>;
  if (input.id !== undefined && input.id !== head.id)
    throw new BadRequest(`${name} has an id that is not that of ${head.name}`);
  return { ...head, ...fields(head.name, input) } as PeerMessage;
}

function fields(name: PeerMessage['name'], input: Input): object {
  switch (name) {
    case 'have':
    case 'suggest':
    case 'allowed_fast':
      return { piece: signed(input, 'piece') };
    case 'bitfield':
      return { bitfield: bytes(input, 'bitfield') };
    case 'request':
    case 'cancel':
    case 'reject':
      return { piece: signed(input, 'piece'), begin: signed(input, 'begin'), length: signed(input, 'length') };
    case 'piece':
      return { piece: signed(input, 'piece'), begin: signed(input, 'begin'), data: bytes(input, 'data') };
    case 'dht_port':
      return { port: integer(input, 'port') };
    case 'hashcash_nbits':
      return { nbits: integer(input, 'nbits') };
    case 'hashcash_nonce':
      return { nonce: bytes(input, 'nonce') };
    case 'extended':
      return { extId: integer(input, 'extId'), payload: bytes(input, 'payload') };
    default:
      return {};
  }
}

/** Deployed nodes read these as signed; a sender that thinks of them as unsigned means the same bytes. */
function signed(input: Input, name: string): number {
  const value = integer(input, name);
  return value > 0x7fffffff && value <= 0xffffffff ? value | 0 : value;
}

function fixed(input: Input, name: string, length: number): Uint8Array {
  const value = bytes(input, name);
  if (value.length !== length) throw new BadRequest(`${name} must have ${length} bytes`);
  return value;
}

/** Handshake and messages of the swarms' connections. */
export const peerWireOperations: Operations = {
  'swarm.handshake.decode': (input) => {
    const { infoHash, peerId, reserved } = decodePeerHandshake(bytes(input, 'bytes'));
    return ok({ infoHash: showBytes(infoHash), peerId: showBytes(peerId), reserved: showBytes(reserved) });
  },
  'swarm.handshake.encode': (input) => {
    const handshake = {
      infoHash: fixed(input, 'infoHash', 20),
      peerId: fixed(input, 'peerId', 20),
      reserved: fixed(input, 'reserved', 8),
    };
    return ok({ bytes: showBytes(encodePeerHandshake(handshake)) });
  },
  'swarm.message.decode': (input) => {
    const { value, consumed } = decodePeerMessages(bytes(input, 'bytes'));
    return ok({ messages: value.map(show), consumed });
  },
  'swarm.message.encode': (input) => {
    const frames = listOf(input, 'messages', asMessage).map((message) => showBytes(encodePeerMessage(message)));
    return ok({ bytes: frames.join('') });
  },
};

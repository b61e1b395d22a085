import {
  type DirectMessage,
  decodeDirectMessage,
  encodeDirectMessage,
  encryptEnvelope,
  openEnvelope,
} from '@rookery/ecies';
import { isSecret } from '@rookery/keys';
import { decodeUtf8, encodeUtf8 } from '@rookery/wire';
import { asBencodeDict, showBencode } from '../bencode-json.ts';
import type { Input } from '../input.ts';
import * as read from '../input.ts';
import { fromVerdict, type Operations, ok, refused } from '../operation.ts';

export const eciesOperations: Operations = {
  'ecies.encrypt': (input, { backend }) => {
    const publicKey = read.bytes(input, 'publicKey');
    const plaintext = read.bytes(input, 'plaintext');
    const ephemeralSecret = read.bytes(input, 'ephemeralSecret');
    if (!isSecret(ephemeralSecret)) return refused('bad-secret');
    const { key, mac, orig, body } = encryptEnvelope(publicKey, plaintext, ephemeralSecret, backend);
    return ok({ key: read.showBytes(key), mac: read.showBytes(mac), orig, body: read.showBytes(body) });
  },

  'ecies.decrypt': (input, { backend }) => {
    const profile = read.profile(input);
    const secret = read.bytes(input, 'secret');
    const envelope = {
      key: read.bytes(input, 'key'),
      mac: read.bytes(input, 'mac'),
      orig: Number(read.bigint(input, 'orig')),
      body: read.bytes(input, 'body'),
    };
    if (!isSecret(secret)) return refused('bad-secret');
    return fromVerdict(openEnvelope(envelope, secret, { profile, backend }), ({ plaintext }) => ({
      plaintext: read.showBytes(plaintext),
    }));
  },

  'dm.encode': (input) => {
    const message = asMessage(read.text(input, 'kind'), read.object(input, 'fields'));
    return ok({ plaintext: read.showBytes(encodeDirectMessage(message)) });
  },

  'dm.decode': (input) =>
    fromVerdict(decodeDirectMessage(read.bytes(input, 'plaintext')), ({ message }) => ({
      kind: message.kind,
      fields: showFields(message),
    })),
};

function asMessage(kind: string, fields: Input): DirectMessage {
  switch (kind) {
    case 'message':
      return { kind, msg: utf8(fields, 'msg'), to: utf8(fields, 'to') };
    case 'legacy':
      return { kind, text: read.bytes(fields, 'text') };
    case 'group-invite':
      return { kind, desc: utf8(fields, 'desc'), key: utf8(fields, 'key') };
    case 'group-members':
      return { kind, members: read.listOf(fields, 'members', (name, label) => encodeUtf8(read.asText(name, label))) };
    case 'private-favourite': {
      const comment = fields.comment === undefined ? undefined : utf8(fields, 'comment');
      const userpost = asBencodeDict(read.object(fields, 'userpost'), 'userpost');
      const favourite = { kind, userpost, sig: read.bytes(fields, 'sig') } as const;
      return comment === undefined ? favourite : { ...favourite, comment };
    }
    default:
      throw new read.BadRequest('unknown kind of message');
  }
}

function showFields(message: DirectMessage): object {
  switch (message.kind) {
    case 'message':
      return { msg: showText(message.msg), to: showText(message.to) };
    case 'legacy':
      return { text: read.showBytes(message.text) };
    case 'group-invite':
      return { desc: showText(message.desc), key: showText(message.key) };
    case 'group-members':
      return { members: message.members.map(showText) };
    case 'private-favourite': {
      const shown = { userpost: showBencode(message.userpost), sig: read.showBytes(message.sig) };
      return message.comment === undefined ? shown : { ...shown, comment: showText(message.comment) };
    }
  }
}

function utf8(fields: Input, name: string): Uint8Array {
  return encodeUtf8(read.text(fields, name));
}

/** Wire bytes that are not UTF-8 are never text. */
function showText(bytes: Uint8Array): string | null {
  return decodeUtf8(bytes) ?? null;
}

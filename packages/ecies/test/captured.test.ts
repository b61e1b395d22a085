import { defaultBackend } from '@rookery/keys';
import { bencodeDict, decodeBencode, decodePost, encodeBencode } from '@rookery/wire';
import { describe, expect, it } from 'vitest';
import {
  decodeDirectMessage,
  encodeDirectMessage,
  envelopeFromNode,
  envelopeToBencode,
  openEnvelope,
  openWithAny,
} from '../src/index.ts';
import { deriveEnvelopeKeys } from '../src/secret-box.ts';
import { capturedMessages } from './captured.ts';
import { hex, unhex } from './hex.ts';

const messages = capturedMessages();

function envelopeOf({ raw, kind }: (typeof messages)[number]) {
  const node = decodePost(unhex(raw)).userpost.getDict(kind);
  const read = node && envelopeFromNode(node);
  if (!read?.ok) throw new Error('the captured post has no envelope');
  return { node, envelope: read.envelope };
}

describe.each(messages.map((message) => [`${message.user} ${message.k}`, message] as const))(
  'post %s',
  (_, message) => {
    const { node, envelope } = envelopeOf(message);

    it('has the envelope that was taken from it (ECIES-1)', () => {
      const { key, mac, orig, body } = envelope;
      expect({ key: hex(key), mac: hex(mac), orig, body: hex(body) }).toEqual(message.ecies);
      expect(hex(encodeBencode(envelopeToBencode(envelope)))).toBe(hex(node!.raw));
    });

    it('gives the keys that the daemon derived (ECIES-5)', () => {
      const sharedX = defaultBackend().sharedSecret(unhex(message.recipientPrivHex), envelope.key)!;
      const keys = deriveEnvelopeKeys(sharedX);
      expect([hex(sharedX), hex(keys.cipher), hex(keys.mac)]).toEqual([
        message.sharedX,
        message.aesKey,
        message.hmacKey,
      ]);
    });

    it('opens for its recipient and says what was written', () => {
      const opened = openEnvelope(envelope, unhex(message.recipientPrivHex));
      if (!opened.ok) throw new Error(opened.detail);
      expect(hex(opened.plaintext)).toBe(message.plaintext);
      const read = decodeDirectMessage(opened.plaintext);
      if (!read.ok) throw new Error(read.detail);
      expect(read.message.kind).not.toBe('legacy');
      expect(hex(encodeDirectMessage(read.message))).toBe(message.plaintext);
    });

    it('is found by trying every secret of the network, and only its recipient’s fits (ECIES-8)', () => {
      const secrets = [...new Set(messages.map((one) => one.recipientPrivHex))];
      const trial = openWithAny(envelope, secrets.map(unhex));
      const index = secrets.indexOf(message.recipientPrivHex);
      expect(trial.opened?.index).toBe(index);
      expect(trial.tried).toBe(index + 1);
      const others = secrets.filter((secret) => secret !== message.recipientPrivHex).map(unhex);
      expect(openWithAny(envelope, others)).toEqual({ tried: others.length, capped: false });
    });
  },
);

describe('envelopes in dictionaries (ECIES-1)', () => {
  const { envelope } = envelopeOf(messages[0]!);
  const { key, mac, orig, body } = envelope;
  const fields = { key, mac, orig, body };

  it.each([
    ['no key', { ...fields, key: undefined }],
    ['no MAC', { ...fields, mac: undefined }],
    ['no length', { ...fields, orig: undefined }],
    ['no body', { ...fields, body: undefined }],
    ['a key that is a number', { ...fields, key: 1 }],
    ['a length that is text', { ...fields, orig: '35' }],
    ['a length that is no safe integer', { ...fields, orig: 2n ** 53n }],
  ])('are refused with %s', (_, spoiled) => {
    const node = decodeBencode(encodeBencode(bencodeDict(spoiled))).value;
    expect(envelopeFromNode(node)).toMatchObject({ ok: false, code: 'bad-envelope' });
  });

  it('are no lists', () => {
    expect(envelopeFromNode(decodeBencode(encodeBencode([key])).value)).toMatchObject({ code: 'bad-envelope' });
  });
});

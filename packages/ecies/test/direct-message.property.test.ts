import { bencodeDict, encodeBencode, encodeUtf8 } from '@rookery/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DirectMessage, decodeDirectMessage, encodeDirectMessage } from '../src/index.ts';
import { hex } from './hex.ts';

const bytes = fc.uint8Array({ maxLength: 40 });
const filled = fc.uint8Array({ minLength: 1, maxLength: 20 });
const messages: fc.Arbitrary<DirectMessage> = fc.oneof(
  fc.record({ kind: fc.constant('message' as const), msg: bytes, to: bytes }),
  fc.record({ kind: fc.constant('group-invite' as const), desc: bytes, key: bytes }),
  fc.record({ kind: fc.constant('group-members' as const), members: fc.array(filled, { maxLength: 5 }) }),
  fc.record(
    {
      kind: fc.constant('private-favourite' as const),
      userpost: fc.record({ n: bytes, k: fc.nat() }).map((fields) => bencodeDict(fields)),
      sig: bytes,
      comment: bytes,
    },
    { requiredKeys: ['kind', 'userpost', 'sig'] },
  ),
);

describe('plaintexts (ECIES-9 … ECIES-14)', () => {
  it('come back as they were', () => {
    fc.assert(
      fc.property(messages, (message) => {
        const plaintext = encodeDirectMessage(message);
        const read = decodeDirectMessage(plaintext);
        expect(read).toEqual({ ok: true, message });
        expect(hex(encodeDirectMessage((read as { message: DirectMessage }).message))).toBe(hex(plaintext));
      }),
    );
  });

  it('are read whatever they are, as legacy text if as nothing else', () => {
    fc.assert(
      fc.property(fc.oneof(bytes, messages.map(encodeDirectMessage)), fc.nat(), (plaintext, at) => {
        const spoiled = plaintext.slice();
        if (spoiled.length > 0) spoiled[at % spoiled.length] = at & 0xff;
        const read = decodeDirectMessage(spoiled);
        if (!read.ok) expect(read.code).toBe('bad-invite');
        else if (read.message.kind === 'legacy') expect(hex(encodeDirectMessage(read.message))).toBe(hex(spoiled));
      }),
    );
  });

  it('cut at any offset are legacy text', () => {
    fc.assert(
      fc.property(messages, fc.nat(), (message, at) => {
        const plaintext = encodeDirectMessage(message);
        const read = decodeDirectMessage(plaintext.subarray(0, at % plaintext.length));
        expect(read).toMatchObject({ ok: true, message: { kind: 'legacy' } });
      }),
    );
  });

  it('cannot be legacy text that reads as something else', () => {
    fc.assert(
      fc.property(messages, (message) => {
        const text = encodeDirectMessage(message);
        expect(() => encodeDirectMessage({ kind: 'legacy', text })).toThrow(RangeError);
      }),
    );
    const halfInvite = encodeBencode(bencodeDict({ group_invite: {} }));
    expect(() => encodeDirectMessage({ kind: 'legacy', text: halfInvite })).toThrow(RangeError);
  });

  it('of great depth or with huge lengths are legacy text', () => {
    for (const text of [`d3:msg${'l'.repeat(50_000)}`, 'd3:msg999999999:', `d${'1:a'.repeat(10_000)}`]) {
      expect(decodeDirectMessage(encodeUtf8(text))).toMatchObject({ message: { kind: 'legacy' } });
    }
  });
});

import { expect, test } from 'vitest';
import {
  countZeroBits,
  decodePacket,
  encodePacket,
  messageHash,
  messageKind,
  nameText,
  payloadDigest,
  type Rumor,
  signedPayload,
} from '../src/index.ts';
import { hex, RUMORS, unhex } from './captured.ts';

function rumorOf(packet: string): Rumor {
  const { rumor } = decodePacket(unhex(packet));
  if (rumor === undefined) throw new Error('the packet carries no rumor');
  return rumor;
}

test('every captured rumor decodes to the listed fields (PEERSTER-2)', () => {
  for (const listed of RUMORS) {
    const rumor = rumorOf(listed.packet);
    expect({
      origin: nameText(rumor.origin),
      destination: hex(rumor.destination),
      id: rumor.id,
      content: hex(rumor.content),
      signature: hex(rumor.signature),
      nonce: hex(rumor.nonce),
    }).toEqual({
      origin: listed.origin,
      destination: hex(new TextEncoder().encode(listed.destination)),
      id: listed.id,
      content: listed.content,
      signature: listed.signature,
      nonce: listed.nonce,
    });
  }
  expect(RUMORS.length).toBe(18);
});

test('every captured rumor re-encodes to the same bytes (PEERSTER-3)', () => {
  for (const { packet, packet_length } of RUMORS) {
    const bytes = encodePacket({ rumor: rumorOf(packet) });
    expect(hex(bytes)).toBe(packet);
    expect(bytes.length).toBe(packet_length);
  }
});

test('both profiles read captured rumors alike', () => {
  for (const { packet } of RUMORS) expect(decodePacket(unhex(packet), 'compat')).toEqual(decodePacket(unhex(packet)));
});

test('payload, digest and hash of every captured rumor are the listed ones (PEERSTER-11, PEERSTER-12)', () => {
  for (const listed of RUMORS) {
    const rumor = rumorOf(listed.packet);
    expect(hex(signedPayload(rumor))).toBe(listed.signed_payload);
    expect(hex(payloadDigest(rumor))).toBe(listed.payload_sha256);
    expect(hex(messageHash(rumor))).toBe(listed.message_hash);
    expect(countZeroBits(messageHash(rumor))).toBe(listed.leading_zeros_lsb_first);
  }
});

test('kinds follow number and destination (PEERSTER-10)', () => {
  for (const { packet, kind } of RUMORS) {
    expect(messageKind(rumorOf(packet))).toBe(kind === 'key_announcement' ? 'announcement' : kind);
  }
});

test('a message number beyond uint32 is a mistake of the caller', () => {
  const rumor = rumorOf(RUMORS[0]!.packet);
  expect(() => encodePacket({ rumor: { ...rumor, id: 2 ** 32 } })).toThrow(RangeError);
  expect(() => encodePacket({ rumor: { ...rumor, id: -1 } })).toThrow(RangeError);
});

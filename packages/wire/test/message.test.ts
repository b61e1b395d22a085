import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeMessage, encodeMessage, MAGIC, messageFrameBytes, type Network, WireError } from '../src/index.ts';
import { captured, fromHex, toHex } from './captured-chain.ts';

const NETWORKS: readonly Network[] = ['main', 'testnet', 'regtest', 'dev'];
const command = fc.string({
  unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
  maxLength: 12,
});

function faultOf(decode: () => unknown): string | undefined {
  try {
    decode();
    return undefined;
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return `${error.code} at ${error.offset}`;
  }
}

/** A message assembled by hand, with the double SHA-256 of Node. */
function frame(magic: string, name: string, payload: Uint8Array, length = payload.length): Uint8Array {
  const once = createHash('sha256').update(payload).digest();
  const checksum = createHash('sha256').update(once).digest().subarray(0, 4);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(length);
  return Uint8Array.from(
    Buffer.concat([Buffer.from(magic, 'hex'), Buffer.from(name.padEnd(12, '\0'), 'latin1'), size, checksum, payload]),
  );
}

test('the magic of the three networks is the one captured (WIRE-17)', () => {
  const { networks } = captured<{ networks: Record<string, { magic: string }> }>('genesis-all.json');
  for (const [name, { magic }] of Object.entries(networks)) expect(toHex(MAGIC[name as Network])).toBe(magic);
  expect(toHex(MAGIC.dev)).toBe('64657631');
});

test('messages round-trip on every network, leave what follows, and pass on no other network (WIRE-17)', () => {
  fc.assert(
    fc.property(command, fc.uint8Array({ maxLength: 100 }), fc.uint8Array({ maxLength: 30 }), (name, payload, rest) => {
      for (const network of NETWORKS) {
        const encoded = encodeMessage(network, name, payload);
        expect(encoded).toEqual(frame(toHex(MAGIC[network]), name, payload));
        const stream = Uint8Array.of(...encoded, ...rest);
        expect(decodeMessage(stream, network)).toEqual({ value: { command: name, payload }, consumed: encoded.length });
        expect(messageFrameBytes(stream)).toBe(encoded.length);
        for (const other of NETWORKS) {
          if (other !== network) expect(faultOf(() => decodeMessage(encoded, other))).toMatch(/^bad-magic at [0-3]$/);
        }
      }
    }),
  );
});

test('every cut is truncated, because more bytes could complete it (WIRE-18)', () => {
  const encoded = encodeMessage('main', 'ping', new Uint8Array(8));
  for (let length = 0; length < encoded.length; length += 1) {
    expect(faultOf(() => decodeMessage(encoded.subarray(0, length), 'main'))).toBe(`truncated at ${length}`);
  }
});

test('a fault shows as soon as its byte is there (WIRE-17, WIRE-18)', () => {
  expect(faultOf(() => decodeMessage(fromHex('f0da00'), 'main'))).toBe('bad-magic at 2');
  expect(faultOf(() => decodeMessage(fromHex('f0dabbd27f'), 'main'))).toBe('bad-command at 4');
  const oversized = frame('f0dabbd2', 'block', new Uint8Array(0), 0x02000001);
  expect(faultOf(() => decodeMessage(oversized.subarray(0, 20), 'main'))).toBe('too-long at 16');
  expect(faultOf(() => decodeMessage(frame('f0dabbd2', 'block', new Uint8Array(0), 0x02000000), 'main'))).toBe(
    'truncated at 24',
  );
  expect(messageFrameBytes(oversized.subarray(0, 19))).toBeUndefined();
});

test('commands with bytes outside 0x20…0x7e, or anything behind a NUL, are refused; an empty one is not (WIRE-17)', () => {
  for (let byte = 1; byte < 256; byte += 1) {
    const bad = byte < 0x20 || byte > 0x7e;
    const encoded = frame('f0dabbd2', `p${String.fromCharCode(byte)}ng`, new Uint8Array(0));
    expect(faultOf(() => decodeMessage(encoded, 'main'))).toBe(bad ? 'bad-command at 5' : undefined);
  }
  expect(faultOf(() => decodeMessage(frame('f0dabbd2', 'ping\0x', new Uint8Array(0)), 'main'))).toBe(
    'bad-command at 9',
  );
  expect(decodeMessage(frame('f0dabbd2', '', new Uint8Array(0)), 'main').value.command).toBe('');
  expect(decodeMessage(frame('f0dabbd2', 'twelve_chars', new Uint8Array(0)), 'main').value.command).toBe(
    'twelve_chars',
  );
});

test('a flipped bit of the checksum or of the payload is a bad checksum (WIRE-19)', () => {
  const encoded = encodeMessage('main', 'ping', Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8));
  for (let bit = 20 * 8; bit < encoded.length * 8; bit += 1) {
    const flipped = Uint8Array.from(encoded);
    flipped[bit >> 3]! ^= 1 << (bit & 7);
    expect(faultOf(() => decodeMessage(flipped, 'main'))).toMatch(/^bad-checksum at 2[0-3]$/);
  }
});

test('a stream can be read on behind a refused message, as captured from a daemon (WIRE-18)', () => {
  const { sections } = captured<{ sections: { log: { dir: string; raw: string }[] }[] }>('chain-net-magic.json');
  for (const { log } of sections) {
    const sent = log.filter(({ dir }) => dir === 'c2n').map(({ raw }) => raw);
    let stream = fromHex(sent.join(''));
    const commands: string[] = [];
    while (stream.length > 0) {
      const skip = messageFrameBytes(stream)!;
      commands.push(faultOf(() => decodeMessage(stream, 'main')) ?? decodeMessage(stream, 'main').value.command);
      stream = stream.subarray(skip);
    }
    expect(commands[0]).toMatch(/^bad-magic/);
    expect(commands.slice(1).every((name) => name === 'version' || name === 'ping')).toBe(true);
    expect(commands.length).toBe(sent.length);
  }
});

test('what no node would read cannot be written (WIRE-17, WIRE-18)', () => {
  expect(faultOf(() => encodeMessage('main', 'thirteen_char', new Uint8Array(0)))).toBe('bad-command at 16');
  expect(faultOf(() => encodeMessage('main', 'pïng', new Uint8Array(0)))).toBe('bad-command at 5');
  expect(faultOf(() => encodeMessage('main', 'a\0', new Uint8Array(0)))).toBe('bad-command at 5');
  expect(faultOf(() => encodeMessage('main', 'block', new Uint8Array(0x02000001)))).toBe('too-long at 16');
});

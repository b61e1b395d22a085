import { expect, test } from 'vitest';
import { decodePacket, encodePacket, nameText, type Packet, PeersterError, type Rumor } from '../src/index.ts';
import { type CapturedStatus, captured, hex, RUMORS, unhex } from './captured.ts';

interface CodecCase {
  readonly name: string;
  readonly hex?: string;
  readonly error?: string;
  readonly rumor?: {
    readonly origin: string;
    readonly destination: string;
    readonly id: number;
    readonly content: string;
  };
  readonly status?: null;
}

const NONE = new Uint8Array(0);
const NAME = new TextEncoder().encode('a'.repeat(16));
const rumor = (fields: Partial<Rumor>): Rumor => ({
  origin: NAME,
  destination: NONE,
  id: 0,
  content: NONE,
  signature: NONE,
  nonce: new Uint8Array(16),
  ...fields,
});

test('every captured status decodes and re-encodes to the same bytes, names ascending (PEERSTER-2, PEERSTER-32)', () => {
  const { status } = captured<{ status: CapturedStatus[] }>('status');
  expect(status.length).toBe(24);
  for (const { packet, want } of status) {
    const decoded = decodePacket(unhex(packet));
    expect(decoded.status?.map((entry) => ({ identifier: nameText(entry.origin), next_id: entry.nextId }))).toEqual(
      want,
    );
    expect(hex(encodePacket(decoded))).toBe(packet);
    const names = want.map(({ identifier }) => identifier);
    expect(names).toEqual([...names].sort());
  }
});

test('the captured encoder cases reproduce byte for byte (PEERSTER-3)', () => {
  const packets: Readonly<Record<string, Packet>> = {
    'empty gossip packet': {},
    'empty status': { status: [] },
    'status one entry NextID 0': { status: [{ origin: NAME, nextId: 0 }] },
    'rumor and status': {
      rumor: rumor({ id: 1, content: new TextEncoder().encode('hi') }),
      status: [{ origin: NAME, nextId: 2 }],
    },
  };
  const { cases } = captured<{ cases: CodecCase[] }>('encode');
  let reproduced = 0;
  for (const { name, hex: expected } of cases) {
    const id = /^rumor id (\d+) empty everything else$/.exec(name)?.[1];
    const packet = id === undefined ? packets[name] : { rumor: rumor({ id: Number(id) }) };
    if (packet === undefined) {
      // The original aborts on a missing signature; our types have no such thing.
      expect(name).toBe('rumor nil signature');
      expect(expected).toBeUndefined();
      continue;
    }
    expect(hex(encodePacket(packet))).toBe(expected);
    reproduced += 1;
  }
  expect(reproduced).toBe(cases.length - 1);
});

test('every datagram of the captured trace reads in both profiles and writes back the same', () => {
  const { trace } = captured<{ trace: { hex: string }[] }>('trace');
  expect(trace.length).toBeGreaterThan(100);
  for (const { hex: datagram } of trace) {
    expect(hex(encodePacket(decodePacket(unhex(datagram))))).toBe(datagram);
    expect(hex(encodePacket(decodePacket(unhex(datagram), 'compat')))).toBe(datagram);
  }
});

const decoderCases = captured<{ cases: CodecCase[] }>('decode').cases;

test.each(decoderCases)('compat reads "$name" as the original reads it (PEERSTER-4)', (listed) => {
  if (listed.error !== undefined) {
    expect(() => decodePacket(unhex(listed.hex!), 'compat')).toThrow(PeersterError);
    return;
  }
  const packet = decodePacket(unhex(listed.hex!), 'compat');
  expect(
    packet.rumor && {
      origin: hex(packet.rumor.origin),
      destination: hex(packet.rumor.destination),
      id: packet.rumor.id,
      content: hex(packet.rumor.content),
    },
  ).toEqual(listed.rumor);
  expect(packet.status).toEqual(listed.status === null ? [] : undefined);
});

test.each(decoderCases)('strict reads "$name" only if it is canonical (PEERSTER-3)', (listed) => {
  const bytes = unhex(listed.hex!);
  const accepted = ['empty datagram', 'empty status', 'unknown top field 3'];
  if (!accepted.includes(listed.name)) {
    expect(() => decodePacket(bytes)).toThrow(PeersterError);
    return;
  }
  const packet = decodePacket(bytes);
  if (listed.name !== 'unknown top field 3') expect(encodePacket(packet)).toEqual(bytes);
  else expect(packet).toEqual({});
});

const CANONICAL = RUMORS.find(({ kind }) => kind === 'public')!;

test.each([
  ['missing-key', 'the signature missing', (fields: string[]) => fields.filter((_, index) => index !== 4)],
  ['missing-key', 'the nonce missing', (fields: string[]) => fields.slice(0, 5)],
  ['unsorted-keys', 'a second destination at the end', (fields: string[]) => [...fields, fields[1]]],
  ['duplicate-key', 'the content twice', (fields: string[]) => [...fields.slice(0, 4), fields[3], ...fields.slice(4)]],
  [
    'bad-integer',
    'a number of needless bytes',
    (fields: string[]) => [...fields.slice(0, 2), '188100', ...fields.slice(3)],
  ],
  [
    'bad-integer',
    'a number of 33 bits',
    (fields: string[]) => [...fields.slice(0, 2), '188180808010', ...fields.slice(3)],
  ],
  [
    'wrong-type',
    'a number of fixed width',
    (fields: string[]) => [...fields.slice(0, 2), '1d01000000', ...fields.slice(3)],
  ],
  ['syntax', 'a group', (fields: string[]) => [...fields, '3b']],
  ['truncated', 'a last field cut off', (fields: string[]) => [...fields.slice(0, 5), fields[5]?.slice(0, -2)]],
] as const)('strict refuses with %s: %s', (code, _what, change) => {
  const body = change(fieldsOf(CANONICAL.packet) as string[]).join('');
  expect(codeOf(() => decodePacket(wrapped(body)))).toBe(code);
});

test('fields of higher numbers are skipped and not kept (PEERSTER-3)', () => {
  const body = `${fieldsOf(CANONICAL.packet).join('')}4a06667574757265`;
  expect(hex(encodePacket(decodePacket(wrapped(body))))).toBe(CANONICAL.packet);
  expect(decodePacket(unhex('12001a00280532017a')).status).toEqual([]);
});

test('strict refuses a status before a rumor; compat loses the rumor as the original does', () => {
  const bytes = unhex(`1200${CANONICAL.packet}`);
  expect(codeOf(() => decodePacket(bytes))).toBe('unsorted-keys');
  expect(decodePacket(bytes, 'compat')).toEqual({ status: [] });
});

test('a datagram over 60,000 bytes is too long (PEERSTER-5)', () => {
  const big = encodePacket({ rumor: rumor({ content: new Uint8Array(60_000) }) });
  expect(codeOf(() => decodePacket(big))).toBe('too-long');
  expect(decodePacket(big, 'compat').rumor?.content.length).toBe(60_000);
});

test('extensions survive the round trip, and malformed ones are skipped (PEERSTER-37 to PEERSTER-39)', () => {
  const packet: Packet = {
    status: [{ origin: NAME, nextId: 300, digest: unhex('0102030405060708') }],
    probe: { origin: NAME, from: 3, to: 200, digest: unhex('1112131415161718') },
    range: { first: NONE, last: NAME },
  };
  expect(decodePacket(encodePacket(packet))).toEqual(packet);
  expect(decodePacket(unhex('1a020861'))).toEqual({});
  expect(decodePacket(unhex('1801'))).toEqual({});
  expect(decodePacket(unhex('22020a0a'))).toEqual({});
  const short = encodePacket({ status: [{ origin: NAME, nextId: 1, digest: unhex('0102') }] });
  expect(decodePacket(short).status).toEqual([{ origin: NAME, nextId: 1 }]);
});

function fieldsOf(packet: string): string[] {
  const { rumor: decoded } = decodePacket(unhex(packet));
  const rest = hex(encodePacket({ rumor: decoded! })).slice(6);
  const parts: string[] = [];
  const bytes = unhex(rest);
  let at = 0;
  for (let field = 1; field <= 6; field += 1) {
    const start = at;
    at += 1;
    let value = 0;
    let shift = 0;
    for (;;) {
      const byte = bytes[at]!;
      at += 1;
      value |= (byte & 0x7f) << shift;
      shift += 7;
      if (byte < 0x80) break;
    }
    if (field !== 3) at += value;
    parts.push(hex(bytes.subarray(start, at)));
  }
  return parts;
}

function wrapped(body: string): Uint8Array {
  const length = body.length / 2;
  const size = length < 0x80 ? [length] : [0x80 | (length & 0x7f), length >> 7];
  return Uint8Array.from([0x0a, ...size, ...unhex(body)]);
}

function codeOf(run: () => unknown): string | undefined {
  try {
    run();
  } catch (error) {
    if (error instanceof PeersterError) return error.code;
    throw error;
  }
  return undefined;
}

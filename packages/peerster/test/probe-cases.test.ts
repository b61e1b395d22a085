import { expect, test } from 'vitest';
import { decodePacket, messageHash, type PeersterEffect, PeersterNode, type PeersterOptions } from '../src/index.ts';
import { captured, hex, type ProbeCase, RUMORS, unhex } from './captured.ts';
import { nodeRsa, pureRsa } from './identities.ts';
import { START, testRandom } from './mesh.ts';

const PROBE = '127.0.0.1:16009';
const OTHER = '127.0.0.1:16002';
const { cases } = captured<{ cases: ProbeCase[] }>('probe_cases');

/** A node that knows the announcements of A, B and C and one other peer. */
function preparedNode(options: Partial<PeersterOptions>): PeersterNode {
  const node = new PeersterNode({ now: START, random: testRandom(7), rsa: nodeRsa, ...options });
  for (const { packet, kind, signer } of RUMORS) {
    if (kind === 'key_announcement' && ['A', 'B', 'C'].includes(signer)) node.receive(unhex(packet), OTHER, START);
  }
  node.addPeer(OTHER);
  return node;
}

function summary(effects: readonly PeersterEffect[]) {
  const packets = effects.flatMap((effect) =>
    effect.type === 'send'
      ? [{ to: effect.to, packet: decodePacket(effect.bytes, 'compat'), bytes: effect.bytes }]
      : [],
  );
  return {
    replied: packets.some(({ to, packet }) => to === PROBE && packet.status !== undefined),
    relayed: packets.find(({ to, packet }) => to === OTHER && packet.rumor !== undefined),
    stored: effects.find((effect) => effect.type === 'stored'),
    dropped: effects.flatMap((effect) => (effect.type === 'dropped' ? [effect.code] : [])),
    learned: effects.some((effect) => effect.type === 'learned' && effect.peer === PROBE),
  };
}

const codes: Readonly<Record<string, string>> = {
  'dropped: unknown key': 'unknown-origin',
  'valid but not stored (out of order)': 'out-of-order',
  'duplicate: not stored, not relayed': 'duplicate',
  'dropped: not enough zeros': 'insufficient-work',
  'dropped: only the first field is decoded': 'bad-name',
  'dropped: invalid signature': 'bad-signature',
};

test.each([
  ['pure', pureRsa],
  ['node', nodeRsa],
] as const)('a compat node does what the original did with the 20 probes: %s', (_name, rsa) => {
  const node = preparedNode({ profile: 'compat', rsa });
  expect(cases.length).toBe(20);
  cases.forEach((probe, index) => {
    const now = START + 2_000 * (index + 1);
    // Waits of earlier relays end first, so that every relay is one of this probe.
    node.tick(now);
    const done = summary(node.receive(unhex(probe.packet), PROBE, now));
    expect([probe.name, done.replied]).toEqual([probe.name, probe.status_reply]);
    if (index === 0) expect(done.learned).toBe(true);
    const accepted = probe.outcome.startsWith('accepted') || probe.outcome.startsWith('replaces');
    const joint = probe.name.includes('rumor and status');
    expect([probe.name, done.stored !== undefined]).toEqual([probe.name, accepted || joint]);
    expect([probe.name, done.relayed !== undefined]).toEqual([probe.name, accepted || joint]);
    if (done.relayed !== undefined) {
      const { rumor } = done.relayed.packet;
      expect(hex(messageHash(rumor!))).toBe(probe.hash);
      expect(hex(done.relayed.bytes)).not.toContain('4a06667574757265');
    }
    expect(done.dropped).toEqual(codes[probe.outcome] === undefined ? [] : [codes[probe.outcome]]);
  });
});

test('strict refuses four of the probes besides, and what follows them (PEERSTER-3, 9, 22, 24)', () => {
  const node = preparedNode({});
  const dropped: Record<string, readonly string[]> = {};
  cases.forEach((probe, index) => {
    const now = START + 2_000 * (index + 1);
    node.tick(now);
    dropped[probe.name] = summary(node.receive(unhex(probe.packet), PROBE, now)).dropped;
  });
  expect(dropped['key announcement with a destination set']).toEqual(['unexpected-field']);
  expect(dropped['id 7 private, content is not a two-ciphertext block']).toEqual(['bad-private-content']);
  expect(dropped['id 8 with destination of eight U+017F (16 bytes)']).toEqual(['bad-name']);
  expect(dropped['id 5 with fields in descending order']).toEqual(['missing-key']);
  expect(dropped['id 6 with the content field twice (last is right)']).toEqual(['duplicate-key']);
  expect(dropped['id 5 with unknown field 9 appended']).toEqual([]);
});

test('strict learns nobody from an empty or an invalid datagram (PEERSTER-29)', () => {
  const node = preparedNode({});
  expect(summary(node.receive(new Uint8Array(0), PROBE, START)).learned).toBe(false);
  expect(summary(node.receive(unhex(cases[1]!.packet), PROBE, START)).learned).toBe(false);
  expect(summary(node.receive(unhex(cases[2]!.packet), PROBE, START)).learned).toBe(true);
});

test('a rumor without its content or signature field stops nobody (PEERSTER-4)', () => {
  for (const field of [0x22, 0x2a]) {
    const { rumor } = decodePacket(unhex(cases[4]!.packet));
    const short = rumorWithout(field, rumor!);
    for (const profile of ['strict', 'compat'] as const) {
      const node = preparedNode({ profile });
      node.receive(unhex(cases[2]!.packet), PROBE, START);
      const effects = node.receive(short, PROBE, START + 1);
      expect(effects.some(({ type }) => type === 'stored')).toBe(false);
      expect(summary(effects).dropped).toEqual([profile === 'strict' ? 'missing-key' : 'insufficient-work']);
      expect(summary(node.receive(unhex(cases[4]!.packet), PROBE, START + 2)).stored).toBeDefined();
    }
  }
});

function rumorWithout(field: number, rumor: NonNullable<ReturnType<typeof decodePacket>['rumor']>): Uint8Array {
  const parts: readonly (readonly [number, Uint8Array])[] = [
    [0x0a, rumor.origin],
    [0x12, rumor.destination],
    [0x22, rumor.content],
    [0x2a, rumor.signature],
    [0x32, rumor.nonce],
  ];
  const body: number[] = [];
  for (const [key, bytes] of parts) {
    if (key === 0x22) body.push(0x18, rumor.id);
    if (key === field) continue;
    body.push(
      key,
      ...(bytes.length < 128 ? [bytes.length] : [0x80 | (bytes.length & 0x7f), bytes.length >> 7]),
      ...bytes,
    );
  }
  return Uint8Array.from([
    0x0a,
    ...(body.length < 128 ? [body.length] : [0x80 | (body.length & 0x7f), body.length >> 7]),
    ...body,
  ]);
}

import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  composePublic,
  decodePacket,
  encodePacket,
  MemoryStore,
  messageHash,
  mineNonce,
  type PeersterEffect,
  PeersterNode,
  type PeersterOptions,
  type Placement,
  placeMessage,
  type Rumor,
} from '../src/index.ts';
import { captured, hex, KEYS, type ProbeCase, RUMORS, unhex } from './captured.ts';
import { capturedIdentity, nodeRsa } from './identities.ts';
import { START, testRandom } from './mesh.ts';

const FROM = '127.0.0.1:16009';
const OTHER = '127.0.0.1:16002';
const ORIGIN = KEYS.P!.display_name;

interface Conflict {
  readonly id: number;
  readonly candidates: readonly { readonly packet: string; readonly hash: string }[];
  readonly reference_final: string;
}
const conflict = captured<Conflict>('conflict');
const probes = captured<{ cases: ProbeCase[] }>('probe_cases').cases;

/** A node that stores the probe's messages 0 to 5. */
function prepared(options: Partial<PeersterOptions> = {}) {
  const store = new MemoryStore();
  const node = new PeersterNode({
    now: START,
    random: testRandom(3),
    rsa: nodeRsa,
    profile: 'compat',
    store,
    ...options,
  });
  for (const { packet, outcome } of probes) {
    if (store.nextId(ORIGIN) === conflict.id) break;
    if (outcome.startsWith('accepted')) node.receive(unhex(packet), FROM, START);
  }
  expect(store.nextId(ORIGIN)).toBe(conflict.id);
  node.addPeer(OTHER);
  return { node, store };
}

const types = (effects: readonly PeersterEffect[]) => effects.map(({ type }) => type);
const codesOf = (effects: readonly PeersterEffect[]) =>
  effects.flatMap((effect) => (effect.type === 'dropped' ? [effect.code] : []));

const orders = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
] as const;

test.each(orders)('three versions in the order %i, %i, %i end with the lowest hash (PEERSTER-26)', (...order) => {
  for (const profile of ['strict', 'compat'] as const) {
    const { node, store } = prepared();
    const strictNode = new PeersterNode({ now: START, random: testRandom(3), rsa: nodeRsa, profile, store });
    order.forEach((index, step) => {
      (profile === 'strict' ? strictNode : node).receive(unhex(conflict.candidates[index]!.packet), FROM, START + step);
    });
    expect(hex(store.hashOf(ORIGIN, conflict.id)!)).toBe(conflict.reference_final);
    expect(hex(store.get(ORIGIN, conflict.id)!.hash)).toBe(conflict.reference_final);
  }
});

test('an equal hash is a duplicate: nothing is stored or relayed (PEERSTER-26)', () => {
  const { node } = prepared();
  const bytes = unhex(conflict.candidates[0]!.packet);
  expect(types(node.receive(bytes, FROM, START))).toContain('stored');
  const again = node.receive(bytes, FROM, START + 1);
  expect(codesOf(again)).toEqual(['duplicate']);
  expect(again.flatMap((effect) => (effect.type === 'send' ? [effect.to] : []))).toEqual([FROM]);
});

test('a number beyond the next is answered, but neither stored nor relayed (PEERSTER-25)', () => {
  const { node, store } = prepared();
  const ahead = RUMORS.find(({ origin, id }) => origin === ORIGIN && id === 9)!;
  const effects = node.receive(unhex(ahead.packet), FROM, START);
  expect(codesOf(effects)).toEqual(['out-of-order']);
  expect(types(effects)).toEqual(['dropped', 'send']);
  expect(effects[1]).toMatchObject({ to: FROM });
  expect(store.nextId(ORIGIN)).toBe(conflict.id);
});

test('an announcement whose name is not its key’s is dropped without an answer (PEERSTER-22)', () => {
  const key = unhex(KEYS.B!.serialized_public_key);
  const none = new Uint8Array(0);
  const draft = {
    origin: new TextEncoder().encode(KEYS.A!.display_name),
    destination: none,
    id: 0,
    content: key,
    signature: none,
  };
  const rumor = { ...draft, nonce: mineNonce(draft, 8).nonce };
  const { node } = prepared({ target: 8 });
  expect(node.receive(encodePacket({ rumor }), FROM, START)).toMatchObject([
    { type: 'dropped', code: 'name-mismatch' },
  ]);
});

test('the same bytes cut differently are not the same message', () => {
  // Content and signature are hashed without a border, so that a message cut elsewhere has the hash of a stored one.
  const { node } = prepared();
  const first = unhex(conflict.candidates[0]!.packet);
  node.receive(first, FROM, START);
  const { rumor } = decodePacket(first);
  const shifted: Rumor = {
    ...rumor!,
    content: Uint8Array.from([...rumor!.content, rumor!.signature[0]!]),
    signature: rumor!.signature.subarray(1),
  };
  expect(messageHash(shifted)).toEqual(messageHash(rumor!));
  expect(node.receive(encodePacket({ rumor: shifted }), FROM, START)).toMatchObject([
    { type: 'dropped', code: 'bad-signature' },
  ]);
});

test('a lower hash is answered with its own, a higher one with the stored version (PEERSTER-36)', () => {
  const { node } = prepared();
  const [first, , third] = conflict.candidates;
  node.receive(unhex(third!.packet), FROM, START);
  const effects = node.receive(unhex(first!.packet), FROM, START);
  expect(codesOf(effects)).toEqual(['higher-hash']);
  const sent = effects.flatMap((effect) => (effect.type === 'send' ? [hex(effect.bytes)] : []));
  expect(sent[1]).toBe(third!.packet);
});

const alice = capturedIdentity('A');

/** Versions of one message of A, highest hash first. */
function versions(count: number): Rumor[] {
  const draft = composePublic(alice, 1, new TextEncoder().encode('again'), testRandom(5));
  const rumors = Array.from({ length: count }, (_, index) => ({ ...draft, nonce: new Uint8Array(16).fill(index) }));
  return rumors.sort((a, b) => (hex(messageHash(a)) < hex(messageHash(b)) ? 1 : -1));
}

test.each(['strict', 'compat'] as const)(
  'the fifth replacement of a message is not passed on: %s (PEERSTER-27)',
  (profile) => {
    const store = new MemoryStore();
    const node = new PeersterNode({
      now: START,
      random: testRandom(3),
      rsa: nodeRsa,
      profile,
      store,
      target: 0,
      miningTarget: 0,
    });
    node.addPeer(OTHER);
    const announcement = RUMORS.find(({ kind, signer }) => kind === 'key_announcement' && signer === 'A')!;
    node.receive(unhex(announcement.packet), FROM, START);
    const rumors = versions(8);
    const relayed = rumors.map((rumor, index) => {
      const effects = node.receive(encodePacket({ rumor }), FROM, START + index);
      return effects.some((effect) => effect.type === 'send' && effect.to === OTHER);
    });
    expect(relayed).toEqual([true, true, true, true, true, false, false, false]);
    const stored = hex(store.hashOf(KEYS.A!.display_name, 1)!);
    // Compat ignores what it does not pass on, strict stores it: see the rule.
    expect(stored).toBe(hex(messageHash(rumors[profile === 'strict' ? 7 : 4]!)));
    const later = node.receive(encodePacket({ rumor: rumors[7]! }), FROM, START + 3_600_001);
    if (profile === 'compat') expect(types(later)).toContain('stored');
    else expect(codesOf(later)).toEqual(['duplicate']);
  },
);

test('placement depends on number and hashes alone', () => {
  const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
  fc.assert(
    fc.property(fc.nat(5), fc.nat(5), hash, hash, (id, next, mine, theirs) => {
      const placement = placeMessage(id, mine, next, id < next ? theirs : undefined);
      const lower = hex(mine) < hex(theirs);
      const expected: Placement =
        id === next
          ? 'new'
          : id > next
            ? 'out-of-order'
            : hex(mine) === hex(theirs)
              ? 'duplicate'
              : lower
                ? 'replacing'
                : 'higher-hash';
      expect(placement).toBe(expected);
    }),
  );
});

test('no order of arrival of the same versions changes what is stored in the end', () => {
  const rumors = versions(6);
  const announcement = RUMORS.find(({ kind, signer }) => kind === 'key_announcement' && signer === 'A')!;
  const lowest = hex(messageHash(rumors[5]!));
  fc.assert(
    fc.property(fc.shuffledSubarray(rumors, { minLength: 6 }), (arrivals) => {
      const store = new MemoryStore();
      const node = new PeersterNode({
        now: START,
        random: testRandom(3),
        rsa: nodeRsa,
        store,
        target: 0,
        miningTarget: 0,
      });
      node.receive(unhex(announcement.packet), FROM, START);
      for (const rumor of arrivals) node.receive(encodePacket({ rumor }), FROM, START);
      expect(hex(store.hashOf(KEYS.A!.display_name, 1)!)).toBe(lowest);
    }),
  );
});

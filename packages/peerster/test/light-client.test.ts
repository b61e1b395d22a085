import { expect, test } from 'vitest';
import {
  decodePacket,
  encodePacket,
  LightClient,
  type LightClientEffect,
  nameBytes,
  PeersterNode,
  type Profile,
} from '../src/index.ts';
import { capturedIdentity, manyIdentities, nameOf, nodeRsa } from './identities.ts';
import { START, testRandom } from './mesh.ts';

const SERVER = '10.0.0.1:1';
const CLIENT = '10.0.0.2:1';
const alice = capturedIdentity('A');
const NAME = nameOf(alice);

function serverWith(texts: number, profile: Profile): PeersterNode {
  const identities = [alice, ...manyIdentities(3)];
  const node = new PeersterNode({
    now: START,
    random: testRandom(70),
    rsa: nodeRsa,
    profile,
    target: 0,
    miningTarget: 0,
    identities,
  });
  for (let index = 0; index < texts; index += 1) node.publish(NAME, nameBytes(`text ${index}`));
  node.work(1_000, START);
  return node;
}

/** Runs client and server until the client is done or a minute has passed. */
function run(
  client: LightClient,
  server: PeersterNode,
  first: readonly LightClientEffect[],
  lose: (index: number) => boolean = () => false,
) {
  const seen: LightClientEffect[] = [];
  let toServer: Uint8Array[] = [];
  let sent = 0;
  const take = (effects: readonly LightClientEffect[]) => {
    for (const effect of effects) {
      seen.push(effect);
      if (effect.type === 'send' && !lose(sent++)) toServer.push(effect.bytes);
    }
  };
  take(first);
  let now = START;
  const answer = (effects: ReturnType<PeersterNode['receive']>) => {
    for (const effect of effects) {
      if (effect.type === 'send' && effect.to === CLIENT && !lose(sent++))
        take(client.receive(effect.bytes, SERVER, now));
    }
  };
  while (now < START + 60_000 && !seen.some(({ type }) => type === 'done')) {
    while (toServer.length > 0) {
      const batch = toServer;
      toServer = [];
      for (const bytes of batch) answer(server.receive(bytes, CLIENT, now));
    }
    now += 1_000;
    answer(server.tick(now));
    take(client.tick(now));
  }
  return seen;
}

const fetched = (effects: readonly LightClientEffect[]) =>
  effects.flatMap((effect) => (effect.type === 'fetched' ? [effect.rumor.id] : []));

test.each(['strict', 'compat'] as const)(
  'chosen messages come in order and verified, from a %s server (PEERSTER-41)',
  (profile) => {
    const server = serverWith(6, profile);
    const client = new LightClient({ server: SERVER, target: 0, rsa: nodeRsa });
    const effects = run(client, server, client.fetch(NAME, 3, START).effects);
    expect(fetched(effects)).toEqual([3, 4, 5, 6]);
    expect(effects.at(-1)).toEqual({ type: 'done', origin: NAME, next: 7 });
    expect(client.nextDeadline()).toBeUndefined();
    expect(effects.filter(({ type }) => type === 'dropped')).toEqual([]);
  },
);

test('lost datagrams are asked for again (PEERSTER-41)', () => {
  const client = new LightClient({ server: SERVER, target: 0, rsa: nodeRsa });
  const random = testRandom(71);
  const lose = () => random(1)[0]! < 0.3 * 256;
  const effects = run(client, serverWith(4, 'strict'), client.fetch(NAME, 0, START).effects, lose);
  expect(fetched(effects)).toEqual([0, 1, 2, 3, 4]);
});

test('an origin that the server does not know is done at once', () => {
  const client = new LightClient({ server: SERVER, target: 0, rsa: nodeRsa });
  const effects = run(client, serverWith(0, 'strict'), client.fetch('a'.repeat(16), 0, START).effects);
  expect(effects.at(-1)).toEqual({ type: 'done', origin: 'a'.repeat(16), next: 0 });
});

test('what was not asked for, and who was not asked, is dropped', () => {
  const client = new LightClient({ server: SERVER, target: 0, rsa: nodeRsa, limits: { lightRequests: 1 } });
  expect(client.receive(new Uint8Array(0), CLIENT, START)).toMatchObject([{ type: 'dropped', code: 'unasked' }]);
  expect(client.receive(Uint8Array.from([0x0b]), SERVER, START)).toMatchObject([{ type: 'dropped', code: 'syntax' }]);
  client.fetch(NAME, 0, START);
  expect(client.fetch('a'.repeat(16), 0, START).accepted).toBe(false);
  const server = serverWith(2, 'strict');
  server.addPeer(CLIENT);
  const pushes = server.receive(encodePacket({ status: [] }), CLIENT, START);
  const codes = pushes.flatMap((effect) =>
    effect.type === 'send'
      ? client.receive(effect.bytes, SERVER, START).map((each) => ('code' in each ? each.code : each.type))
      : [],
  );
  expect(codes.filter((code) => code === 'unasked').length).toBe(3);
  expect(codes).toContain('fetched');
});

test('a client publishes through its server (PEERSTER-41)', () => {
  const author = serverWith(1, 'strict');
  const server = serverWith(0, 'strict');
  const client = new LightClient({ server: SERVER, target: 0, rsa: nodeRsa });
  author.addPeer(CLIENT);
  const [rumor] = author
    .receive(encodePacket({ status: [{ origin: nameBytes(NAME), nextId: 1 }] }), CLIENT, START)
    .flatMap((effect) => (effect.type === 'send' ? [effect.bytes] : []));
  expect(rumor).toBeDefined();
  const [effect] = client.submit(decode(rumor!));
  if (effect?.type !== 'send') throw new Error('the client sends what it submits');
  expect(server.receive(effect.bytes, CLIENT, START).some(({ type }) => type === 'stored' || type === 'send')).toBe(
    true,
  );
});

function decode(bytes: Uint8Array) {
  const { rumor } = decodePacket(bytes);
  if (rumor === undefined) throw new Error('no rumor');
  return rumor;
}

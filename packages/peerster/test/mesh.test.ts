import { expect, test } from 'vitest';
import {
  composePublic,
  countZeroBits,
  decodePacket,
  encodePacket,
  MemoryStore,
  messageHash,
  mineNonce,
  nameBytes,
  type RsaPrivateKey,
} from '../src/index.ts';
import { hex, unhex } from './captured.ts';
import { capturedIdentity, manyIdentities, nameOf } from './identities.ts';
import { Mesh, testRandom } from './mesh.ts';

const address = (index: number) => `127.0.0.1:${5_000 + index}`;

/** Four nodes in a ring and a leaf at each. */
function ringOfEight(mesh: Mesh, identities: readonly RsaPrivateKey[]): string[] {
  const addresses = identities.map((identity, index) => {
    mesh.join(address(index), [identity]);
    return address(index);
  });
  for (let index = 0; index < 4; index += 1) {
    mesh.link(address(index), address((index + 1) % 4));
    mesh.link(address(index), address(index + 4));
  }
  return addresses;
}

test.each(['strict', 'compat'] as const)(
  'a ring of eight with 20 %% loss and 5 %% duplication converges within 120 s: %s',
  (profile) => {
    const mesh = new Mesh({ loss: 0.2, duplication: 0.05, seed: 25, node: { profile } });
    const addresses = ringOfEight(mesh, manyIdentities(8));
    mesh.run(3_000);
    for (let index = 0; index < 50; index += 1) {
      mesh.publish(addresses[index % 8]!, `message ${index}`);
      mesh.run(400);
    }
    expect(mesh.runUntil(() => mesh.converged(), 120_000)).toBe(true);
    expect(mesh.contents(addresses[0]!).split('\n').length).toBe(58);
  },
);

test('strict and compat nodes hold the same messages in one network', () => {
  const mesh = new Mesh({ loss: 0.1, seed: 26 });
  const identities = manyIdentities(6);
  identities.forEach((identity, index) => {
    mesh.join(address(index), [identity], { profile: index % 2 === 0 ? 'strict' : 'compat' });
    if (index > 0) mesh.link(address(index - 1), address(index));
  });
  mesh.run(2_000);
  for (let index = 0; index < 12; index += 1) mesh.publish(address(index % 6), `message ${index}`);
  expect(mesh.runUntil(() => mesh.converged(), 120_000)).toBe(true);
  expect(mesh.contents(address(0)).split('\n').length).toBe(18);
});

test('a late node obtains everything from one peer alone', () => {
  const mesh = new Mesh({ loss: 0.2, seed: 27 });
  const addresses = ringOfEight(mesh, manyIdentities(8));
  for (let index = 0; index < 40; index += 1) mesh.publish(addresses[index % 8]!, `message ${index}`);
  expect(mesh.runUntil(() => mesh.converged(), 120_000)).toBe(true);
  mesh.join(address(8), []);
  mesh.node(address(8)).addPeer(address(3));
  expect(mesh.runUntil(() => mesh.converged(), 120_000)).toBe(true);
  expect(mesh.contents(address(8)).split('\n').length).toBe(48);
});

test('nodes with targets 12 and 16 hold what each accepts, and nobody loops (PEERSTER-21)', () => {
  const mesh = new Mesh({ seed: 28 });
  const [low, high] = manyIdentities(2);
  mesh.join(address(0), [low!], { target: 12, miningTarget: 12 });
  mesh.join(address(1), [high!], { target: 16, miningTarget: 16 });
  mesh.link(address(0), address(1));
  for (let index = 0; index < 12; index += 1) {
    mesh.publish(address(index % 2), `message ${index}`);
    mesh.run(500);
  }
  const before = mesh.sentDatagrams;
  mesh.run(30_000);
  expect(mesh.sentDatagrams - before).toBeLessThan(30 * 20);
  const bits = (member: string) =>
    mesh
      .contents(member)
      .split('\n')
      .map((line) => countZeroBits(unhex(line.split('/')[2]!)));
  expect(Math.min(...bits(address(1)))).toBeGreaterThanOrEqual(16);
  expect(bits(address(0)).length).toBe(14);
  expect(Math.min(...bits(address(0)))).toBeLessThan(16);
});

/** Signs another text under a number that the identity has used already. */
function rival(identity: RsaPrivateKey, id: number, text: string) {
  const draft = composePublic(identity, id, nameBytes(text), testRandom(id + text.length));
  return encodePacket({ rumor: { ...draft, nonce: mineNonce(draft, 0).nonce } });
}

function partitioned(repair: boolean): { mesh: Mesh; agreed: () => boolean } {
  const options = repair ? {} : { repair: false, extensions: false };
  const mesh = new Mesh({ seed: 29, node: options });
  const [author, ...others] = manyIdentities(8);
  const addresses = ringOfEight(mesh, [author!, ...others]);
  for (let index = 0; index < 3; index += 1) mesh.publish(address(0), `message ${index}`);
  mesh.runUntil(() => mesh.converged(), 60_000);
  const left = new Set([address(0), address(1), address(4), address(5)]);
  mesh.passes = (from, to) => left.has(from) === left.has(to);
  const versions = [rival(author!, 4, 'to the left'), rival(author!, 4, 'to the right')];
  // Another member of each half has it from the author directly.
  mesh.inject(versions[0]!, 'somebody', address(1));
  mesh.inject(versions[1]!, 'somebody', address(2));
  mesh.run(30_000);
  const hashes = versions.map((bytes) => hex(messageHash(decodePacket(bytes).rumor!)));
  const name = nameOf(author!);
  const agreed = () => addresses.every((member) => mesh.contents(member).includes(`${name}/4/${lowest}`));
  const lowest = hashes.sort()[0]!;
  expect(new Set(addresses.map((member) => mesh.contents(member))).size).toBe(2);
  mesh.passes = () => true;
  return { mesh, agreed };
}

test('two halves that accepted different versions agree on the lower one once they meet (PEERSTER-38)', () => {
  const { mesh, agreed } = partitioned(true);
  expect(mesh.runUntil(agreed, 60_000)).toBe(true);
  expect(mesh.converged()).toBe(true);
});

test('without repair two halves stay apart, as those of the original do', () => {
  const { mesh, agreed } = partitioned(false);
  mesh.run(300_000);
  expect(agreed()).toBe(false);
});

test('repeated rumours alone bring two versions together in time (PEERSTER-36)', () => {
  const mesh = new Mesh({ seed: 30, node: { extensions: false, limits: { repeatMs: 500 } } });
  const [author, other] = manyIdentities(2);
  mesh.join(address(0), [author!]);
  mesh.join(address(1), [other!]);
  mesh.link(address(0), address(1));
  mesh.runUntil(() => mesh.converged(), 30_000);
  mesh.passes = () => false;
  mesh.inject(rival(author!, 1, 'one'), 'somebody', address(0));
  mesh.inject(rival(author!, 1, 'other'), 'somebody', address(1));
  mesh.run(5_000);
  expect(mesh.converged()).toBe(false);
  mesh.passes = () => true;
  expect(mesh.runUntil(() => mesh.converged(), 120_000)).toBe(true);
});

test('public and private messages reach whom they concern (PEERSTER-14)', () => {
  const mesh = new Mesh({ seed: 31 });
  const identities = [capturedIdentity('A'), capturedIdentity('B'), capturedIdentity('C')];
  const stores = identities.map(() => new MemoryStore());
  identities.forEach((identity, index) => {
    mesh.join(address(index), [identity], { store: stores[index]! });
    if (index > 0) mesh.link(address(index - 1), address(index));
  });
  expect(mesh.runUntil(() => mesh.converged(), 30_000)).toBe(true);
  const [a, , c] = identities.map(nameOf);
  mesh.publish(address(0), 'Hello!');
  expect(mesh.node(address(0)).sendPrivate(a!, c!, nameBytes('secret for C')).ok).toBe(true);
  mesh.work(address(0));
  expect(mesh.runUntil(() => mesh.converged(), 30_000)).toBe(true);
  const opened = stores.map((store, index) => mesh.node(address(index)).open(store.get(a!, 2)!));
  expect(opened[0]).toMatchObject({ ok: true, text: 'secret for C' });
  expect(opened[1]).toMatchObject({ ok: false, code: 'undecipherable' });
  expect(opened[2]).toMatchObject({ ok: true, text: 'secret for C' });
  expect(stores[1]!.get(a!, 2)!.rumor.content.length).toBe(514);
  const delivered = mesh.effects.filter(({ effect }) => effect.type === 'deliver' && effect.kind === 'private');
  expect(delivered.map(({ address: at }) => at).sort()).toEqual([address(0), address(2)]);
  expect(
    stores[1]!
      .publicRoom()
      .map(({ rumor }) => rumor.id)
      .filter((id) => id > 0),
  ).toEqual([1]);
  expect(stores[2]!.between(c!, a!).map(({ rumor }) => rumor.id)).toEqual([2]);
});

test('a member that comes back later catches up', () => {
  const mesh = new Mesh({ seed: 32 });
  const addresses = ringOfEight(mesh, manyIdentities(8));
  mesh.runUntil(() => mesh.converged(), 60_000);
  mesh.kill(addresses[6]!);
  for (let index = 0; index < 8; index += 1) if (index !== 6) mesh.publish(addresses[index]!, 'while you were away');
  expect(mesh.runUntil(() => mesh.converged(), 60_000)).toBe(true);
  mesh.members.get(addresses[6]!)!.alive = true;
  expect(mesh.converged()).toBe(false);
  expect(mesh.runUntil(() => mesh.converged(), 60_000)).toBe(true);
});

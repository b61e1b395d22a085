import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  composePublic,
  decodePacket,
  encodePacket,
  MemoryStore,
  messageHash,
  nameBytes,
  type PeersterEffect,
  PeersterNode,
  type Rumor,
} from '../src/index.ts';
import { hex } from './captured.ts';
import { manyIdentities, nameOf, nodeRsa } from './identities.ts';
import { START, testRandom } from './mesh.ts';

const authors = manyIdentities(3);
const PEERS = ['10.0.0.1:1', '10.0.0.2:1', '10.0.0.3:1'];
const none = new Uint8Array(0);

/** Every message of the model world: three authors, numbers 0 to 4, two versions of each but the announcements. */
const world: Rumor[] = authors.flatMap((author, index) => {
  const origin = nameBytes(nameOf(author));
  const announcement = { origin, destination: none, id: 0, content: author.publicKey.bytes, signature: none };
  const texts = [1, 2, 3, 4].flatMap((id) =>
    ['one', 'other'].map((version) =>
      composePublic(author, id, nameBytes(`${version} ${id}`), testRandom(index * 10 + id)),
    ),
  );
  return [announcement, ...texts].map((draft) => ({ ...draft, nonce: new Uint8Array(16) }));
});

interface Model {
  /** Hashes by origin and number. */
  readonly stored: Map<string, string[]>;
  now: number;
}

interface Real {
  readonly node: PeersterNode;
  readonly store: MemoryStore;
}

function sendsOf(effects: readonly PeersterEffect[]) {
  return effects.flatMap((effect) =>
    effect.type === 'send' ? [{ to: effect.to, ...decodePacket(effect.bytes) }] : [],
  );
}

/** What holds after every step, whatever it was. */
function checkState(model: Model, { node, store }: Real): void {
  for (const [origin, hashes] of model.stored) {
    expect(store.nextId(origin)).toBe(hashes.length);
    hashes.forEach((hash, id) => {
      expect(hex(store.hashOf(origin, id)!)).toBe(hash);
    });
  }
  expect(store.origins().length).toBe(model.stored.size);
  const deadline = node.nextDeadline();
  if (node.peers().length > 0) expect(deadline).toBeDefined();
}

class Receive implements fc.Command<Model, Real> {
  private readonly rumor: Rumor;
  private readonly from: string;

  constructor(index: number, from: string) {
    this.rumor = world[index % world.length]!;
    this.from = from;
  }

  check(): boolean {
    return true;
  }

  run(model: Model, real: Real): void {
    const { rumor, from } = this;
    const origin = String.fromCharCode(...rumor.origin);
    const hash = hex(messageHash(rumor));
    const hashes = model.stored.get(origin);
    const effects = real.node.receive(encodePacket({ rumor }), from, model.now);
    const stored = effects.some(({ type }) => type === 'stored');
    const answered = sendsOf(effects).some(({ to, status }) => to === from && status !== undefined);
    const known = hashes !== undefined || rumor.id === 0;
    expect(answered).toBe(known);
    const next = hashes?.length ?? 0;
    const present = hashes?.[rumor.id];
    const wins = known && (rumor.id === next || (present !== undefined && hash < present));
    expect(stored).toBe(wins);
    if (wins) {
      const list = hashes ?? [];
      list[rumor.id] = hash;
      model.stored.set(origin, list);
    }
    checkState(model, real);
  }

  toString(): string {
    return `receive(${this.rumor.id}, ${this.from})`;
  }
}

class ReceiveStatus implements fc.Command<Model, Real> {
  private readonly nextIds: readonly number[];
  private readonly from: string;

  constructor(nextIds: readonly number[], from: string) {
    this.nextIds = nextIds;
    this.from = from;
  }

  check(): boolean {
    return true;
  }

  run(model: Model, real: Real): void {
    const status = authors
      .map((author, index) => ({ origin: nameBytes(nameOf(author)), nextId: this.nextIds[index]! }))
      .filter(({ nextId }) => nextId > 0);
    const effects = real.node.receive(encodePacket({ status }), this.from, model.now);
    // Whatever is pushed is stored here and the very message that they want next.
    for (const { to, rumor } of sendsOf(effects)) {
      if (rumor === undefined || to !== this.from) continue;
      const origin = String.fromCharCode(...rumor.origin);
      const wanted = this.nextIds[authors.findIndex((author) => nameOf(author) === origin)]!;
      expect(rumor.id).toBe(wanted);
      expect(model.stored.get(origin)?.[rumor.id]).toBe(hex(messageHash(rumor)));
    }
    checkState(model, real);
  }

  toString(): string {
    return `status(${this.nextIds.join()}, ${this.from})`;
  }
}

class Wait implements fc.Command<Model, Real> {
  private readonly ms: number;

  constructor(ms: number) {
    this.ms = ms;
  }

  check(): boolean {
    return true;
  }

  run(model: Model, real: Real): void {
    model.now += this.ms;
    for (const { to } of sendsOf(real.node.tick(model.now)))
      expect(real.node.peers().some(({ address }) => address === to)).toBe(true);
    const deadline = real.node.nextDeadline();
    if (deadline !== undefined) expect(deadline).toBeGreaterThan(model.now);
    checkState(model, real);
  }

  toString(): string {
    return `wait(${this.ms})`;
  }
}

class TogglePeer implements fc.Command<Model, Real> {
  private readonly peer: string;

  constructor(peer: string) {
    this.peer = peer;
  }

  check(): boolean {
    return true;
  }

  run(model: Model, real: Real): void {
    if (!real.node.removePeer(this.peer)) expect(real.node.addPeer(this.peer)).toBe(true);
    checkState(model, real);
  }

  toString(): string {
    return `toggle(${this.peer})`;
  }
}

class Restart implements fc.Command<Model, { node: PeersterNode; store: MemoryStore }> {
  check(): boolean {
    return true;
  }

  run(model: Model, real: { node: PeersterNode; store: MemoryStore }): void {
    real.node = newNode(real.store, model.now);
    checkState(model, real);
  }

  toString(): string {
    return 'restart';
  }
}

function newNode(store: MemoryStore, now: number): PeersterNode {
  return new PeersterNode({ now, random: testRandom(90), rsa: nodeRsa, store, target: 0, miningTarget: 0 });
}

const peer = fc.constantFrom(...PEERS);
const commands = [
  fc.tuple(fc.nat(world.length - 1), peer).map(([index, from]) => new Receive(index, from)),
  fc
    .tuple(fc.array(fc.nat(5), { minLength: 3, maxLength: 3 }), peer)
    .map(([nextIds, from]) => new ReceiveStatus(nextIds, from)),
  fc.nat(3_000).map((ms) => new Wait(ms)),
  peer.map((address) => new TogglePeer(address)),
  fc.constant(new Restart()),
];

test('whatever comes in whatever order, a node stores what the rules say and pushes nothing else', () => {
  fc.assert(
    fc.property(fc.commands(commands, { maxCommands: 60 }), (steps) => {
      const store = new MemoryStore();
      fc.modelRun(
        () => ({ model: { stored: new Map(), now: START }, real: { node: newNode(store, START), store } }),
        steps,
      );
    }),
  );
});

test('random datagrams from anybody never throw and never fill more than the caps', () => {
  const node = new PeersterNode({
    now: START,
    random: testRandom(91),
    rsa: nodeRsa,
    target: 0,
    miningTarget: 0,
    limits: { learnedPeers: 8, learnedPerGroup: 2, origins: 2, messagesPerOrigin: 3 },
  });
  const packets = world.map((rumor) => encodePacket({ rumor }));
  const datagram = fc.oneof(
    fc.uint8Array({ maxLength: 80 }),
    fc.constantFrom(...packets),
    fc.tuple(fc.constantFrom(...packets), fc.nat(), fc.integer({ min: 1, max: 255 })).map(([bytes, position, flip]) => {
      const altered = bytes.slice();
      altered[position % altered.length]! ^= flip;
      return altered;
    }),
  );
  let now = START;
  fc.assert(
    fc.property(datagram, fc.nat(50), (bytes, sender) => {
      now += 10;
      for (const effect of node.receive(bytes, `10.0.${sender}.1:1`, now)) {
        if (effect.type === 'send') expect(effect.bytes.length).toBeLessThanOrEqual(60_000);
      }
      expect(node.peers().length).toBeLessThanOrEqual(8);
    }),
  );
});

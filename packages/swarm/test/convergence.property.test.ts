import fc from 'fast-check';
import { expect, test } from 'vitest';
import { memoryPieces, type Swarm } from '../src/index.ts';
import { NOW, post, WORLD } from './author.ts';
import { idOf, newSwarm } from './harness.ts';
import { type Connection, Net } from './net.ts';

const MOST = 24;

/** What the swarms should have: the posts that were published at each, and those that anybody has told them. */
interface Model {
  readonly published: Set<number>;
}
interface Real {
  readonly net: Net;
  now: number;
}

/** What holds after whatever happened: nobody invents, loses or bans. */
function check({ published }: Model, { net }: Real): void {
  for (const [index, engine] of net.engines.entries()) {
    for (const k of engine.have()) {
      expect(published.has(k)).toBe(true);
      expect(engine.piece(k)).toEqual(post(k));
    }
    const stored = net.happened[index]!.flatMap((effect) => (effect.type === 'piece' ? [effect.k] : []));
    expect(new Set(stored).size).toBe(stored.length);
    expect([...stored].sort((left, right) => left - right)).toEqual(engine.have());
    expect(net.happened[index]!.filter(({ type }) => type === 'ban' || type === 'refused')).toEqual([]);
  }
}

type Command = fc.Command<Model, Real>;

/** A command that is always possible; `name` is what a failure shows. */
function command(name: string, act: (model: Model, real: Real) => void): Command {
  return {
    check: () => true,
    run: (model, real) => {
      act(model, real);
      check(model, real);
    },
    toString: () => name,
  };
}

const connectionAt = ({ net }: Real, at: number): Connection | undefined =>
  net.connections[at % Math.max(1, net.connections.length)];

const publish = (at: number, k: number): Command =>
  command(`publish(${at}, ${k})`, (model, { net, now }) => {
    model.published.add(k);
    const engine = at % net.engines.length;
    net.apply(engine, net.engines[engine]!.publish(k, post(k), now));
  });

const connect = (from: number, to: number): Command =>
  command(`connect(${from}, ${to})`, (_, { net, now }) => {
    const count = net.engines.length;
    if (from % count !== to % count) net.connect(from % count, to % count, now);
  });

const cut = (at: number): Command =>
  command(`cut(${at})`, (_, real) => {
    const connection = connectionAt(real, at);
    if (connection !== undefined) real.net.cut(connection, real.now);
  });

const deliver = (at: number, side: 0 | 1, most: number): Command =>
  command(`deliver(${at}, ${side}, ${most})`, (_, real) => {
    const connection = connectionAt(real, at);
    if (connection !== undefined) real.net.deliver(connection, side, most, real.now);
  });

const wait = (ms: number): Command =>
  command(`wait(${ms})`, (_, real) => {
    real.now += ms;
    for (const [index, engine] of real.net.engines.entries()) real.net.apply(index, engine.tick(real.now));
  });

const side = fc.constantFrom<0 | 1>(0, 1);
const commands = fc.commands(
  [
    fc.tuple(fc.nat(3), fc.nat(MOST - 1)).map((args) => publish(...args)),
    fc.tuple(fc.nat(3), fc.nat(3)).map((args) => connect(...args)),
    fc.nat(10).map(cut),
    fc.tuple(fc.nat(10), side, fc.integer({ min: 1, max: 400 })).map((args) => deliver(...args)),
    fc.tuple(fc.nat(10), side).map((args) => deliver(...args, 100_000)),
    fc.constantFrom(1, 1_000, 20_000, 31_000).map(wait),
  ],
  { maxCommands: 60 },
);

function engines(count: number): Net {
  const net = new Net();
  for (let index = 0; index < count; index += 1) net.add(newSwarm({ ...WORLD, peerId: idOf(index + 1) }));
  return net;
}

test('whatever is published where, and whatever is cut: connected swarms come to have the same pieces', () => {
  fc.assert(
    fc.property(commands, fc.integer({ min: 2, max: 4 }), (list, count) => {
      const model: Model = { published: new Set() };
      const real: Real = { net: engines(count), now: NOW };
      fc.modelRun(() => ({ model, real }), list);

      const { net } = real;
      for (const connection of net.connections) net.cut(connection, real.now);
      for (let index = 1; index < count; index += 1) net.connect(index - 1, index, real.now);
      net.pass(real.now, real.now + 60_000);
      const all = [...model.published].sort((left, right) => left - right);
      for (const engine of net.engines) expect(engine.have()).toEqual(all);
      check(model, real);
    }),
  );
});

test('two swarms with any pieces have all of them after one exchange', () => {
  const numbers = fc.uniqueArray(fc.nat(MOST - 1));
  fc.assert(
    fc.property(numbers, numbers, (ofA, ofB) => {
      const net = new Net();
      const withPieces = (pieces: readonly number[], id: number): Swarm =>
        newSwarm({ ...WORLD, peerId: idOf(id), pieces: memoryPieces(pieces.map((k) => [k, post(k)])) });
      const a = net.add(withPieces(ofA, 1));
      const b = net.add(withPieces(ofB, 2));
      net.connect(a, b, NOW);
      net.settle(NOW);
      const all = [...new Set([...ofA, ...ofB])].sort((left, right) => left - right);
      for (const engine of net.engines) expect(engine.have()).toEqual(all);
      // A request for each piece that was missing, and no more.
      expect(net.happened[a]!.filter(({ type }) => type === 'piece')).toHaveLength(all.length - ofA.length);
    }),
  );
});

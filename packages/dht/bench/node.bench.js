// @ts-check
/**
 * A node that answers, and searches in a network of a hundred nodes, all in one process without sockets.
 * Lines: name, operations a second. Beside them stand the figures of others on a machine like the one of the notes: KRPC with both
 * ends on one core 43 k queries a second (k-rpc-socket), `bittorrent-dht` 1,350 lookups and 253 puts at 100 nodes.
 */
import { createNobleBackend, directoryOf } from '@rookery/keys';
import { bencodeDict, encodeKrpc, encodeUtf8 } from '@rookery/wire';
import { createDhtValue, DhtNode } from '../dist/index.js';

const ROUNDS = 5;
const ROUND_MS = 400;
const NODES = 100;
const TIP = 100;
const START = 1_795_243_066_000;

const backend = createNobleBackend();
const secret = new Uint8Array(32).fill(7);
const users = directoryOf([{ name: 'alice', keys: [{ height: 1, publicKey: backend.derivePublicKey(secret, true) }] }]);

let seed = 1;
/** @param {number} length */
function random(length) {
  return Uint8Array.from({ length }, () => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return seed >>> 16;
  });
}

let now = START;
const nodes = Array.from({ length: NODES }, (_, index) => {
  const address = { ip: '127.0.0.1', port: 1000 + index };
  return new DhtNode({
    address,
    users,
    tip: TIP,
    random,
    backend,
    limits: { floodPackets: Number.MAX_SAFE_INTEGER, searchesPerSecond: 0 },
  });
});

let delivered = 0;
/**
 * Carries packets until nobody sends any more; returns the other effects.
 * @param {number} from
 * @param {readonly import('@rookery/dht').DhtEffect[]} effects
 */
function carry(from, effects) {
  const queue = effects.map((effect) => ({ from, effect }));
  /** @type {import('@rookery/dht').DhtEffect[]} */
  const told = [];
  for (let at = 0; at < queue.length; at += 1) {
    const { from: sender, effect } = /** @type {typeof queue[number]} */ (queue[at]);
    if (effect.type !== 'send') {
      told.push(effect);
      continue;
    }
    delivered += 1;
    const to = effect.to.port - 1000;
    const source = { ip: '127.0.0.1', port: 1000 + sender };
    for (const next of nodes[to]?.receive(effect.bytes, source, now) ?? []) queue.push({ from: to, effect: next });
  }
  return told;
}

/** @param {number} index */
function nodeAt(index) {
  return /** @type {DhtNode} */ (nodes[index]);
}

for (let index = 1; index < NODES; index += 1) {
  carry(index, nodeAt(index).addContact({ ip: '127.0.0.1', port: 1000 }, now));
}
for (let second = 0; second < 120; second += 1) {
  now += 1000;
  for (let index = 0; index < NODES; index += 1) carry(index, nodeAt(index).tick(now));
}

const RESOURCES = 50;
let seq = 0;
/** @param {number} index */
function makeValue(index) {
  const fields = {
    n: 'alice',
    r: `custom${index}`,
    t: /** @type {const} */ ('s'),
    v: 'x',
    height: 99,
    time: START / 1000,
    seq,
  };
  return createDhtValue(fields, 'alice', secret, { backend });
}
const prepared = Array.from({ length: 4000 }, (_, index) => {
  if (index % RESOURCES === 0) seq += 1;
  return makeValue(index % RESOURCES);
});
for (const [index, entry] of prepared.slice(0, RESOURCES).entries())
  carry(index, nodeAt(index).put(entry, now).effects);

const asker = { ip: '127.0.0.1', port: 1001 };
const id = nodeAt(1).id;
/** @param {string} query @param {Parameters<typeof bencodeDict>[0]} args */
function packet(query, args) {
  const transaction = new Uint8Array(2);
  return encodeKrpc({ kind: 'query', transaction, query, body: bencodeDict({ id, ...args }) });
}
const packets = {
  ping: packet('ping', {}),
  findNode: packet('findNode', { target: random(20) }),
  getData: packet('getData', { target: { n: 'alice', r: 'custom1', t: 's' } }),
};

let turn = 0;
let putTurn = RESOURCES;
/** @param {Uint8Array} bytes */
function answer(bytes) {
  for (let count = 0; count < 200; count += 1) nodeAt(turn++ % NODES).receive(bytes, asker, now);
  return 200;
}

const subjects = [
  { name: 'ping answered', run: () => answer(packets.ping) },
  { name: 'findNode answered', run: () => answer(packets.findNode) },
  { name: 'getData answered', run: () => answer(packets.getData) },
  {
    name: `search for nodes, ${NODES} nodes in this process`,
    run: () => {
      const index = turn++ % NODES;
      carry(index, nodeAt(index).get(encodeUtf8('alice'), `none${turn}`, 's', now).effects);
      return 1;
    },
  },
  {
    name: `search for a value, ${NODES} nodes`,
    run: () => {
      const index = turn++ % NODES;
      const told = carry(index, nodeAt(index).get(encodeUtf8('alice'), `custom${turn % RESOURCES}`, 's', now).effects);
      if (!told.some((effect) => effect.type === 'done' && effect.found)) throw new Error('the value is there');
      return 1;
    },
  },
  {
    name: `put of a value, ${NODES} nodes`,
    run: () => {
      const entry = prepared[putTurn++];
      if (entry === undefined) throw new Error('not enough was prepared');
      carry(putTurn % NODES, nodeAt(putTurn % NODES).put(entry, now).effects);
      return 1;
    },
  },
];

/** @type {Map<string, number[]>} */
const rates = new Map(subjects.map(({ name }) => [name, []]));
for (let round = 0; round < ROUNDS; round += 1) {
  for (const { name, run } of subjects) {
    const started = performance.now();
    let done = 0;
    do done += run();
    while (performance.now() - started < ROUND_MS);
    rates.get(name)?.push((1000 * done) / (performance.now() - started));
  }
}

for (const { name } of subjects) {
  const rate = rates.get(name)?.sort((left, right) => left - right)[ROUNDS >> 1] ?? 0;
  console.log(`${name}  ${rate.toFixed(0)} ops/s`);
}

delivered = 0;
const searches = 200;
for (let count = 0; count < searches; count += 1) {
  carry(count % NODES, nodeAt(count % NODES).get(encodeUtf8('alice'), `nothing${count}`, 's', now).effects);
}
console.log(`datagrams of a search, both ways  ${(delivered / searches).toFixed(1)}`);

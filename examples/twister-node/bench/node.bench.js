/**
 * What one node does in a second, over real sockets and with a disk behind it: `node examples/twister-node/bench/node.bench.js`.
 * Everything runs on the dev network in temporary directories. The figures say nothing about a machine that does other things as well.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BlockMiner, Chain, ChainPeers, RegistrationMiner, registrationTransaction } from '@rookery/chain';
import { loadBackend, nodePowHash } from '../dist/backend.js';
import { Actor } from '../dist/stage/actor.js';
import { nodeRole } from '../dist/stage/node-role.js';

const CALLS = 3000;
const PARALLEL = 8;
const BLOCKS = 3000;
const START_MS = Date.now() - BLOCKS * 2000;
const USERS = 24;
const POSTS_EACH = 20;

const folder = mkdtempSync(join(tmpdir(), 'rookery-bench-'));
const nodes = [];
process.on('exit', () => {
  for (const node of nodes) node.killNow();
  rmSync(folder, { recursive: true, force: true });
});

function create(name) {
  const node = new Actor(name, nodeRole(join(folder, name), 'dev', '127.0.0.1'));
  nodes.push(node);
  return node;
}

/** Runs something for each number below `count`, some at a time; gives how many a second. */
async function rate(count, act, parallel = PARALLEL) {
  const started = performance.now();
  let next = 0;
  const one = async () => {
    while (next < count) {
      next += 1;
      await act(next - 1);
    }
  };
  await Promise.all(Array.from({ length: parallel }, one));
  return (count * 1000) / (performance.now() - started);
}

/** A peer with a chain of so many blocks, each of which registers a name. */
async function serveBlocks(count) {
  const chain = new Chain({ network: 'dev', powHash: nodePowHash });
  const backend = await loadBackend();
  for (let height = 1; height <= count; height += 1) {
    const secret = new Uint8Array(32).fill(1);
    new DataView(secret.buffer).setUint32(28, height);
    const publicKey = backend.derivePublicKey(secret, true);
    const registration = new RegistrationMiner(registrationTransaction({ name: `n${height}`, publicKey }), 'dev');
    chain.addTransaction(registration.step(1000).found, Date.now(), { local: true });
    const now = START_MS + height * 1000;
    const block = new BlockMiner(chain.blockTemplate({ now, message: 'a bench' }), { powHash: nodePowHash });
    chain.addBlock(block.step(1000).found, Date.now());
  }
  const peers = new ChainPeers({ chain, random: (length) => new Uint8Array(randomBytes(length)) });
  const server = createServer((socket) => {
    const name = `${socket.remoteAddress}:${socket.remotePort}`;
    const apply = (effects) => {
      for (const effect of effects) if (effect.type === 'send') socket.write(effect.bytes);
    };
    apply(peers.connect(name, { outgoing: false, address: name }, Date.now()));
    socket.on('data', (bytes) => apply(peers.receive(name, new Uint8Array(bytes), Date.now())));
    socket.on('error', () => socket.destroy());
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

async function until(ask) {
  while (!(await ask())) await new Promise((resolve) => setTimeout(resolve, 5));
}

function report(name, perSecond) {
  console.log(`${name.padEnd(52)} ${Math.round(perSecond).toLocaleString('en').padStart(10)} /s`);
}

const names = Array.from({ length: USERS }, (_, index) => `user${index}`);
const source = create('source');
await source.start('--mine');
report('RPC calls (getinfo)', await rate(CALLS, () => source.call('getinfo')));

for (const name of names) await source.call('createwalletuser', name);
report('registrations', await rate(USERS, (index) => source.call('sendnewusertransaction', names[index])));
await until(async () => (await source.call('listusernamespartial', '', 100)).length === USERS);
report(
  'posts written, each on disk before its answer',
  await rate(USERS * POSTS_EACH, (index) =>
    source.call('newpostmsg', names[index % USERS], Math.floor(index / USERS), `post ${index}`),
  ),
);

const miner = await serveBlocks(BLOCKS);
const fresh = create('fresh');
await fresh.start();
let started = performance.now();
await fresh.call('addnode', `127.0.0.1:${miner.address().port}`, 'onetry');
await until(async () => (await fresh.call('getblockcount')) === BLOCKS);
report(`blocks connected from a peer (${BLOCKS})`, (BLOCKS * 1000) / (performance.now() - started));
miner.close();

await source.call('setgenerate', false);
const height = await source.call('getblockcount');
const [peer, dht] = source.contacts;
const sink = create('sink');
await sink.start('--connect', peer, '--dht-node', dht);
await until(async () => (await sink.call('getblockcount')) === height);
started = performance.now();
await sink.call('follow', 'reader', names);
await until(async () => {
  const counts = Object.values(await sink.call('getnumpieces', 'reader'));
  return counts.length === USERS && counts.every((count) => count === POSTS_EACH);
});
report(`posts accepted from a peer (${USERS} swarms)`, (USERS * POSTS_EACH * 1000) / (performance.now() - started));
await Promise.all(nodes.map((node) => node.stop()));

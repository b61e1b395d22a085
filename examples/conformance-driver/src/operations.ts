import { chainEngine } from './engines/chain.ts';
import { dhtEngine } from './engines/dht.ts';
import { peersterEngine } from './engines/peerster.ts';
import { swarmEngine } from './engines/swarm.ts';
import type { Engines, Operations } from './operation.ts';
import { bencodeOperations } from './ops/bencode.ts';
import { chainOperations } from './ops/chain.ts';
import { dhtOperations } from './ops/dht.ts';
import { eciesOperations } from './ops/ecies.ts';
import { keysOperations } from './ops/keys.ts';
import { krpcOperations } from './ops/krpc.ts';
import { payloadOperations } from './ops/payloads.ts';
import { peerWireOperations } from './ops/peer-wire.ts';
import { peersterOperations } from './ops/peerster.ts';
import { postsOperations } from './ops/posts.ts';
import { swarmOperations } from './ops/swarm.ts';
import { wireOperations } from './ops/wire.ts';

/** Every one-shot operation that this driver answers. */
export const operations: Operations = {
  ...bencodeOperations,
  ...wireOperations,
  ...payloadOperations,
  ...krpcOperations,
  ...peerWireOperations,
  ...keysOperations,
  ...eciesOperations,
  ...postsOperations,
  ...chainOperations,
  ...dhtOperations,
  ...swarmOperations,
  ...peersterOperations,
};

/** Every engine that this driver opens. */
export const engines: Engines = { chain: chainEngine, dht: dhtEngine, peerster: peersterEngine, swarm: swarmEngine };

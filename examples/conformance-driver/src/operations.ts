import type { Engines, Operations } from './operation.ts';
import { bencodeOperations } from './ops/bencode.ts';
import { chainOperations } from './ops/chain.ts';
import { krpcOperations } from './ops/krpc.ts';
import { payloadOperations } from './ops/payloads.ts';
import { peerWireOperations } from './ops/peer-wire.ts';
import { wireOperations } from './ops/wire.ts';

/** Every one-shot operation that this driver answers. */
export const operations: Operations = {
  ...bencodeOperations,
  ...wireOperations,
  ...payloadOperations,
  ...krpcOperations,
  ...peerWireOperations,
  ...chainOperations,
};

/** Every engine that this driver opens. */
export const engines: Engines = {};

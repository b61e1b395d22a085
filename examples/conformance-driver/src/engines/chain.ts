import { Chain, type ChainEffect, ENGINE_LIMITS, type EngineLimits } from '@rookery/chain';
import { encodeHeader, encodeTransaction } from '@rookery/wire';
import {
  asInteger,
  BadRequest,
  bytes,
  type Input,
  network,
  optionalBoolean,
  optionalInteger,
  optionalObject,
  showBytes,
  text,
} from '../input.ts';
import type { EngineFactory } from '../operation.ts';

/** Reads limits by their names in the package's table; names of other tables mean nothing here. */
function limitsOf(config: Input): Partial<EngineLimits> {
  const given = optionalObject(config, 'limits') ?? {};
  const known = Object.entries(given).filter(([name]) => Object.hasOwn(ENGINE_LIMITS, name));
  return Object.fromEntries(known.map(([name, value]) => [name, asInteger(value, `limits.${name}`)]));
}

/** The effects that the protocol knows, in its own form. */
function showEffect(effect: ChainEffect): object {
  switch (effect.type) {
    case 'orphan':
      return { type: 'orphan', id: showBytes(effect.id), missing: showBytes(effect.missing) };
    case 'rejected': {
      const { code, id, penalty } = effect;
      return { type: 'rejected', id: id === null ? null : showBytes(id), code, penalty };
    }
    case 'pooled':
      return { type: 'pooled', id: showBytes(effect.id) };
    default:
      return { type: effect.type, id: showBytes(effect.id), height: effect.height };
  }
}

function showUser(chain: Chain, input: Input, now: number): object {
  const name = text(input, 'name');
  const synced = chain.isSynced(now);
  const user = chain.user(name, optionalInteger(input, 'maxHeight'));
  if (user === undefined) return { type: 'unknown', name, synced };
  const { first, registeredAt } = user;
  const history = user.history.map(({ height, publicKey }) => ({ height, publicKey: showBytes(publicKey) }));
  return { type: 'user', name, publicKey: showBytes(user.publicKey), registeredAt, first, history, synced };
}

function showProof(chain: Chain, input: Input): object {
  const name = text(input, 'name');
  const proof = chain.proof(name);
  if (proof === undefined) return { type: 'unknown', name };
  return {
    type: 'proof',
    header: showBytes(encodeHeader(proof.header)),
    tx: showBytes(encodeTransaction(proof.transaction)),
    branch: proof.branch.map(showBytes),
    index: proof.index,
  };
}

function step(chain: Chain, now: number, input: Input): readonly object[] {
  switch (input.type) {
    case 'block':
      return chain.addBlock(bytes(input, 'bytes'), now).map(showEffect);
    case 'tx':
      return chain.addTransaction(bytes(input, 'bytes'), now).map(showEffect);
    case 'user':
      return [showUser(chain, input, now)];
    case 'tip':
      return [{ type: 'tip', id: showBytes(chain.tip.id), height: chain.tip.height }];
    case 'locator':
      return [{ type: 'locator', hashes: chain.locator().map(showBytes) }];
    case 'pool':
      return [{ type: 'pool', ids: chain.pool().map(showBytes) }];
    case 'proof':
      return [showProof(chain, input)];
    default:
      throw new BadRequest('unknown step');
  }
}

/** The block tree, user index and pool of a chain; it never asks for a tick. */
export const chainEngine: EngineFactory = (config, { backend }) => {
  const checkpoints = optionalBoolean(config, 'checkpoints');
  const chain = new Chain({ network: network(config), checkpoints, backend, limits: limitsOf(config) });
  return { step: (now, input) => ({ effects: step(chain, now, input), next: null }) };
};

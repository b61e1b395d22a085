import { sha256 } from '@noble/hashes/sha2.js';
import type { UserDirectory } from '@rookery/keys';
import { memoryPieces, SWARM_LIMITS, Swarm, type SwarmBounds, type SwarmEffect } from '@rookery/swarm';
import * as read from '../input.ts';
import type { EngineFactory } from '../operation.ts';

const PEER_ID = '2d5457313030302d726f6f6b6572792d6b697430';
/** What deployed nodes offer: the engine has no node of the DHT, but says that it had one at the usual port. */
const DHT_PORT = 29_333;
const SEED_BYTES = 32;
const ADDRESS = /^(\d{1,3}(?:\.\d{1,3}){3}):(\d{1,5})$/;

/** The swarm of one user as an engine of the conformance protocol. Posts from the future are taken: `now` may count from anywhere. */
export const swarmEngine: EngineFactory = (config, { backend }) => {
  let tip = read.integer(config, 'tip');
  let users = read.users(config, tip);
  // Entries above the tip come into being as it rises, so the engine asks whatever directory there is.
  const directory: UserDirectory = {
    keyAt: (name, height) => users.keyAt(name, height),
    registeredAt: (name) => users.registeredAt(name),
    firstRegisteredAt: (name) => users.firstRegisteredAt(name),
  };
  const have = read.optionalList(config, 'have') ?? [];
  const swarm = new Swarm({
    user: read.text(config, 'user'),
    peerId: read.optionalBytes(config, 'peerId') ?? read.asBytes(PEER_ID, 'peerId'),
    users: directory,
    tip,
    random: seededRandom(read.optionalBytes(config, 'random') ?? new Uint8Array(SEED_BYTES)),
    backend,
    pieces: memoryPieces(
      have.map((entry) => {
        const piece = read.asObject(entry, 'have');
        return [read.integer(piece, 'k'), read.bytes(piece, 'bytes')] as const;
      }),
    ),
    limits: readLimits(config),
    profile: read.profile(config),
    checkTime: false,
    dhtPort: DHT_PORT,
  });

  const act = (now: number, input: read.Input): readonly SwarmEffect[] => {
    const type = read.text(input, 'type');
    switch (type) {
      case 'connect': {
        const peer = read.text(input, 'peer');
        const outgoing = read.boolean(input, 'outgoing');
        const [, ip, port] = ADDRESS.exec(peer) ?? [];
        return swarm.connect(
          peer,
          { outgoing, ip, port: outgoing && port !== undefined ? Number(port) : undefined },
          now,
        );
      }
      case 'bytes':
        return swarm.receive(read.text(input, 'peer'), read.bytes(input, 'bytes'), now);
      case 'disconnect':
        return swarm.disconnect(read.text(input, 'peer'), now);
      case 'post':
        return swarm.publish(read.integer(input, 'k'), read.bytes(input, 'bytes'), now);
      case 'tip':
        tip = read.integer(input, 'height');
        users = read.users(config, tip);
        return swarm.setTip(tip, now);
      case 'tick':
        return swarm.tick(now);
      default:
        throw new read.BadRequest(`no step is called ${type.slice(0, 100)}`);
    }
  };

  return {
    step: (now, input) => ({ effects: act(now, input).flatMap(showEffect), next: swarm.nextDeadline() ?? null }),
  };
};

/** Random bytes that follow from the seed alone: SHA-256 of the seed, then of what it gave, and so on. */
function seededRandom(seed: Uint8Array): (length: number) => Uint8Array {
  let last = seed;
  return (length) => {
    last = sha256(last);
    return last.slice(0, length);
  };
}

function readLimits(config: read.Input): Partial<SwarmBounds> {
  const limits = read.optionalObject(config, 'limits') ?? {};
  for (const name of Object.keys(limits)) {
    if (!Object.hasOwn(SWARM_LIMITS, name)) throw new read.BadRequest(`no limit is called ${name.slice(0, 100)}`);
  }
  return Object.fromEntries(Object.keys(limits).map((name) => [name, read.integer(limits, name)]));
}

/** The effects that the protocol knows; the others are for applications. */
function showEffect(effect: SwarmEffect): object[] {
  switch (effect.type) {
    case 'send':
      return [{ type: 'send', peer: effect.peer, bytes: read.showBytes(effect.bytes) }];
    case 'piece':
      return [{ type: 'piece', k: effect.k, bytes: read.showBytes(effect.bytes) }];
    case 'equivocation':
      return [
        { type: 'equivocation', k: effect.k, bytes: read.showBytes(effect.bytes), other: read.showBytes(effect.other) },
      ];
    case 'ban':
    case 'close':
      return [{ type: effect.type, peer: effect.peer, code: effect.code }];
    default:
      return [];
  }
}

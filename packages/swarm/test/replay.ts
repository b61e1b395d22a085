import { hexToBytes } from '@noble/hashes/utils.js';
import { decodePeerHandshake, decodePeerMessages, type PeerMessage } from '@rookery/wire';
import type { Swarm, SwarmEffect } from '../src/index.ts';
import { HANDSHAKE_BYTES } from './harness.ts';

/** One captured message: seconds, direction, the whole frame or handshake. */
export interface Recorded {
  readonly t: number;
  readonly dir?: string;
  readonly msg?: string;
  readonly hex?: string;
}

/** What one side of a connection said: the messages, without handshake, and the two fields that everybody says differently. */
export interface Said {
  readonly handshake:
    | { readonly infoHash: Uint8Array; readonly peerId: Uint8Array; readonly reserved: Uint8Array }
    | undefined;
  readonly messages: readonly PeerMessage[];
}

export function said(log: readonly Recorded[], dir: string): Said {
  const own = log.filter((message) => message.dir === dir && message.hex !== undefined);
  const handshake = own.find(({ msg }) => msg === 'handshake');
  return {
    handshake: handshake && decodePeerHandshake(hexToBytes(handshake.hex!)),
    messages: own
      .filter(({ msg }) => msg !== 'handshake')
      .flatMap(({ hex = '' }) => decodePeerMessages(hexToBytes(hex)).value),
  };
}

export function saidBy(effects: readonly SwarmEffect[], peer: string): Said {
  const bytes = effects.flatMap((effect) => (effect.type === 'send' && effect.peer === peer ? [effect.bytes] : []));
  const handshake = bytes.find(({ length }, index) => index === 0 && length === HANDSHAKE_BYTES);
  const rest = handshake === undefined ? bytes : bytes.slice(1);
  return {
    handshake: handshake && decodePeerHandshake(handshake),
    messages: rest.flatMap((frame) => decodePeerMessages(frame).value),
  };
}

/**
 * Plays the messages of one direction of a captured connection against an engine, each at its time, with ticks between as the engine wants them.
 * `before` is called before each message of either direction and may act on the engine as well.
 */
export function replay(
  swarm: Swarm,
  log: readonly Recorded[],
  options: {
    readonly peer: string;
    readonly from: string;
    readonly startMs: number;
    readonly before?: (message: Recorded, now: number) => readonly SwarmEffect[];
  },
): SwarmEffect[] {
  const effects: SwarmEffect[] = [];
  const { peer, from, startMs } = options;
  const first = log[0]?.t ?? 0;
  let now = startMs;
  for (const message of log) {
    const at = startMs + Math.round(1000 * (message.t - first));
    for (let due = swarm.nextDeadline(); due !== undefined && due <= at; due = swarm.nextDeadline()) {
      now = Math.max(now, due);
      effects.push(...swarm.tick(now));
    }
    now = Math.max(now, at);
    effects.push(...(options.before?.(message, now) ?? []));
    if (message.dir === from && message.hex !== undefined) {
      effects.push(...swarm.receive(peer, hexToBytes(message.hex), now));
    }
  }
  return effects;
}

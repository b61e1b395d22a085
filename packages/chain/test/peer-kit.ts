import { bytesToHex } from '@noble/hashes/utils.js';
import {
  decodeMessage,
  encodeMessage,
  encodeVersion,
  type Message,
  type Network,
  sha256d,
  type Version,
} from '@rookery/wire';
import { type Chain, ChainPeers, type ChainPeersOptions, type PeerEffect } from '../src/index.ts';

/** Random bytes that are always the same. */
function seeded(seed: number): (length: number) => Uint8Array {
  let count = 0;
  return (length) => {
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length; at += 32) {
      count += 1;
      bytes.set(
        sha256d(Uint8Array.from([seed & 255, seed >>> 8, count & 255, count >>> 8])).subarray(0, length - at),
        at,
      );
    }
    return bytes;
  };
}

const NOWHERE = { services: 1n, ip: new Uint8Array(16), port: 0 };

/** The payload of a plain `version`. */
export function versionOf(fields: Partial<Version> = {}): Uint8Array {
  return encodeVersion({
    version: 70003,
    services: 1n,
    time: 1_795_241_101n,
    addrYou: NOWHERE,
    addrMe: NOWHERE,
    nonce: Uint8Array.from([9, 9, 9, 9, 9, 9, 9, 9]),
    subver: new Uint8Array(0),
    startHeight: 0,
    relay: true,
    ...fields,
  });
}

/** The messages that effects send to a peer, in order. */
export function sentTo(peer: string, effects: readonly PeerEffect[], network: Network): Message[] {
  return effects
    .filter((effect) => effect.type === 'send' && effect.peer === peer)
    .map((effect) => decodeMessage((effect as { bytes: Uint8Array }).bytes, network).value);
}

/** Messages as text that a failing test can show. */
export function shown(messages: readonly Message[]): string[] {
  return messages.map(({ command, payload }) => `${command} ${bytesToHex(payload)}`);
}

/** A node whose peers a test plays. */
export class Bench {
  readonly chain: Chain;
  readonly peers: ChainPeers;
  readonly network: Network;
  now: number;
  /** Effects other than sends, of all calls. */
  readonly told: PeerEffect[] = [];

  constructor(chain: Chain, now: number, options: Partial<ChainPeersOptions> = {}) {
    this.chain = chain;
    this.network = chain.network;
    this.now = now;
    this.peers = new ChainPeers({ chain, random: seeded(1), ...options });
  }

  /** Runs a call and gives what it sends to a peer. */
  run(peer: string, call: (peers: ChainPeers, now: number) => readonly PeerEffect[]): Message[] {
    const effects = call(this.peers, this.now);
    this.told.push(...effects.filter(({ type }) => type !== 'send'));
    return sentTo(peer, effects, this.network);
  }

  connect(peer: string, outgoing = false, address = peer): Message[] {
    return this.run(peer, (peers, now) => peers.connect(peer, { outgoing, address }, now));
  }

  receive(peer: string, bytes: Uint8Array): Message[] {
    return this.run(peer, (peers, now) => peers.receive(peer, bytes, now));
  }

  say(peer: string, command: string, payload: Uint8Array = new Uint8Array(0)): Message[] {
    return this.receive(peer, encodeMessage(this.network, command, payload));
  }

  /** Connects a peer and lets it greet. */
  welcome(peer: string, fields: Partial<Version> = {}): Message[] {
    this.connect(peer);
    return this.say(peer, 'version', versionOf(fields));
  }

  /** Lets time pass, with every tick that is due, and gives what is sent to a peer meanwhile. */
  passTo(peer: string, until: number): Message[] {
    const messages: Message[] = [];
    for (;;) {
      const next = this.peers.nextDeadline();
      if (next === undefined || next > until) break;
      this.now = Math.max(this.now, next);
      messages.push(...this.run(peer, (peers, now) => peers.tick(now)));
    }
    this.now = Math.max(this.now, until);
    return messages;
  }
}

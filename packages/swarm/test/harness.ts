import { hexToBytes } from '@noble/hashes/utils.js';
import { createNobleBackend, directoryOf, type Registration, type UserDirectory } from '@rookery/keys';
import { decodePeerMessages, encodePeerHandshake, encodePeerMessage, type PeerMessage } from '@rookery/wire';
import { infoHashOf, Swarm, type SwarmEffect, type SwarmOptions } from '../src/index.ts';
import { readCaptured } from './captured.ts';

export const backend = createNobleBackend();
export const HANDSHAKE_BYTES = 68;
export const RESERVED = hexToBytes('0000000000100015');

interface KeysFile {
  readonly users: Record<string, { readonly registrations: readonly { height: number; pubKey: string }[] }>;
}
interface NewUsersFile {
  readonly users: readonly { readonly name: string; readonly privHex: string; readonly pubHex: string }[];
}

/** Height at which the users of the second set of captures were registered. */
const NEW_USERS_HEIGHT = 39;

/** Registrations of all captured users, by name. */
export function capturedRegistrations(): Map<string, Registration[]> {
  const all = new Map<string, Registration[]>();
  for (const [name, { registrations }] of Object.entries(readCaptured<KeysFile>('keys.json').users)) {
    const keys = registrations.map(({ height, pubKey }) => ({ height, publicKey: hexToBytes(pubKey) }));
    all.set(name, keys);
  }
  for (const { name, pubHex } of readCaptured<NewUsersFile>('new-users.json').users) {
    all.set(name, [{ height: NEW_USERS_HEIGHT, publicKey: hexToBytes(pubHex) }]);
  }
  return all;
}

/** The captured users as of a tip. */
export function capturedUsers(tip: number): UserDirectory {
  return directoryOf(
    [...capturedRegistrations()].map(([name, keys]) => ({ name, keys })),
    tip,
  );
}

export function idOf(number: number): Uint8Array {
  const id = new Uint8Array(20).fill(0x2d);
  id[18] = number >> 8;
  id[19] = number;
  return id;
}

/** A swarm with the usual options; random bytes count up. */
export function newSwarm(options: Partial<SwarmOptions> & Pick<SwarmOptions, 'user' | 'users' | 'tip'>): Swarm {
  let drawn = 0;
  return new Swarm({
    peerId: idOf(1),
    random: (length) => Uint8Array.from({ length }, () => (drawn = (drawn * 37 + 11) & 0xff)),
    backend,
    dhtPort: 29_433,
    port: 29_433,
    clientName: 'rookery',
    ...options,
  });
}

/** The handshake of a peer of this user's swarm. */
export function handshakeOf(user: string, peerId: Uint8Array = idOf(2), reserved: Uint8Array = RESERVED): Uint8Array {
  return encodePeerHandshake({ infoHash: infoHashOf(user), peerId, reserved });
}

export function join(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

export function frames(...messages: readonly PeerMessage[]): Uint8Array {
  return join(...messages.map(encodePeerMessage));
}

/** All that was sent to a peer, as one stream. */
export function sentTo(effects: readonly SwarmEffect[], peer: string): Uint8Array {
  return join(...effects.flatMap((effect) => (effect.type === 'send' && effect.peer === peer ? [effect.bytes] : [])));
}

/** The messages that were sent to a peer; a handshake among them is left out. */
export function messagesTo(effects: readonly SwarmEffect[], peer: string): PeerMessage[] {
  return effects.flatMap((effect) =>
    effect.type === 'send' && effect.peer === peer && effect.bytes.length !== HANDSHAKE_BYTES
      ? decodePeerMessages(effect.bytes).value
      : [],
  );
}

/** Effects without what is sent. */
export function others(effects: readonly SwarmEffect[]): SwarmEffect[] {
  return effects.filter(({ type }) => type !== 'send');
}

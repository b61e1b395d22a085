import { bytesToHex } from '@noble/hashes/utils.js';
import { checkPost, type PostContext } from '@rookery/posts';
import { decodePeerHandshake, decodePeerMessages, dhtTarget, encodeUtf8, type Post, WireError } from '@rookery/wire';
import { bytesAt, type Json, numberAt, objectsIn, textAt } from '../capture.ts';
import { showText } from '../chain.ts';
import type { Area, Finding } from '../finding.ts';
import { note, type ShownPost, type World } from '../world.ts';

/** Bytes of the handshake in front of a captured stream. */
const HANDSHAKE_BYTES = 68;

/** Judges every post that was captured, and what daemons said of those that they were offered. */
export function checkPosts(world: World): void {
  for (const file of world.capture.values()) {
    for (const post of objectsIn(file.posts)) judgeCaptured(world, post);
    for (const offered of objectsIn(file.cases)) judgeOffered(world, offered, file);
  }
}

/** Judges every piece that went through a captured connection between daemons. */
export function checkPieces(world: World): void {
  const owners = new Map([...world.chain.histories.keys()].map((name) => [swarmOf(name), name]));
  for (const file of world.capture.values()) {
    for (const connection of objectsIn(file.connections)) {
      const streams = connection.rawStreams;
      if (typeof streams !== 'object' || streams === null || connection.gap === true) continue;
      for (const direction of ['c2s', 's2c']) {
        const stream = bytesAt(streams as Json, direction);
        if (stream && stream.length >= HANDSHAKE_BYTES) judgeStream(world, stream, owners);
      }
    }
  }
}

function swarmOf(name: string): string {
  return bytesToHex(dhtTarget(encodeUtf8(name), 'tracker', 'm'));
}

function judgeStream(world: World, stream: Uint8Array, owners: ReadonlyMap<string, string>): void {
  const user = ownerOfStream(stream, owners);
  if (user === undefined) return;
  for (const message of decodePeerMessages(stream.subarray(HANDSHAKE_BYTES)).value) {
    if (message.name !== 'piece') continue;
    judgePiece(world, 'pieces in swarms', { user, k: message.piece }, message.data, 'accepted');
  }
}

/** A stream that does not begin with this protocol's handshake is another program's, or encrypted. */
function ownerOfStream(stream: Uint8Array, owners: ReadonlyMap<string, string>): string | undefined {
  try {
    return owners.get(bytesToHex(decodePeerHandshake(stream.subarray(0, HANDSHAKE_BYTES)).infoHash));
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}

function judgeCaptured(world: World, captured: Json): void {
  const user = textAt(captured, 'user');
  const k = numberAt(captured, 'k');
  const raw = bytesAt(captured, 'raw');
  if (user === undefined || k === undefined || raw === undefined) return;
  const shown = judgePiece(world, 'posts', { user, k }, raw, captured.valid === false ? 'refused' : 'accepted');
  if (shown) world.posts.push(shown);
}

function judgeOffered(world: World, offered: Json, file: Json): void {
  const sent = bytesAt(offered, 'sent');
  const requested = Array.isArray(offered.requested) ? offered.requested[0] : undefined;
  if (sent && typeof requested === 'string') {
    const k = Number.parseInt(requested.slice(0, 8), 16);
    const user = ownerOf(offered, world);
    if (user === undefined) return;
    const expected = numberAt(offered, 'lasthave') === k ? 'accepted' : 'refused';
    judgePiece(
      world,
      'posts offered',
      { user, k, name: textAt(offered, 'name'), tip: numberAt(file, 'tip') },
      sent,
      expected,
    );
    return;
  }
  const user = textAt(offered, 'username');
  const k = numberAt(offered, 'k');
  const raw = bytesAt(offered, 'raw');
  if (user === undefined || k === undefined || raw === undefined || typeof offered.accepted !== 'boolean') return;
  const expected = offered.accepted ? 'accepted' : 'refused';
  judgePiece(
    world,
    'posts offered',
    { user, k, name: textAt(offered, 'name'), tip: numberAt(file, 'bestHeight') },
    raw,
    expected,
  );
}

/** The user whose swarm a scripted connection joined, read from its handshake. */
function ownerOf(offered: Json, world: World): string | undefined {
  for (const entry of objectsIn(offered.log)) {
    const hex = textAt(entry, 'hex') ?? '';
    if (textAt(entry, 'msg') !== 'handshake' || hex.length < HANDSHAKE_BYTES * 2) continue;
    const infoHash = hex.slice(56, 96);
    return [...world.chain.histories.keys()].find((name) => swarmOf(name) === infoHash);
  }
  return undefined;
}

interface Place {
  readonly user: string;
  readonly k: number;
  readonly name?: string | undefined;
  readonly tip?: number | undefined;
}

function judgePiece(
  world: World,
  area: Area,
  place: Place,
  bytes: Uint8Array,
  expected: Finding['expected'],
): ShownPost | undefined {
  const { user, k } = place;
  const tip = place.tip ?? world.chain.height;
  const context: PostContext = { user, k, tip, users: world.chain.users(tip), backend: world.backend };
  const deployed = checkPost(bytes, { ...context, profile: 'deployed' });
  const canonical = checkPost(bytes, context);
  const subject = place.name ? `${place.name} (${user} ${k})` : `${user} ${k}`;
  note(world, area, subject, expected, deployed, canonical);
  return deployed.ok ? shown(user, k, deployed.post, deployed.flags) : undefined;
}

function shown(user: string, k: number, { userpost }: Post, flags: readonly string[]): ShownPost {
  const text = userpost.getBytes('msg') ?? new Uint8Array();
  const more = userpost.getBytes('msg2') ?? new Uint8Array();
  return {
    user,
    k,
    height: userpost.getNumber('height') ?? 0,
    time: userpost.getNumber('time') ?? 0,
    kind: flags.length > 0 ? flags.join(', ') : 'post',
    text: showText(Uint8Array.of(...text, ...more)),
  };
}

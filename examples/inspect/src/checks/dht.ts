import { sha1 } from '@noble/hashes/legacy.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { checkPut, checkReadValue, type ReceivedValue, type ValueContext } from '@rookery/dht';
import { type BencodeNode, decodeBencode, decodeKrpc, WireError } from '@rookery/wire';
import { bytesAt, type Json, numberAt, objectsIn, textAt } from '../capture.ts';
import { judge } from '../finding.ts';
import { note, type World } from '../world.ts';

/** Judges every value in captured datagrams, requests to a daemon, and replies that a daemon was given to judge. */
export function checkValues(world: World): void {
  for (const file of world.capture.values()) {
    for (const datagram of objectsIn(file.passive)) judgeDatagram(world, datagram);
    for (const offered of objectsIn(file.clientCases)) judgeRequest(world, offered);
    for (const read of objectsIn(file.cases)) judgeReply(world, read);
  }
}

/** What the network knew at a moment, in seconds since the Unix epoch. */
function contextAt(world: World, now: number): ValueContext {
  const tip = world.chain.heightAt(now);
  return { users: world.chain.users(tip), tip, now, backend: world.backend };
}

function judgeDatagram(world: World, datagram: Json): void {
  const packet = packetIn(datagram, 'hex');
  const now = Math.floor(numberAt(datagram, 't') ?? 0);
  if (packet === undefined) return;
  for (const value of valuesIn(packet)) {
    const target = targetOf(value);
    if (target === undefined) continue;
    const context = { ...contextAt(world, now), target };
    const deployed = judge(() => checkReadValue(value, { ...context, profile: 'deployed' }));
    const canonical = judge(() => checkReadValue(value, context));
    note(world, 'DHT values', subjectOf(value), 'accepted', deployed, canonical);
  }
}

function judgeRequest(world: World, offered: Json): void {
  const request = packetIn(offered, 'request');
  const reply = packetIn(offered, 'reply');
  const [value] = request?.query === 'putData' ? valuesIn(request) : [];
  if (value === undefined || reply === undefined) return;
  const now = timeOf(value);
  const context = contextAt(world, now);
  const refusedByDaemon = reply.kind === 'error';
  const deployed = judge(() => checkPut(value, { ...context, profile: 'deployed' }));
  const canonical = judge(() => checkPut(value, context));
  const subject = textAt(offered, 'name') ?? subjectOf(value);
  note(world, 'DHT values offered', subject, refusedByDaemon ? 'refused' : 'accepted', deployed, canonical);
}

/**
 * A daemon was given these entries and told what it took of them. An entry that it took must pass the deployed profile; where it took
 * nothing at all and the first entry was for the right target, that one must fail.
 */
function judgeReply(world: World, read: Json): void {
  const target = bytesAt(read, 'targetHash');
  const entries = Array.isArray(read.entriesSent) ? read.entriesSent : [];
  if (target === undefined || entries.length === 0) return;
  const wireTarget = target;
  const taken = new Set(objectsIn(read.dhtgetResult).map((entry) => textAt(entry, 'sig_p')));
  for (const [index, entry] of entries.entries()) {
    if (typeof entry !== 'string') continue;
    const value = readValue(decodeBencode(hexToBytes(entry), { profile: 'deployed' }).value);
    const own = targetOf(value);
    const misplaced = own === undefined || bytesToHex(own) !== bytesToHex(wireTarget);
    const wasTaken = value.sigP !== undefined && taken.has(bytesToHex(value.sigP));
    if (!wasTaken && (taken.size > 0 || misplaced || index > 0)) continue;
    const context = { ...contextAt(world, replyTime(world, read)), target: wireTarget };
    const deployed = judge(() => checkReadValue(value, { ...context, profile: 'deployed' }));
    const canonical = judge(() => checkReadValue(value, context));
    note(
      world,
      'DHT replies judged',
      textAt(read, 'name') ?? subjectOf(value),
      wasTaken ? 'accepted' : 'refused',
      deployed,
      canonical,
    );
  }
}

/** The clock of the daemon is not captured; it ran between the newest block below the entries' height and their own time. */
function replyTime(world: World, read: Json): number {
  const control = objectsIn(read.udp)
    .map((entry) => numberAt(entry, 't'))
    .find((time) => time !== undefined && time > 1e9);
  return control ?? world.chain.blocks.at(-1)?.header.time ?? 0;
}

interface Packet {
  readonly kind: 'query' | 'reply' | 'error';
  readonly query?: string | undefined;
  readonly body: BencodeNode;
}

function packetIn(holder: Json, name: string): Packet | undefined {
  const bytes = bytesAt(holder, name);
  if (bytes === undefined) return undefined;
  try {
    return decodeKrpc(bytes, 'deployed');
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}

function valuesIn({ kind, body, query }: Packet): ReceivedValue[] {
  if (body.kind !== 'dict') return [];
  if (kind === 'query') return query === 'putData' ? [readValue(body)] : [];
  return (body.getList('data')?.items() ?? []).filter((entry) => entry.kind === 'dict').map(readValue);
}

function readValue(holder: BencodeNode): ReceivedValue {
  return { p: holder.getDict('p')?.raw, sigP: holder.getBytes('sig_p'), sigUser: holder.getText('sig_user') };
}

function rootOf({ p }: ReceivedValue): BencodeNode | undefined {
  return p && decodeBencode(p, { profile: 'deployed' }).value;
}

function targetOf(value: ReceivedValue): Uint8Array | undefined {
  const target = rootOf(value)?.getDict('target');
  return target && sha1(target.raw);
}

function timeOf(value: ReceivedValue): number {
  return rootOf(value)?.getNumber('time') ?? 0;
}

function subjectOf(value: ReceivedValue): string {
  const target = rootOf(value)?.getDict('target');
  return `${target?.getText('n')} ${target?.getText('r')} by ${value.sigUser}`;
}

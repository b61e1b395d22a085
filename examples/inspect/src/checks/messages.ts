import { bytesToHex } from '@noble/hashes/utils.js';
import { decodeDirectMessage, type Envelope, openEnvelope } from '@rookery/ecies';
import { bytesAt, isObject, type Json, numberAt, objectsIn, textAt } from '../capture.ts';
import { note, type World } from '../world.ts';

/** Opens every captured envelope with its recipient's key, and tries every other known key on it. */
export function checkMessages(world: World): void {
  const secrets = knownSecrets(world);
  for (const file of world.capture.values()) {
    for (const message of objectsIn(file.dms)) judgeMessage(world, message, secrets);
  }
}

function judgeMessage(world: World, message: Json, secrets: ReadonlyMap<string, string>): void {
  const parts = isObject(message.ecies) ? message.ecies : {};
  const [key, mac, body] = [bytesAt(parts, 'key'), bytesAt(parts, 'mac'), bytesAt(parts, 'body')];
  const orig = numberAt(parts, 'orig');
  const own = textAt(message, 'recipientPrivHex');
  if (!key || !mac || !body || orig === undefined || own === undefined) return;
  const envelope: Envelope = { key, mac, body, orig };
  const subject = `${textAt(message, 'user')} ${numberAt(message, 'k')} to ${textAt(message, 'recipient')}`;
  const opened = openEnvelope(envelope, Buffer.from(own, 'hex'), { backend: world.backend });
  if (!opened.ok) {
    note(world, 'messages opened', subject, 'accepted', opened);
    return;
  }
  const same = bytesToHex(opened.plaintext) === textAt(message, 'plaintext');
  const read = decodeDirectMessage(opened.plaintext);
  const kind = read.ok ? read.message.kind : read.code;
  note(
    world,
    'messages opened',
    `${subject}: ${kind}`,
    'accepted',
    same ? opened : { ok: false, code: 'other-plaintext' },
  );
  for (const [secret, name] of secrets) {
    if (secret === own) continue;
    const refused = openEnvelope(envelope, Buffer.from(secret, 'hex'), { backend: world.backend });
    note(world, 'messages kept from others', `${subject}, tried by ${name}`, 'refused', refused);
  }
}

/** Every secret in the capture by its hexadecimal digits, with the name of its holder. */
function knownSecrets({ capture }: World): Map<string, string> {
  const found = new Map<string, string>();
  for (const file of capture.values()) {
    for (const holders of [file.keys, file.groupKeys]) {
      if (!isObject(holders)) continue;
      for (const [name, keys] of Object.entries(holders)) {
        for (const key of isObject(keys) ? [keys] : objectsIn(keys)) {
          const secret = textAt(key, 'privHex');
          if (secret !== undefined && !found.has(secret)) found.set(secret, name);
        }
      }
    }
    for (const message of objectsIn(file.dms)) {
      const secret = textAt(message, 'recipientPrivHex');
      if (secret !== undefined && !found.has(secret)) found.set(secret, textAt(message, 'recipient') ?? 'somebody');
    }
  }
  return found;
}

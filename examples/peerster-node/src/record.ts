import { messageHash, type Rumor, type StoredMessage } from '@rookery/peerster';

/** A message on disk. The names are those of the original's table, with the arrival added. */
export interface MessageRecord {
  readonly ID: number;
  readonly Origin: string;
  readonly Destination: string;
  /** Base64, like the next two. */
  readonly Content: string;
  readonly Signature: string;
  readonly Nonce: string;
  /** Milliseconds since the Unix epoch. */
  readonly DateSeen: number;
  readonly FromAddress: string;
  readonly Arrival: number;
  /** Hexadecimal. */
  readonly Hash: string;
  /** The content was dropped for space; only names, number and hash count. */
  readonly Pruned?: true;
}

export function toRecord(message: StoredMessage): MessageRecord {
  const { rumor, origin, destination, seenAt, from, arrival, hash } = message;
  return {
    ID: rumor.id,
    Origin: origin,
    Destination: destination,
    Content: base64(rumor.content),
    Signature: base64(rumor.signature),
    Nonce: base64(rumor.nonce),
    DateSeen: seenAt,
    FromAddress: from,
    Arrival: arrival,
    Hash: Buffer.from(hash).toString('hex'),
  };
}

/** The message of a record, or undefined where the record is damaged: the hash covers all that matters. */
export function fromRecord(value: unknown): { readonly message: StoredMessage; readonly pruned: boolean } | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const record = value as Partial<MessageRecord>;
  const { ID, Origin, Destination, Content, Signature, Nonce, DateSeen, FromAddress, Arrival, Hash } = record;
  if (typeof Origin !== 'string' || typeof Destination !== 'string' || !Number.isSafeInteger(ID)) return undefined;
  if (typeof Hash !== 'string' || !Number.isSafeInteger(Arrival) || typeof FromAddress !== 'string') return undefined;
  if (typeof Content !== 'string' || typeof Signature !== 'string' || typeof Nonce !== 'string') return undefined;
  const rumor: Rumor = {
    origin: plain(Buffer.from(Origin)),
    destination: plain(Buffer.from(Destination)),
    id: ID!,
    content: plain(Buffer.from(Content, 'base64')),
    signature: plain(Buffer.from(Signature, 'base64')),
    nonce: plain(Buffer.from(Nonce, 'base64')),
  };
  const hash = plain(Buffer.from(Hash, 'hex'));
  const pruned = record.Pruned === true;
  if (!pruned && !Buffer.from(messageHash(rumor)).equals(hash)) return undefined;
  const seenAt = Number.isSafeInteger(DateSeen) ? DateSeen! : 0;
  const from = FromAddress;
  return {
    message: { origin: Origin, destination: Destination, rumor, hash, arrival: Arrival!, seenAt, from },
    pruned,
  };
}

/** Records of one origin lie together in the order of their numbers. */
export function recordKey(origin: string, id: number): string {
  return `${origin}/${id.toString(16).padStart(8, '0')}`;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

/** Packages take and give plain byte arrays, never those of Node. */
function plain(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer);
}

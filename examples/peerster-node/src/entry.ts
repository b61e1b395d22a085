import type { PeersterNode, StoredMessage } from '@rookery/peerster';

/** A message as the HTTP interface of the original shows it. */
export interface MessageEntry {
  readonly FirstSeen: string;
  readonly FromNode: string;
  readonly SeqID: number;
  readonly FromAddress: string;
  readonly Content: string;
  /** Hexadecimal. */
  readonly Hash: string;
}

const ANNOUNCEMENT = 'joined the network for the first time and announced its public key.';
const MALFORMED = '(malformed message)';
const UNDECIPHERABLE = '(undecipherable message)';

/** Shows a message; private ones are opened with the keys of `node`. */
export function toEntry(message: StoredMessage, node: PeersterNode, ownPort: number): MessageEntry {
  const { origin, rumor, hash, from, seenAt } = message;
  return {
    FirstSeen: new Date(seenAt).toISOString().replace(/\.\d{3}Z$/, 'Z'),
    FromNode: origin,
    SeqID: rumor.id,
    FromAddress: from === '' ? `localhost:${ownPort}` : from,
    Content: contentOf(message, node),
    Hash: Buffer.from(hash).toString('hex'),
  };
}

function contentOf(message: StoredMessage, node: PeersterNode): string {
  const { rumor, destination } = message;
  if (rumor.id === 0) return ANNOUNCEMENT;
  if (destination === '') return Buffer.from(rumor.content).toString('utf8');
  const opened = node.open(message);
  if (opened.ok) return Buffer.from(opened.bytes).toString('utf8');
  return opened.code === 'malformed-content' ? MALFORMED : UNDECIPHERABLE;
}

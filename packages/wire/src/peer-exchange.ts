import { readBencode } from './bencode/decode.ts';
import { encodeBencode } from './bencode/encode.ts';
import { bencodeDict } from './bencode/value.ts';
import { type CompactPeer, decodeCompactPeers, encodeCompactPeers } from './compact-nodes.ts';
import { WireError } from './errors.ts';
import { WIRE_LIMITS } from './limits.ts';
import type { Profile } from './profile.ts';

/** A peer that another peer is connected to. */
export interface ExchangedPeer extends CompactPeer {
  /** One byte: 1 prefers encryption, 2 is a seed, 4 speaks uTP, 8 supports hole punching, 16 was connected to. */
  readonly flags: number;
}

/** The payload of a `ut_pex` message: who came and who went since the last one. IPv4 only, as deployed nodes need it. */
export interface PeerExchange {
  readonly added: readonly ExchangedPeer[];
  readonly dropped: readonly CompactPeer[];
}

/**
 * Reads a `ut_pex` payload (PEER-7): a bencoded dictionary with `added` and `dropped`, 6 bytes a peer, and `added.f`, one byte a peer.
 * Without `added.f` of the right length nobody was added, as deployed nodes see it. Throws `WireError`: the codes of `decodeBencode`;
 * `too-long` over 500 KiB; `wrong-type` where the root is no dictionary; canonical also `wrong-length` for left-over bytes of a peer.
 * Not read: the IPv6 lists. Not checked: how often such messages come, whether the addresses are sensible.
 */
export function decodePeerExchange(payload: Uint8Array, profile: Profile = 'canonical'): PeerExchange {
  const { bencodeDepth, bencodeItems, peerExchangeBytes } = WIRE_LIMITS;
  const root = readBencode(payload, profile === 'deployed', bencodeDepth, bencodeItems, peerExchangeBytes);
  if (root.kind !== 'dict') throw new WireError('wrong-type', 0, `a dictionary is wanted, not kind ${root.kind}`);
  const empty = new Uint8Array(0);
  const added = decodeCompactPeers(root.getBytes('added') ?? empty, profile);
  const flags = root.getBytes('added.f') ?? empty;
  return {
    added: flags.length === added.length ? added.map((peer, index) => ({ ...peer, flags: flags[index]! })) : [],
    dropped: decodeCompactPeers(root.getBytes('dropped') ?? empty, profile),
  };
}

/** Writes a `ut_pex` payload with empty IPv6 lists, as deployed nodes do (PEER-7). Throws `RangeError` for an address or port that is none. */
export function encodePeerExchange(exchange: PeerExchange): Uint8Array {
  const empty = new Uint8Array(0);
  return encodeBencode(
    bencodeDict({
      added: encodeCompactPeers(exchange.added),
      'added.f': Uint8Array.from(exchange.added, ({ flags }) => flags),
      added6: empty,
      'added6.f': empty,
      dropped: encodeCompactPeers(exchange.dropped),
      dropped6: empty,
    }),
  );
}

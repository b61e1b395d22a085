import type { PostCode, PostFlag } from '@rookery/posts';
import type { CompactPeer, WireErrorCode } from '@rookery/wire';
import type { SwarmCode } from './codes.ts';

/** Why a connection ends: a swarm rule, a frame that cannot be read, or a piece that was judged. */
export type SwarmCloseCode = SwarmCode | WireErrorCode | PostCode;

/**
 * What a {@link Swarm} wants done, in this order. `peer` is the name that the application gave to the connection.
 * - `send`: write these bytes, one whole message, to the connection.
 * - `piece`: a new post, checked and put into the store; keep it. `peer` sent it, undefined for an own post.
 * - `equivocation`: two posts that the user signed with one number; `bytes` came now, `other` is the stored one.
 * - `refused`: a post was not taken, for a reason that is not its sender's fault, or that of the caller of `publish` (`peer` undefined).
 * - `ban`: connect no more to this peer's address for this swarm; a `close` follows.
 * - `close`: end the connection; the engine has forgotten it.
 * - `peers`: addresses of members of this swarm, from peer exchange; nobody has checked them.
 * - `dht-port`: the peer has a node of the DHT at this UDP port of its address.
 */
export type SwarmEffect =
  | { readonly type: 'send'; readonly peer: string; readonly bytes: Uint8Array }
  | {
      readonly type: 'piece';
      readonly k: number;
      readonly bytes: Uint8Array;
      readonly flags: readonly PostFlag[];
      readonly peer: string | undefined;
    }
  | { readonly type: 'equivocation'; readonly k: number; readonly bytes: Uint8Array; readonly other: Uint8Array }
  | { readonly type: 'refused'; readonly peer: string | undefined; readonly k: number; readonly code: PostCode }
  | { readonly type: 'ban'; readonly peer: string; readonly code: SwarmCloseCode }
  | { readonly type: 'close'; readonly peer: string; readonly code: SwarmCloseCode }
  | { readonly type: 'peers'; readonly peer: string; readonly items: readonly CompactPeer[] }
  | { readonly type: 'dht-port'; readonly peer: string; readonly port: number };

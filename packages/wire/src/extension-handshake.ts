import { readBencode } from './bencode/decode.ts';
import { encodeBencode } from './bencode/encode.ts';
import { bencodeDict } from './bencode/value.ts';
import { WireError } from './errors.ts';
import { WIRE_LIMITS } from './limits.ts';
import type { Profile } from './profile.ts';
import { decodeUtf8 } from './utf8.ts';

/** What a peer says of itself in the `extended` message with `extId` 0; every field may be absent. */
export interface ExtensionHandshake {
  /** Ids under which the sender wants to receive extension messages, by name: `ut_pex`, `lt_tex` …; 1…255, 0 for "not any more". */
  readonly extensions: Readonly<Record<string, number>>;
  /** TCP port on which the sender listens. */
  readonly port?: number | undefined;
  /** Name and version of the program. */
  readonly version?: string | undefined;
  /** Address of the receiver as the sender sees it: 4 or 16 bytes. */
  readonly yourIp?: Uint8Array | undefined;
  /** IPv6 address of the sender: 16 bytes. */
  readonly ipv6?: Uint8Array | undefined;
  /** Requests that the sender is willing to keep waiting. */
  readonly requestQueue?: number | undefined;
  /** Seconds since the sender last saw a complete copy; −1 for never. */
  readonly completeAgo?: number | undefined;
  readonly uploadOnly?: boolean | undefined;
  /** SHA-1 of the list of trackers (`lt_tex`): 20 bytes, in twister always that of no tracker. */
  readonly trackersHash?: Uint8Array | undefined;
}

const MOST_EXTENSION_ID = 255;

/**
 * Reads the payload of an `extended` message with `extId` 0 (PEER-6): a bencoded dictionary with the keys m, p, v, yourip, ipv6, reqq,
 * complete_ago, upload_only, tr. Unknown keys are left aside, and a known key of another kind or with an integer out of range is taken for
 * absent, as deployed nodes do. Throws `WireError`: the codes of `decodeBencode`; `wrong-type` where the root is no dictionary.
 */
export function decodeExtensionHandshake(payload: Uint8Array, profile: Profile = 'canonical'): ExtensionHandshake {
  const { bencodeDepth, bencodeItems, frameBytes } = WIRE_LIMITS;
  const root = readBencode(payload, profile === 'deployed', bencodeDepth, bencodeItems, frameBytes);
  if (root.kind !== 'dict') throw new WireError('wrong-type', 0, `a dictionary is wanted, not kind ${root.kind}`);
  const extensions: Record<string, number> = Object.create(null) as Record<string, number>;
  for (const [name, id] of root.getDict('m')?.entries() ?? []) {
    const key = decodeUtf8(name);
    if (key !== undefined && !(key in extensions) && id.kind === 'integer') {
      const number = id.number ?? -1;
      if (number >= 0 && number <= MOST_EXTENSION_ID) extensions[key] = number;
    }
  }
  const uploadOnly = root.getInteger('upload_only');
  return {
    extensions,
    port: root.getNumber('p'),
    version: root.getText('v'),
    yourIp: root.getBytes('yourip'),
    ipv6: root.getBytes('ipv6'),
    requestQueue: root.getNumber('reqq'),
    completeAgo: root.getNumber('complete_ago'),
    uploadOnly: uploadOnly === undefined ? undefined : uploadOnly !== 0n,
    trackersHash: root.getBytes('tr'),
  };
}

/** Writes the payload of an `extended` message with `extId` 0 (PEER-6). Fields that are `undefined` are left out. */
export function encodeExtensionHandshake(handshake: ExtensionHandshake): Uint8Array {
  return encodeBencode(
    bencodeDict({
      m: handshake.extensions,
      p: handshake.port,
      v: handshake.version,
      yourip: handshake.yourIp,
      ipv6: handshake.ipv6,
      reqq: handshake.requestQueue,
      complete_ago: handshake.completeAgo,
      upload_only: handshake.uploadOnly === undefined ? undefined : Number(handshake.uploadOnly),
      tr: handshake.trackersHash,
    }),
  );
}

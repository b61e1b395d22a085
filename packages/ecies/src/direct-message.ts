import {
  type BencodeDict,
  type BencodeNode,
  type BencodeValue,
  bencodeDict,
  decodeBencode,
  encodeBencode,
  reject,
  type Verdict,
  WireError,
} from '@rookery/wire';
import type { EciesCode } from './codes.ts';

/**
 * What an envelope can say. Text is bytes as received; whether it is UTF-8 is the reader's to check.
 * `message`: text to a user, or to a group under the sender's own alias for it. `legacy`: text of older versions, not a dictionary.
 * `group-invite`: description and shared secret (WIF) of a group. `group-members`: names to add, in a message to the group.
 * `private-favourite`: a post that the author marked for himself, with its signature.
 */
export type DirectMessage =
  | { readonly kind: 'message'; readonly msg: Uint8Array; readonly to: Uint8Array }
  | { readonly kind: 'legacy'; readonly text: Uint8Array }
  | { readonly kind: 'group-invite'; readonly desc: Uint8Array; readonly key: Uint8Array }
  | { readonly kind: 'group-members'; readonly members: readonly Uint8Array[] }
  | {
      readonly kind: 'private-favourite';
      readonly userpost: BencodeDict;
      readonly sig: Uint8Array;
      readonly comment?: Uint8Array;
    };

/**
 * Writes the plaintext of a message. Rules ECIES-9 … ECIES-13.
 * Throws `RangeError` for a legacy text that readers would take for another kind.
 */
export function encodeDirectMessage(message: DirectMessage): Uint8Array {
  switch (message.kind) {
    case 'message':
      return encodeBencode(bencodeDict({ msg: message.msg, to: message.to }));
    case 'group-invite':
      return encodeBencode(bencodeDict({ group_invite: bencodeDict({ desc: message.desc, key: message.key }) }));
    case 'group-members':
      return encodeBencode(bencodeDict({ group_members: message.members }));
    case 'private-favourite':
      return encodeBencode(
        bencodeDict({ comment: message.comment, sig_userpost: message.sig, userpost: message.userpost }),
      );
    case 'legacy': {
      const read = decodeDirectMessage(message.text);
      if (!read.ok || read.message.kind !== 'legacy') throw new RangeError('the text reads as another kind of message');
      return message.text;
    }
  }
}

/**
 * Reads a plaintext the way deployed nodes do: bencode by the lenient rules, of every key the first entry, further keys ignored.
 *
 * The first that fits decides: a dictionary `group_invite`, a list `group_members`, byte strings `msg` and `to`, a dictionary `userpost` with a byte string
 * `sig_userpost`; everything else is `legacy` text. An invitation without `desc` or `key` is refused (`bad-invite`), as it is dropped
 * there. Members that are no byte strings, or empty, are left out. Rules ECIES-9 … ECIES-14.
 * Not checked, as it needs a context: that members come through a group (deployed nodes read the next kind if not), that a favourite
 * came in a `pfav`, that `msg` and `to` are not empty (they drop such), signatures, the WIF of an invitation.
 */
export function decodeDirectMessage(plaintext: Uint8Array): Verdict<EciesCode, { readonly message: DirectMessage }> {
  const root = readDict(plaintext);
  if (root === undefined) return { ok: true, message: { kind: 'legacy', text: plaintext } };

  const invite = root.getDict('group_invite');
  if (invite !== undefined) {
    const desc = invite.getBytes('desc');
    const key = invite.getBytes('key');
    if (desc === undefined || key === undefined) return reject('bad-invite', 'an invitation needs desc and key');
    return { ok: true, message: { kind: 'group-invite', desc, key } };
  }
  const members = root.getList('group_members');
  if (members !== undefined) return { ok: true, message: { kind: 'group-members', members: namesIn(members) } };

  const msg = root.getBytes('msg');
  const to = root.getBytes('to');
  if (msg !== undefined && to !== undefined) return { ok: true, message: { kind: 'message', msg, to } };

  const userpost = root.getDict('userpost');
  const sig = root.getBytes('sig_userpost');
  if (userpost !== undefined && sig !== undefined) {
    const comment = root.getBytes('comment');
    const favourite = { kind: 'private-favourite', userpost: asDict(userpost.toValue()), sig } as const;
    return { ok: true, message: comment === undefined ? favourite : { ...favourite, comment } };
  }
  return { ok: true, message: { kind: 'legacy', text: plaintext } };
}

function readDict(plaintext: Uint8Array): BencodeNode | undefined {
  try {
    const { value } = decodeBencode(plaintext, { profile: 'deployed' });
    return value.kind === 'dict' ? value : undefined;
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}

function namesIn(list: BencodeNode): Uint8Array[] {
  const names: Uint8Array[] = [];
  for (const item of list.items()) {
    if (item.kind === 'bytes' && item.bytes.length > 0) names.push(item.bytes);
  }
  return names;
}

function asDict(value: BencodeValue): BencodeDict {
  return value as BencodeDict;
}

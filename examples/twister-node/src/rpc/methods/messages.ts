import { EciesError, encodeDirectMessage, encryptEnvelope } from '@rookery/ecies';
import { createDirectMessage } from '@rookery/posts';
import { decodeUtf8 } from '@rookery/wire';
import type { TwisterNode } from '../../node.ts';
import { drawSecret } from '../../people/wallet.ts';
import { RpcError } from '../errors.ts';
import type { Method } from '../method.ts';
import { asObject } from '../params.ts';
import type { RpcObject, RpcValue } from '../value.ts';
import { readRange, shown } from './posts.ts';

const newDirectMsg: Method = {
  name: 'newdirectmsg',
  usage: '<from> <k> <to> <msg> [copy_self=false]',
  summary:
    'Sends a direct message in a post; with copy_self a second post, k + 1, lets the sender read it on other machines.',
  arity: [4, 5],
  async call(params, node) {
    const [from, k, to] = [params.text(0), params.integer(1), params.text(2)];
    const text = params.bytes(3);
    const copiesSelf = params.booleanOr(4, false);
    const plaintext = encodeDirectMessage({ kind: 'message', msg: text, to: new Uint8Array(Buffer.from(to, 'utf8')) });
    const recipients = copiesSelf ? shuffled([to, from]) : [to];
    const envelopes = recipients.map((name) => encryptTo(name, plaintext, node));
    let answer: RpcValue = null;
    for (const [index, envelope] of envelopes.entries()) {
      const post = await node.author.publish(from, k + index, (header) => createDirectMessage(header, envelope));
      const time = post.userpost.getNumber('time') ?? 0;
      if (!copiesSelf) node.conversations.add(from, to, { from, fromMe: true, k, time, text });
      answer = shown(post);
    }
    return answer;
  },
};

const getDirectMsgs: Method = {
  name: 'getdirectmsgs',
  usage: '<localuser> <count_per_user> \'[{"username":username,"max_id":max_id,"since_id":since_id},...]\'',
  summary: 'Direct messages between an own user and others; the ids count those of each pair.',
  arity: [3, 3],
  call(params, { conversations }) {
    const local = params.text(0);
    const count = params.integer(1);
    // A user may have any name, `__proto__` too.
    const answer = new Map<string, RpcValue>();
    for (const item of params.list(2)) {
      const { name, ...range } = readRange(asObject(item));
      const messages = conversations.between(local, name);
      const most = Math.min(range.most, messages.length - 1);
      const found: RpcObject[] = [];
      for (let id = Math.max(Math.max(range.since, most - count) + 1, 0); id <= most; id += 1) {
        const { from, fromMe, k, text, time } = messages[id]!;
        found.push({ id, time, text: decodeUtf8(text) ?? text, fromMe, from, k });
      }
      if (found.length > 0) answer.set(name, found);
    }
    return Object.fromEntries(answer);
  },
};

const rescanDirectMsgs: Method = {
  name: 'rescandirectmsgs',
  usage: '<username>',
  summary: 'Tries to open all direct messages of the users whom a user follows once more.',
  arity: [1, 1],
  call(params, { following, inbox }): RpcValue {
    inbox.rescan(following.of(params.text(0)));
    return null;
  },
};

/** Methods about direct messages. */
export const MESSAGE_METHODS: readonly Method[] = [newDirectMsg, getDirectMsgs, rescanDirectMsgs];

/** Encrypts to the key that a user has here, or else on the chain. */
function encryptTo(name: string, plaintext: Uint8Array, { backend, users, wallet }: TwisterNode) {
  const publicKey = wallet.key(name)?.publicKey ?? users.keyAt(name, Number.MAX_SAFE_INTEGER);
  const failure = new RpcError('internal', 'error encrypting to pubkey of destination user');
  if (publicKey === undefined) throw failure;
  try {
    return encryptEnvelope(publicKey, plaintext, drawSecret(), backend);
  } catch (error) {
    if (error instanceof EciesError) throw failure;
    throw error;
  }
}

function shuffled([first, second]: readonly [string, string]): string[] {
  return Math.random() < 0.5 ? [first, second] : [second, first];
}

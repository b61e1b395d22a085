import { encodeShortUrl } from '@rookery/wire';
import type { TwisterNode } from '../../node.ts';
import { RpcError } from '../errors.ts';
import type { Method } from '../method.ts';

const userNameToUid: Method = {
  name: 'usernametouid',
  usage: '<username> [last=true]',
  summary: 'The ordinal of the last registration of a name in the chain.',
  arity: [1, 2],
  isPublic: true,
  call: (params, node) => uidOf(params.text(0), node),
};

const uidToUserName: Method = {
  name: 'uidtousername',
  usage: '<uid>',
  summary: 'The name that the registration with this ordinal registers.',
  arity: [1, 1],
  isPublic: true,
  call(params, { users }) {
    const uid = params.integer(0);
    const name = uid < 0 ? undefined : users.nameOfUid(uid);
    if (name === undefined) throw new RpcError('internal', 'TxNumToUsername failed');
    return name;
  },
};

/** Methods about numbers that stand for names. */
export const NAME_METHODS: readonly Method[] = [userNameToUid, uidToUserName];

/** The `twist:` address of a post. */
export function shortUrlOf(name: string, k: number, node: TwisterNode): string {
  return encodeShortUrl({ uid: uidOf(name, node), k });
}

function uidOf(name: string, { users }: TwisterNode): number {
  const uid = users.uidOf(name);
  if (uid === undefined) throw new RpcError('internal', 'UsernameToTxNum failed');
  return uid;
}

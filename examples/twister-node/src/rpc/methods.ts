import { describeMethod, type Method } from './method.ts';
import { ACCOUNT_METHODS } from './methods/accounts.ts';
import { BLOCK_METHODS } from './methods/blocks.ts';
import { CONTROL_METHODS } from './methods/control.ts';
import { DHT_METHODS } from './methods/dht.ts';
import { FOLLOWING_METHODS } from './methods/following.ts';
import { MESSAGE_METHODS } from './methods/messages.ts';
import { MINING_METHODS } from './methods/mining.ts';
import { NAME_METHODS } from './methods/names.ts';
import { POST_METHODS } from './methods/posts.ts';
import { SIGNING_METHODS } from './methods/signing.ts';
import { SPECIAL_POST_METHODS } from './methods/special-posts.ts';
import { TRANSACTION_METHODS } from './methods/transactions.ts';

const help: Method = {
  name: 'help',
  usage: '[command]',
  summary: 'Lists all methods, or explains one.',
  arity: [0, 1],
  isPublic: true,
  call(params) {
    if (params.count === 0) return [...METHODS.values()].map(headOf).join('\n');
    const method = METHODS.get(params.text(0));
    return method === undefined ? `help: unknown command: ${params.text(0)}` : describeMethod(method);
  },
};

/** All methods by their names. */
export const METHODS: ReadonlyMap<string, Method> = new Map(
  [
    help,
    ...ACCOUNT_METHODS,
    ...BLOCK_METHODS,
    ...CONTROL_METHODS,
    ...DHT_METHODS,
    ...FOLLOWING_METHODS,
    ...MESSAGE_METHODS,
    ...MINING_METHODS,
    ...NAME_METHODS,
    ...POST_METHODS,
    ...SIGNING_METHODS,
    ...SPECIAL_POST_METHODS,
    ...TRANSACTION_METHODS,
  ]
    .sort((left, right) => (left.name < right.name ? -1 : 1))
    .map((method) => [method.name, method]),
);

function headOf(method: Method): string {
  return describeMethod(method).split('\n')[0]!;
}

import {
  applyStore,
  checkNodeId,
  checkPut,
  checkReadValue,
  type DhtVerdict,
  decodeP,
  deriveNodeId,
  isExpired,
  parseIpAddress,
  parseValue,
  type ReceivedValue,
  type StoreEntry,
  storeEntry,
  type ValueContext,
} from '@rookery/dht';
import type { Profile } from '@rookery/wire';
import * as read from '../input.ts';
import { type Answer, fromVerdict, type OperationContext, type Operations, ok, refused } from '../operation.ts';

/** Left out, a field of the judging side stands for one that nothing agrees with. */
const CODE_OF_MISSING = [
  ['users', 'unknown-user'],
  ['tip', 'future-height'],
  ['now', 'future-time'],
] as const;

/** Judges a value by `check`, or refuses where the world that it is judged in is incomplete. */
function judge(
  input: read.Input,
  { backend }: OperationContext,
  check: (value: ReceivedValue, context: ValueContext) => DhtVerdict,
): Answer {
  const value = received(input);
  const profile = read.profile(input);
  const missing = CODE_OF_MISSING.find(([name]) => input[name] === undefined);
  if (missing !== undefined) return refused(missing[1]);
  const tip = read.integer(input, 'tip');
  const now = read.integer(input, 'now');
  return fromVerdict(check(value, { users: read.users(input, tip), tip, now, profile, backend }));
}

/** A signer of `null` is one whose bytes are not UTF-8, who is nobody. */
function received(input: read.Input): ReceivedValue {
  return {
    p: read.optionalBytes(input, 'p'),
    sigP: read.optionalBytes(input, 'sigP'),
    sigUser: input.sigUser === null ? '' : read.optionalText(input, 'sigUser'),
  };
}

function entry(input: read.Input, profile: Profile): DhtVerdict<{ readonly entry: StoreEntry }> {
  read.bytes(input, 'sigP');
  const sigUser = input.sigUser === null ? '' : read.text(input, 'sigUser');
  const decoded = decodeP(read.bytes(input, 'p'), 'put', profile);
  if (!decoded.ok) return decoded;
  const parsed = parseValue(decoded.root);
  return parsed.ok ? { ok: true, entry: storeEntry(parsed.value, sigUser) } : parsed;
}

function address(input: read.Input): Uint8Array {
  const parsed = parseIpAddress(read.text(input, 'ip'));
  if (parsed === undefined) throw new read.BadRequest('ip must be an IPv4 or IPv6 address');
  return parsed;
}

/** Node ids, and the values of the DHT. */
export const dhtOperations: Operations = {
  'dht.nodeId.check': (input) => {
    const id = read.optionalBytes(input, 'id');
    if (input.ip === undefined) return refused('wrong-node-id');
    return fromVerdict(checkNodeId(id, address(input)));
  },

  'dht.nodeId.derive': (input) => {
    const random = read.bytes(input, 'random');
    if (random.length !== 16) throw new read.BadRequest('random must be 16 bytes');
    return ok({ id: read.showBytes(deriveNodeId(address(input), random)) });
  },

  'dht.put.check': (input, context) => judge(input, context, checkPut),

  'dht.value.check': (input, context) =>
    judge(input, context, (value, world) => {
      const target = read.optionalBytes(input, 'target');
      if (target?.length !== 20) return { ok: false, code: 'wrong-target', detail: 'a target has 20 bytes' };
      return checkReadValue(value, { ...world, target, content: false });
    }),

  'dht.store.apply': (input) => {
    const multi = read.boolean(input, 'multi');
    const profile = read.profile(input);
    const incoming = entry(read.object(input, 'incoming'), profile);
    if (!incoming.ok) return refused(incoming.code);
    const stored: StoreEntry[] = [];
    for (const value of read.listOf(input, 'stored', read.asObject)) {
      const judged = entry(value, profile);
      if (!judged.ok) return refused(judged.code);
      stored.push(judged.entry);
    }
    return ok(applyStore(stored, incoming.entry, { multi, profile }));
  },

  'dht.expired': (input) =>
    ok({
      expired: isExpired(
        read.text(input, 'resource'),
        read.boolean(input, 'multi'),
        read.integer(input, 'height'),
        read.integer(input, 'tip'),
      ),
    }),
};

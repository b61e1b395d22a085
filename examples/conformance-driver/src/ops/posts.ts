import { checkPost, postLimit, tokens } from '@rookery/posts';
import * as read from '../input.ts';
import { type Answer, fromVerdict, type Operations, ok, refused } from '../operation.ts';

/** Left out, a field stands for one missing on the wire, and the rule that needs it refuses. */
const CODE_OF_MISSING = [
  ['bytes', 'bad-size'],
  ['user', 'wrong-user'],
  ['k', 'wrong-number'],
  ['tip', 'bad-height'],
  ['users', 'unknown-user'],
] as const;

export const postsOperations: Operations = {
  'post.check': (input, { backend }) => {
    const profile = read.profile(input);
    const now = read.optionalInteger(input, 'now');
    const previous = read.optionalObject(input, 'previous');
    const earlier = previous && { k: read.integer(previous, 'k'), height: read.integer(previous, 'height') };
    const missing = CODE_OF_MISSING.find(([name]) => input[name] === undefined);
    if (missing !== undefined) return refused(missing[1]);

    const k = Number(read.bigint(input, 'k'));
    const tip = read.integer(input, 'tip');
    return fromVerdict(
      checkPost(read.bytes(input, 'bytes'), {
        user: read.text(input, 'user'),
        k,
        tip,
        users: read.users(input, tip),
        profile,
        backend,
        ...(now === undefined ? {} : { now }),
        ...(earlier === undefined ? {} : { previous: earlier }),
      }),
      ({ flags }) => ({ flags }),
    );
  },

  'post.limit': (input): Answer => {
    const maxK = postLimit(read.integer(input, 'tip'), read.integer(input, 'registered'));
    return ok({ maxK: maxK ?? null });
  },

  'post.tokens': (input): Answer => ok(tokens(read.text(input, 'text'))),
};

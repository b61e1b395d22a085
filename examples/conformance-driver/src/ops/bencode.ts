import { decodeBencode, decodePost, encodeBencode } from '@rookery/wire';
import { asBencode, showBencode } from '../bencode-json.ts';
import { BadRequest, bytes, type Input, optionalInteger, profile, showBytes } from '../input.ts';
import { type Operations, ok } from '../operation.ts';

function limit(input: Input, name: string): number | undefined {
  const value = optionalInteger(input, name);
  if (value !== undefined && value < 0) throw new BadRequest(`${name} must not be negative`);
  return value;
}

/** Bencode values and the outer form of posts. */
export const bencodeOperations: Operations = {
  'bencode.decode': (input) => {
    const maxDepth = limit(input, 'maxDepth');
    const maxItems = limit(input, 'maxItems');
    const { value, consumed } = decodeBencode(bytes(input, 'bytes'), {
      profile: profile(input),
      ...(maxDepth === undefined ? {} : { maxDepth }),
      ...(maxItems === undefined ? {} : { maxItems }),
    });
    return ok({ value: showBencode(value.toValue()), consumed });
  },
  'bencode.encode': (input) => ok({ bytes: showBytes(encodeBencode(asBencode(input.value, 'value'))) }),
  'post.decode': (input) => {
    const { root, signed, signature } = decodePost(bytes(input, 'bytes'), profile(input));
    return ok({ value: showBencode(root.toValue()), signed: showBytes(signed), signature: showBytes(signature) });
  },
  'post.encode': (input) => ok({ bytes: showBytes(encodeBencode(asBencode(input.value, 'value'))) }),
};

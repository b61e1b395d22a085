import { checkBitfield, checkHave, checkPeek, solvePeek } from '@rookery/swarm';
import * as read from '../input.ts';
import { type Answer, fromVerdict, type Operations, refused } from '../operation.ts';

const MOST_PIECE = 0xffffffff;

type Missing = readonly (readonly [name: string, code: string])[];

/** Left out, a field stands for one missing on the wire, or for one of the judging side that nothing agrees with. */
function refuseMissing(input: read.Input, codes: Missing): Answer | undefined {
  const missing = codes.find(([name]) => input[name] === undefined);
  return missing && refused(missing[1]);
}

function world(input: read.Input): { readonly tip: number; readonly registeredAt: number | undefined } {
  const registeredAt = input.registered === null ? undefined : read.optionalInteger(input, 'registered');
  return { tip: read.integer(input, 'tip'), registeredAt };
}

/** A number of any size; one that is not safe is none that a rule takes. */
function anyInteger(input: read.Input, name: string): number {
  return Number(read.bigint(input, name));
}

/** What peers of a swarm say that they have, and the work of the peek extension. */
export const swarmOperations: Operations = {
  'swarm.have.check': (input) =>
    refuseMissing(input, [
      ['index', 'bad-index'],
      ['tip', 'too-many-pieces'],
    ]) ??
    fromVerdict(checkHave(anyInteger(input, 'index'), { ...world(input), profile: 'deployed' }), ({ pieces }) => ({
      pieces,
    })),

  'swarm.bitfield.check': (input) =>
    refuseMissing(input, [
      ['bytes', 'missing-key'],
      ['pieces', 'too-many-pieces'],
      ['tip', 'too-many-pieces'],
    ]) ??
    fromVerdict(
      checkBitfield(read.bytes(input, 'bytes'), read.integer(input, 'pieces'), {
        ...world(input),
        profile: read.profile(input),
      }),
      ({ pieces }) => ({ pieces }),
    ),

  'swarm.peek.check': (input) => {
    const refusal = refuseMissing(input, [
      ['nonce', 'bad-nonce'],
      ['piece', 'bad-index'],
      ['infoHash', 'too-little-work'],
      ['nbits', 'too-little-work'],
    ]);
    if (refusal !== undefined) return refusal;
    const infoHash = read.bytes(input, 'infoHash');
    const piece = anyInteger(input, 'piece');
    const nonce = read.bytes(input, 'nonce');
    const nbits = read.integer(input, 'nbits');
    if (piece < 0 || piece > MOST_PIECE) return refused('bad-index');
    return fromVerdict(checkPeek(infoHash, piece, nonce, nbits));
  },

  'swarm.peek.solve': (input) =>
    fromVerdict(
      solvePeek(read.bytes(input, 'infoHash'), read.integer(input, 'piece'), read.integer(input, 'nbits')),
      ({ nonce }) => ({ nonce: read.showBytes(nonce) }),
    ),
};

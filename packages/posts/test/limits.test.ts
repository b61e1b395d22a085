import { describe, expect, test } from 'vitest';
import { checkPost, DEPLOYED_POST_LIMITS, type PostLimits } from '../src/index.ts';
import { backend, type Fields, NOW, pieceOf, TIP, users } from './arbitraries.ts';

function judge(fields: Fields, limits: readonly PostLimits[], profile: 'canonical' | 'deployed' = 'canonical') {
  const piece = pieceOf({ n: 'alice', k: 7, height: 39, time: NOW, ...fields }, 'alice');
  return checkPost(piece, { user: 'alice', k: 7, tip: TIP, users, now: NOW, backend, limits, profile });
}

describe('a rule set of the caller (POST-23)', () => {
  const strict = { ...DEPLOYED_POST_LIMITS, since: NOW, msgCodePoints: 10, msg2CodePoints: 20, pieceBytes: 300 };
  const sets = [DEPLOYED_POST_LIMITS, strict];

  test('judges posts from its date on, and no earlier ones', () => {
    expect(judge({ msg: 'x'.repeat(10) }, sets)).toMatchObject({ ok: true });
    expect(judge({ msg: 'x'.repeat(11) }, sets)).toMatchObject({ code: 'too-long' });
    expect(judge({ msg: 'x'.repeat(11), time: NOW - 1 }, sets)).toMatchObject({ ok: true });
  });

  test('bounds msg2 and the piece', () => {
    expect(judge({ msg: 'x', msg2: 'ä'.repeat(20) }, sets)).toMatchObject({ ok: true });
    expect(judge({ msg: 'x', msg2: 'ä'.repeat(21) }, sets)).toMatchObject({ code: 'too-long' });
    expect(judge({ msg: 'x', url: 'x'.repeat(300) }, sets)).toMatchObject({ code: 'bad-size' });
    expect(judge({ msg: 'x', url: 'x'.repeat(300), time: NOW - 1 }, sets)).toMatchObject({ ok: true });
  });

  test('does not touch the deployed profile', () => {
    expect(judge({ msg: 'x'.repeat(11) }, sets, 'deployed')).toMatchObject({ ok: true });
  });
});

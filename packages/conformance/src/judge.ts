import type { FaultCode } from './codes.ts';
import { differencesOf } from './difference.ts';
import { showJson } from './json.ts';
import { KIT_LIMITS } from './limits.ts';
import type { Answer } from './protocol.ts';
import type { Outcome, Refusal, VectorCase } from './vectors.ts';

/** What an answer says about a case. */
export interface Judgement {
  /** `warn`: refused as it must be, but with another code or penalty than the vector's (rule CONF-6). */
  readonly status: 'pass' | 'warn' | 'fail' | 'skip' | 'error';
  /** One sentence; empty for `pass`. */
  readonly detail: string;
  /** Of an `error` that is something else than the driver's own `error` answer. */
  readonly code?: FaultCode;
}

/**
 * Judges one answer to a one-shot case (rule CONF-6). `valid` wants `ok` with at least the expected fields; `invalid` wants a refusal,
 * with a warning where its code or the penalty that it states is not the vector's; `acceptable` wants any of its outcomes.
 */
export function judge(test: VectorCase, answer: Answer): Judgement {
  if (answer.kind === 'skip') return { status: 'skip', detail: answer.reason };
  if (answer.kind === 'error') return { status: 'error', detail: `the driver says: ${answer.message}` };
  switch (test.result) {
    case 'valid':
      return judgeValid({ out: test.out }, answer);
    case 'invalid':
      return judgeInvalid(test.reject, answer);
    case 'acceptable': {
      const judgements = test.either.map((outcome) =>
        'out' in outcome ? judgeValid(outcome, answer) : judgeInvalid(outcome.reject, answer),
      );
      const best =
        judgements.find(({ status }) => status === 'pass') ?? judgements.find(({ status }) => status === 'warn');
      if (best !== undefined) return best;
      return {
        status: 'fail',
        detail: `none of the allowed outcomes: ${judgements.map(({ detail }) => detail).join('; or ')}`,
      };
    }
  }
}

type Decision = Extract<Answer, { kind: 'ok' | 'reject' }>;

function judgeValid({ out }: Extract<Outcome, { out: unknown }>, answer: Decision): Judgement {
  if (answer.kind === 'reject') {
    return { status: 'fail', detail: `refused with ${answer.reject.code}, but it is valid` };
  }
  const differences = differencesOf(out, answer.ok);
  return differences.length === 0 ? passed() : { status: 'fail', detail: differences.join('; ') };
}

function judgeInvalid(expected: Refusal, answer: Decision): Judgement {
  if (answer.kind === 'ok') {
    const shown = showJson(answer.ok, KIT_LIMITS.shownCharacters);
    return { status: 'fail', detail: `accepted, but it is invalid (${expected.code}): ${shown}` };
  }
  const { code, penalty } = answer.reject;
  if (code !== expected.code) return { status: 'warn', detail: `refused with ${code} instead of ${expected.code}` };
  if (expected.penalty !== undefined && penalty !== undefined && penalty !== expected.penalty) {
    return { status: 'warn', detail: `refused with a penalty of ${penalty} instead of ${expected.penalty}` };
  }
  return passed();
}

function passed(): Judgement {
  return { status: 'pass', detail: '' };
}

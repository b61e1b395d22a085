import { fieldOf, isJsonList, isJsonObject, type Json, type JsonObject } from './json.ts';
import type { Judgement } from './judge.ts';
import { type Bindings, type Decode, insert, matchEffects } from './pattern.ts';
import type { Answer } from './protocol.ts';
import type { Session } from './session.ts';
import type { Transcript } from './vectors.ts';

/**
 * Opens the engine, takes the steps one by one and closes it; the first step whose effects do not fit ends it (rule CONF-7).
 * Undefined where the driver gave no usable answer; the session has been charged then.
 */
export async function runTranscript(test: Transcript, session: Session): Promise<Judgement | undefined> {
  const opened = await session.ask({ cmd: 'open', engine: test.engine, config: test.config });
  if (opened?.kind !== 'ok') return opened && refusal('open', opened);
  const handle = isJsonObject(opened.ok) ? fieldOf(opened.ok, 'handle') : undefined;
  if (typeof handle !== 'number') return { status: 'error', code: 'bad-answer', detail: 'open gave no handle' };
  const judgement = await takeSteps(test, handle, session);
  if (session.running) await session.ask({ cmd: 'close', handle });
  return judgement;
}

async function takeSteps(test: Transcript, handle: number, session: Session): Promise<Judgement | undefined> {
  const decode = decoderOf(session);
  let bindings: Bindings = new Map();
  for (const [index, step] of test.steps.entries()) {
    const input = insert(step.in, bindings);
    const answer = await session.ask({ cmd: 'step', handle, now: step.now, in: input });
    if (answer?.kind !== 'ok') return answer && refusal(`step ${index}`, answer);
    const effects = isJsonObject(answer.ok) ? fieldOf(answer.ok, 'effects') : undefined;
    if (!isJsonList(effects)) {
      return { status: 'error', code: 'bad-answer', detail: `step ${index} gave no list of effects` };
    }
    const match = await matchEffects(step.effects, effects, bindings, decode);
    if (!match.ok) return { status: 'fail', detail: `step ${index}: ${match.detail}` };
    bindings = match.bindings;
  }
  return { status: 'pass', detail: '' };
}

/** Asks each question once: a pattern may be tried on many effects. */
function decoderOf(session: Session): Decode {
  const known = new Map<string, { readonly ok: Json } | { readonly detail: string }>();
  return async (op: string, input: JsonObject) => {
    const key = `${op} ${JSON.stringify(input)}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const answer = session.running ? await session.ask({ cmd: 'run', op, in: input }) : undefined;
    const decoded = answer?.kind === 'ok' ? { ok: answer.ok } : { detail: describe(answer) };
    known.set(key, decoded);
    return decoded;
  };
}

function refusal(what: string, answer: Exclude<Answer, { kind: 'ok' }>): Judgement {
  if (answer.kind === 'skip') return { status: 'skip', detail: answer.reason };
  return { status: answer.kind === 'error' ? 'error' : 'fail', detail: `${what}: ${describe(answer)}` };
}

function describe(answer: Answer | undefined): string {
  switch (answer?.kind) {
    case 'reject':
      return `refused with ${answer.reject.code}`;
    case 'skip':
      return `skipped: ${answer.reason}`;
    case 'error':
      return `the driver says: ${answer.message}`;
    default:
      return 'no usable answer';
  }
}

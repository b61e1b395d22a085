/**
 * The judgement of a rule about somebody else's data: accepted with what was learned, or refused with a stable code.
 * `penalty` is the misbehaviour score that deployed nodes give the sender; absent where they give none.
 */
export type Verdict<Code extends string, Learned extends object = object> =
  | ({ readonly ok: true } & Learned)
  | Rejection<Code>;

/** The refusing half of a {@link Verdict}. `detail` is one English sentence for people, not for programs. */
export interface Rejection<Code extends string> {
  readonly ok: false;
  readonly code: Code;
  readonly detail: string;
  readonly penalty?: number;
}

/** Builds a refusal. */
export function reject<Code extends string>(code: Code, detail: string, penalty?: number): Rejection<Code> {
  return penalty === undefined ? { ok: false, code, detail } : { ok: false, code, detail, penalty };
}

/** The judgement of a rule about somebody else's data: accepted with what was learned, or refused with a stable code. */
export type Verdict<Code extends string, Learned extends object = object> =
  | ({ readonly ok: true } & Learned)
  | Rejection<Code>;

/** The refusing half of a {@link Verdict}. `detail` is one English sentence for people, not for programs. */
export interface Rejection<Code extends string> {
  readonly ok: false;
  readonly code: Code;
  readonly detail: string;
}

/** Builds a refusal. */
export function reject<Code extends string>(code: Code, detail: string): Rejection<Code> {
  return { ok: false, code, detail };
}

import type { CurveBackend } from '@rookery/keys';
import type { Rejection, Verdict } from '@rookery/wire';
import type { Input } from './input.ts';

/** What every operation may use beside its input. */
export interface OperationContext {
  readonly backend: CurveBackend;
}

/** One of the two answers of an operation; a thrown `BadRequest` becomes `error`, a thrown coded error `reject`. */
export type Answer =
  | { readonly ok: object }
  | { readonly reject: { readonly code: string; readonly penalty?: number } };

export type Operation = (input: Input, context: OperationContext) => Answer;
export type Operations = Readonly<Record<string, Operation>>;

/** An engine that was opened: one step in, effects and the next deadline out. */
export interface OpenEngine {
  step(now: number, input: Input): { readonly effects: readonly object[]; readonly next: number | null };
}
export type EngineFactory = (config: Input, context: OperationContext) => OpenEngine;
export type Engines = Readonly<Record<string, EngineFactory>>;

/** The answer of an operation that succeeded. */
export function ok(fields: object = {}): Answer {
  return { ok: fields };
}

/** The answer of an operation whose input breaks a rule. */
export function refused(code: string, penalty?: number): Answer {
  return { reject: penalty === undefined ? { code } : { code, penalty } };
}

/** Turns a verdict into an answer; `fields` picks what is shown of an accepted one. */
export function fromVerdict<Learned extends object>(
  verdict: Verdict<string, Learned>,
  fields: (learned: Learned) => object = () => ({}),
): Answer {
  if (verdict.ok) return ok(fields(verdict));
  const { code, penalty } = verdict as Rejection<string>;
  return refused(code, penalty);
}

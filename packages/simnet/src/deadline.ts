import { chanceBound, draw, drawKey, PURPOSE, scale } from './draw.ts';
import { SIM_LIMITS } from './limits.ts';

/**
 * How the simulator treats the deadlines that engines ask for. Sockets and timers of real programs wake early, late and
 * twice, so a correct engine looks at `now` and does not care. Chances 0 … 1, times whole ms.
 */
export interface DeadlineRules {
  /** Chance of an extra tick up to `byMs` before the deadline. */
  readonly early: number;
  /** Chance that the tick comes up to `byMs` after the deadline. */
  readonly late: number;
  /** Chance that the tick comes twice. */
  readonly repeat: number;
  /** Greatest deviation, at least 1. */
  readonly byMs: number;
}

/** One deadline in eight each is early, late and repeated, by up to 20 ms. What a scenario gets unless it says otherwise. */
export const ROUGH_DEADLINES: DeadlineRules = Object.freeze({ early: 0.125, late: 0.125, repeat: 0.125, byMs: 20 });

/** Every tick comes once and exactly in time. */
export const EXACT_DEADLINES: DeadlineRules = Object.freeze({ early: 0, late: 0, repeat: 0, byMs: 1 });

/** Deadline rules as bounds of a 32-bit draw. */
export interface CompiledDeadlines {
  readonly early: number;
  readonly late: number;
  readonly repeat: number;
  readonly byMs: number;
  readonly exact: boolean;
}

/** Checks deadline rules; throws a `RangeError`. */
export function compileDeadlines(rules: DeadlineRules): CompiledDeadlines {
  const { byMs } = rules;
  if (!(Number.isSafeInteger(byMs) && byMs >= 1 && byMs <= SIM_LIMITS.maxDelayMs)) {
    throw new RangeError(`byMs is a whole number from 1, not ${byMs}`);
  }
  const early = chanceBound(rules.early);
  const late = chanceBound(rules.late);
  const repeat = chanceBound(rules.repeat);
  return { early, late, repeat, byMs, exact: early + late + repeat === 0 };
}

/** Key of all draws about one deadline of one node (SIM-4). */
export function deadlineKey(run: number, node: number, deadline: number): number {
  return drawKey(run, PURPOSE.deadline, node, deadline, Math.floor(deadline / 0x1_0000_0000), 0);
}

/** How late the tick comes, ms ≥ 0. */
export function lateBy(rules: CompiledDeadlines, key: number): number {
  return draw(key, 0) < rules.late ? 1 + scale(draw(key, 1), rules.byMs) : 0;
}

/** How early an extra tick comes, ms; 0 for none. */
export function earlyBy(rules: CompiledDeadlines, key: number): number {
  return draw(key, 2) < rules.early ? 1 + scale(draw(key, 3), rules.byMs) : 0;
}

/** Whether the tick comes twice. */
export function isRepeated(rules: CompiledDeadlines, key: number): boolean {
  return draw(key, 4) < rules.repeat;
}

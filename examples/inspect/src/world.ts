import type { CurveBackend } from '@rookery/keys';
import type { Capture } from './capture.ts';
import { CapturedChain } from './chain.ts';
import type { Area, Finding, Outcome } from './finding.ts';

/** What the checks share: the capture, the chain as it grows, and where findings go. */
export interface World {
  readonly capture: Capture;
  readonly backend: CurveBackend;
  readonly chain: CapturedChain;
  readonly findings: Finding[];
  /** Posts that were accepted, for the tables. */
  readonly posts: ShownPost[];
  /** Milliseconds spent on each area; `since` is when the last finding was noted. */
  readonly clock: { since: number; readonly spentMs: Map<Area, number> };
  /** Called after each finding, for a progress bar. */
  readonly onFinding: () => void;
}

/** One accepted post, ready to be shown. */
export interface ShownPost {
  readonly user: string;
  readonly k: number;
  readonly height: number;
  readonly time: number;
  readonly kind: string;
  readonly text: string;
}

export function createWorld(capture: Capture, backend: CurveBackend, onFinding: () => void): World {
  const clock = { since: performance.now(), spentMs: new Map() };
  return { capture, backend, chain: new CapturedChain(), findings: [], posts: [], clock, onFinding };
}

/** Notes what a rule said about one thing. */
export function note(
  world: World,
  area: Area,
  subject: string,
  expected: Finding['expected'],
  outcome: Outcome,
  canonical?: Outcome,
): void {
  world.findings.push({ area, subject, expected, outcome, ...(canonical ? { canonical } : {}) });
  const now = performance.now();
  const { clock } = world;
  clock.spentMs.set(area, (clock.spentMs.get(area) ?? 0) + now - clock.since);
  clock.since = now;
  world.onFinding();
}

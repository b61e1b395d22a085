export type { Fault, FaultCode, Problem, ProblemCode } from './codes.ts';
export { CONDUCT_CASES, CONDUCT_SUITE, type ConductCase } from './conduct.ts';
export { Conversation, type Received } from './conversation.ts';
export { coverageOf, formatCoverage, type Gap, gapOf, type RuleCoverage } from './coverage.ts';
export { differencesOf } from './difference.ts';
export type { DriverPort, Reply } from './driver.ts';
export { cleanText, escapeMarkup } from './escape.ts';
export type { Json, JsonObject } from './json.ts';
export { type Judgement, judge } from './judge.ts';
export { parseKnown } from './known.ts';
export { KIT_LIMITS, type KitLimits } from './limits.ts';
export {
  type Bindings,
  type Decode,
  insert,
  type Match,
  matchEffects,
  matchPattern,
} from './pattern.ts';
export {
  headOf,
  type KnownFailure,
  type PlannedCase,
  planOf,
  problemsOf,
  type Selection,
  selectCases,
  subjectOf,
  type VectorFile,
} from './plan.ts';
export { type Answer, type Hello, type Parsed, PROTOCOL_VERSION, parseAnswer, parseHello } from './protocol.ts';
export {
  bySuite,
  type CaseResult,
  isClean,
  type RunReport,
  STATUSES,
  type Status,
  summaryOf,
  type Totals,
  totalsOf,
  UNEXPECTED,
} from './report.ts';
export { formatHtml } from './report-html.ts';
export { formatJson } from './report-json.ts';
export { formatJunit } from './report-junit.ts';
export { formatTerminal, type TerminalStyle } from './report-terminal.ts';
export { type RunOptions, runCases } from './run.ts';
export { compileSchemas, readVectors, type VectorSchema } from './schemas.ts';
export type {
  CaseHead,
  EffectsPattern,
  Level,
  Outcome,
  Refusal,
  Rule,
  Transcript,
  TranscriptStep,
  VectorCase,
  VectorDocument,
} from './vectors.ts';

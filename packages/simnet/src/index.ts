export { type Address, addressAt, formatAddress, hostOf, isAddress, PORTS, parseAddress, portOf } from './address.ts';
export type { ShrinkOptions } from './budget.ts';
export { assertOk, type CheckOptions, check, type Explored, explore } from './check.ts';
export { CLOSE_REASONS, type CloseReason, DROP_REASONS, type DropReason, type FailureCode } from './codes.ts';
export { type DeadlineRules, EXACT_DEADLINES, ROUGH_DEADLINES } from './deadline.ts';
export { type DiagramOptions, formatDiagram } from './diagram.ts';
export { SimnetError, type SimnetErrorCode } from './errors.ts';
export type { Failure, Moment } from './failure.ts';
export { type ChurnRules, churn, lateStarts, type PartitionRules, partitions } from './faults.ts';
export { type Histogram, quantile } from './histogram.ts';
export {
  delaying,
  dropping,
  flooding,
  forging,
  type HostileNode,
  type Letter,
  lying,
  type Misbehaviour,
  misbehave,
} from './hostile.ts';
export { NODE_PORT } from './hosts.ts';
export { SIM_LIMITS, type SimLimits } from './limits.ts';
export { type Duration, LINKS, type LinkRules } from './link.ts';
export type { Count, Coverage, Measures } from './measures.ts';
export type { NatKind, NatRules } from './nat.ts';
export { adapt, type Engine, type EngineNode, type NodeEnv, type SimNode } from './node.ts';
export { Pair, type PairOptions, pairScenario } from './pair.ts';
export type {
  ActStep,
  Calm,
  CrashStep,
  DelayStep,
  DuplicateStep,
  Json,
  LeaveStep,
  LoseStep,
  MoveStep,
  PartitionStep,
  Plan,
  StartStep,
  Step,
  WeatherStep,
} from './plan.ts';
export { Random } from './random.ts';
export { formatRecord, RECORD_FIELDS, RECORD_KINDS, type RecordKind, type TraceRecord } from './record.ts';
export { type Replayed, replay } from './replay.ts';
export { formatFailure, formatReport, formatTest, type ReportOptions } from './report.ts';
export type { Action, Check, Checks, Scenario, Uplink, View } from './scenario.ts';
export {
  type ActEntry,
  type ClosedEntry,
  type DataEntry,
  type Entry,
  type MoveEntry,
  type OpenedEntry,
  type ReceiveEntry,
  type Schedule,
  type StartEntry,
  type StopEntry,
  scheduleOf,
  type TickEntry,
} from './schedule.ts';
export { type RunSize, type Shrunk, shrink } from './shrink.ts';
export { type Ending, type Outcome, type OutcomeFacts, type RunOptions, run, Simulation } from './simulation.ts';
export {
  decodeTrace,
  firstDifference,
  type Trace,
  type TraceDifference,
  type TraceHeader,
  type TraceMode,
  traceHash,
} from './trace.ts';

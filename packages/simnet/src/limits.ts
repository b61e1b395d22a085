/** The bounds of a simulation; see {@link SIM_LIMITS} for the values. */
export interface SimLimits {
  /** Nodes in one run. */
  readonly maxNodes: number;
  /** Hosts ever handed out in one run: nodes, NAT boxes and every address change. */
  readonly maxHosts: number;
  /** Largest seed; every non-negative safe integer is one. */
  readonly maxSeed: number;
  /** Events of one run, unless the scenario says otherwise; one more ends the run as `too-many-events`. */
  readonly maxEvents: number;
  /** Virtual length of one run in ms, unless the scenario says otherwise. */
  readonly untilMs: number;
  /** Longest virtual length that may be asked for, in ms. */
  readonly maxUntilMs: number;
  /** Events of one node within one millisecond; one more ends the run as `never-stops`. */
  readonly maxEventsPerMoment: number;
  /** Calls of one node to its environment within one event; one more ends the run as `never-stops`. */
  readonly maxCallsPerEvent: number;
  /** Largest datagram in bytes, the most that UDP over IPv4 can carry. */
  readonly maxDatagramBytes: number;
  /** Longest latency, jitter, hold or retry time of a link, in ms. */
  readonly maxDelayMs: number;
  /** Retransmissions of one lost stream segment; the last one always arrives. */
  readonly maxRetries: number;
  /** Records that a failure keeps for its sequence diagram. */
  readonly lastRecords: number;
  /** Bytes of a trace kept whole; a longer one is only hashed. */
  readonly maxTraceBytes: number;
  /** Points of one series over time; a longer one is thinned by doubling its step. */
  readonly maxPoints: number;
  /** Runs that one call of the shrinker may spend, unless it is told otherwise. */
  readonly maxShrinkRuns: number;
  /** Events that its runs may spend together, as a multiple of those of the failing run, */
  readonly shrinkEventsFactor: number;
  /** but not fewer than this */
  readonly minShrinkEvents: number;
  /** and not more than this. */
  readonly maxShrinkEvents: number;
}

/** The one table of bounds of this package. Those with a field of the same name in a scenario are only defaults. */
export const SIM_LIMITS: SimLimits = Object.freeze({
  maxNodes: 1 << 18,
  maxHosts: 1 << 20,
  maxSeed: Number.MAX_SAFE_INTEGER,
  maxEvents: 10_000_000,
  untilMs: 600_000,
  maxUntilMs: 1_000_000_000_000,
  maxEventsPerMoment: 100_000,
  maxCallsPerEvent: 100_000,
  maxDatagramBytes: 65_507,
  maxDelayMs: 86_400_000,
  maxRetries: 6,
  lastRecords: 64,
  maxTraceBytes: 1 << 28,
  maxPoints: 1_024,
  maxShrinkRuns: 4_000,
  shrinkEventsFactor: 100,
  minShrinkEvents: 200_000,
  maxShrinkEvents: 20_000_000,
});

import type { Json, JsonObject } from './json.ts';

/** How binding a rule is, as in RFC 2119. */
export type Level = 'MUST' | 'SHOULD' | 'MAY';

/** A refusal: a stable code of `spec/errors.md` and, where deployed nodes score the sender, the penalty. */
export interface Refusal {
  readonly code: string;
  readonly penalty?: number;
}

/** One allowed outcome of an operation. */
export type Outcome = { readonly out: Json } | { readonly reject: Refusal };

/** What every kind of case carries. */
export interface CaseHead {
  /** Stable and never reused: `<suite>-<what>-<case>`. */
  readonly id: string;
  /** Rule id of `spec/`, such as `POST-7`. */
  readonly rule: string;
  readonly level: Level;
  readonly comment: string;
}

/** One call of one operation with its expected outcome. */
export type VectorCase = CaseHead & {
  /** Keys of the document's `notes`: which classes of bugs the case hunts. */
  readonly flags: readonly string[];
  readonly op: string;
  readonly in: JsonObject;
} & (
    | { readonly result: 'valid'; readonly out: Json }
    | { readonly result: 'invalid'; readonly reject: Refusal }
    | { readonly result: 'acceptable'; readonly either: readonly Outcome[] }
  );

/** Expected effects of one step: an exact list, or what must and what must not be among them. */
export type EffectsPattern = readonly Json[] | { readonly has?: readonly Json[]; readonly hasNot?: readonly Json[] };

/** One step of an engine. */
export interface TranscriptStep {
  /** Milliseconds since the Unix epoch, never less than in the step before. */
  readonly now: number;
  readonly in: JsonObject;
  readonly effects: EffectsPattern;
}

/** A conversation with one engine. */
export interface Transcript extends CaseHead {
  readonly engine: string;
  readonly config: JsonObject;
  readonly steps: readonly TranscriptStep[];
}

/** The content of one vector file. */
export interface VectorDocument {
  readonly suite: string;
  readonly specVersion: 1;
  /** Where the bytes come from. */
  readonly source: string;
  readonly notes: { readonly [flag: string]: { readonly bugClass: string; readonly description: string } };
  readonly tests?: readonly VectorCase[];
  readonly transcripts?: readonly Transcript[];
}

/** One rule of the specification, as `spec/conformance/rules.json` lists it. */
export interface Rule {
  readonly id: string;
  readonly title: string;
  readonly level: Level;
  readonly source: string;
  /** Codes that a refusal by this rule may carry; empty where the rule refuses nothing. */
  readonly codes: readonly string[];
  /** The page below `spec/` that states it. */
  readonly page: string;
}

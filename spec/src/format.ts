/** The vector format of the conformance protocol, as TypeScript types. */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type Fields = { readonly [key: string]: Json };

/** What one allowed outcome of an operation is. */
export type Outcome =
  | { readonly out: Json }
  | { readonly reject: { readonly code: string; readonly penalty?: number } };

interface CaseBase {
  /** Stable and never reused: `<suite>-<what>-<case>`. */
  readonly id: string;
  /** Rule id of `spec/`. */
  readonly rule: string;
  readonly level: 'MUST' | 'SHOULD' | 'MAY';
  readonly comment: string;
  readonly flags: readonly string[];
  readonly op: string;
  readonly in: Fields;
}

/** One call of one operation with its expected outcome. */
export type VectorCase =
  | (CaseBase & { readonly result: 'valid'; readonly out: Json })
  | (CaseBase & { readonly result: 'invalid'; readonly reject: { readonly code: string; readonly penalty?: number } })
  | (CaseBase & { readonly result: 'acceptable'; readonly either: readonly Outcome[] });

/** A conversation with one engine; `effects` are patterns. */
export interface TranscriptCase {
  readonly id: string;
  readonly rule: string;
  readonly level: 'MUST' | 'SHOULD' | 'MAY';
  readonly comment: string;
  readonly engine: string;
  readonly config: Fields;
  readonly steps: readonly { readonly now: number; readonly in: Fields; readonly effects: Json }[];
}

/** The content of one file below `spec/vectors/<suite>/`. */
export interface VectorDocument {
  readonly suite: string;
  readonly specVersion: 1;
  /** Where the bytes come from. */
  readonly source: string;
  /** Every flag that a case names: which class of bug it hunts. */
  readonly notes: { readonly [flag: string]: { readonly bugClass: string; readonly description: string } };
  readonly tests: readonly VectorCase[];
  readonly transcripts?: readonly TranscriptCase[];
}

/** A document and its place below `spec/vectors/`, with forward slashes. */
export interface VectorFile {
  readonly path: string;
  readonly content: VectorDocument;
}

/** Writes the vector files of one suite from the folder of captured files. */
export type SuiteWriter = (captured: string) => readonly VectorFile[];

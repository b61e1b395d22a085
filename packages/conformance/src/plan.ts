import type { Problem } from './codes.ts';
import { CONDUCT_CASES, CONDUCT_SUITE, type ConductCase } from './conduct.ts';
import { fieldOf } from './json.ts';
import type { CaseHead, Transcript, VectorCase, VectorDocument } from './vectors.ts';

/** A document that fits the schema, and where it was found, relative to the folder of vectors. */
export interface VectorFile {
  readonly path: string;
  readonly document: VectorDocument;
}

/** One case of any kind, with the suite and the file that it stands in. */
export type PlannedCase = { readonly suite: string; readonly path: string } & (
  | { readonly kind: 'conduct'; readonly test: ConductCase }
  | { readonly kind: 'vector'; readonly test: VectorCase; readonly profile: string | undefined }
  | { readonly kind: 'transcript'; readonly test: Transcript; readonly profile: string | undefined }
);

/** Which cases to run. A part that is left out lets every case through. */
export interface Selection {
  /** Patterns over the suite (`posts`) or the file without its ending (`posts/limit`); `*` and `?` as in a shell. */
  readonly suites?: readonly string[];
  /** Patterns over rule ids. */
  readonly rules?: readonly string[];
  /** Patterns over case ids. */
  readonly ids?: readonly string[];
  /** Only cases of this profile and cases of operations that have no profiles. */
  readonly profile?: string;
}

/** A known failure: the case it is about and why it is put up with. */
export interface KnownFailure {
  readonly id: string;
  readonly reason: string;
}

/** Every case there is, the kit's own about conduct first, then those of the files in the order of their paths. */
export function planOf(files: readonly VectorFile[]): PlannedCase[] {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  const profiled = operationsWithProfiles(sorted);
  const conduct = CONDUCT_CASES.map(
    (test): PlannedCase => ({ kind: 'conduct', suite: CONDUCT_SUITE, path: CONDUCT_SUITE, test }),
  );
  const rest = sorted.flatMap(({ path, document }): PlannedCase[] => {
    const { suite, tests = [], transcripts = [] } = document;
    return [
      ...tests.map((test): PlannedCase => {
        const profile = profiled.has(test.op) ? profileOf(test.in) : undefined;
        return { kind: 'vector', suite, path, test, profile };
      }),
      ...transcripts.map((test): PlannedCase => {
        const named = fieldOf(test.config, 'profile');
        return { kind: 'transcript', suite, path, test, profile: typeof named === 'string' ? named : undefined };
      }),
    ];
  });
  return [...conduct, ...rest];
}

/** The cases that a selection lets through, in order. */
export function selectCases(plan: readonly PlannedCase[], selection: Selection): PlannedCase[] {
  const suites = selection.suites?.map(globOf);
  const rules = selection.rules?.map(globOf);
  const ids = selection.ids?.map(globOf);
  return plan.filter((planned) => {
    const { suite, path, test } = planned;
    if (suites && !suites.some((glob) => glob.test(suite) || glob.test(path.replace(/\.json$/, '')))) return false;
    if (rules && !rules.some((glob) => glob.test(test.rule))) return false;
    if (ids && !ids.some((glob) => glob.test(test.id))) return false;
    const profile = 'profile' in planned ? planned.profile : undefined;
    return selection.profile === undefined || profile === undefined || profile === selection.profile;
  });
}

/** Ids that are used twice and known failures of cases that do not exist. */
export function problemsOf(plan: readonly PlannedCase[], known: readonly KnownFailure[] = []): Problem[] {
  const seen = new Map<string, string>();
  const problems: Problem[] = [];
  for (const { path, test } of plan) {
    const other = seen.get(test.id);
    if (other !== undefined) problems.push({ code: 'double-id', detail: `${test.id} stands in ${other} and ${path}` });
    seen.set(test.id, path);
  }
  for (const { id } of known) {
    if (!seen.has(id))
      problems.push({ code: 'unknown-case', detail: `${id} is known to fail, but there is no such case` });
  }
  return problems;
}

/** What `show` prints and reports name: the operation or the engine of a case, or that it is about conduct. */
export function subjectOf({ kind, test }: PlannedCase): string {
  if (kind === 'vector') return test.op;
  return kind === 'transcript' ? `engine ${test.engine}` : 'conduct';
}

/** The head of a case, without what it sends and expects. */
export function headOf({ test }: PlannedCase): CaseHead {
  return { id: test.id, rule: test.rule, level: test.level, comment: test.comment };
}

/** An operation has profiles if any case names one; left out, `canonical` is meant then. */
function operationsWithProfiles(files: readonly VectorFile[]): Set<string> {
  const tests = files.flatMap(({ document }) => document.tests ?? []);
  return new Set(tests.filter((test) => Object.hasOwn(test.in, 'profile')).map(({ op }) => op));
}

function profileOf(input: VectorCase['in']): string {
  const named = fieldOf(input, 'profile');
  return typeof named === 'string' ? named : 'canonical';
}

function globOf(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`);
}

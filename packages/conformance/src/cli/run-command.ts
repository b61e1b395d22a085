import process from 'node:process';
import type { Problem } from '../codes.ts';
import { parseKnown } from '../known.ts';
import { KIT_LIMITS } from '../limits.ts';
import { type KnownFailure, problemsOf, type Selection, selectCases } from '../plan.ts';
import { isClean } from '../report.ts';
import { runCases } from '../run.ts';
import { loadData, readJson } from './data.ts';
import { CommandError } from './failure.ts';
import { ProcessDriver } from './process-driver.ts';
import { startProgress } from './progress.ts';
import { type ReportName, writeReports } from './reports.ts';

/** What `run` was told. */
export interface RunCommand {
  readonly driver: string;
  readonly selection: Selection;
  readonly reports: readonly ReportName[];
  readonly known: string | undefined;
  readonly timeoutMs: number;
  readonly restarts: number;
  readonly out: string;
  readonly vectors: string | undefined;
}

/** Runs the cases, writes the reports and gives the exit status: 0 only if nothing unexpected happened (rule CONF-10). */
export async function runCommand(command: RunCommand): Promise<number> {
  const known = command.known === undefined ? [] : readKnown(command.known);
  const { plan, problems: faulty } = loadData(command.vectors);
  const cases = selectCases(plan, command.selection);
  const nothing: Problem[] =
    cases.length > 0 ? [] : [{ code: 'nothing-selected', detail: 'no case fits what was asked for' }];
  const problems = [...faulty, ...problemsOf(plan, known), ...nothing];

  const driver = new ProcessDriver(command.driver, { ...KIT_LIMITS, timeoutMs: command.timeoutMs });
  const kill = () => driver.kill();
  process.once('exit', kill);
  for (const [signal, status] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    process.once(signal, () => process.exit(status));
  }

  const progress = startProgress(cases.length, process.stderr);
  const onResult = progress.update;
  const report = await runCases(cases, driver, { known, problems, restarts: command.restarts, onResult });
  progress.end();
  process.off('exit', kill);
  writeReports(report, command.reports, command.out, {
    write: (text) => process.stdout.write(text),
    colour: process.stdout.isTTY === true && process.env.NO_COLOR === undefined,
  });
  return isClean(report) ? 0 : 1;
}

function readKnown(file: string): readonly KnownFailure[] {
  const known = parseKnown(readJson(file));
  if (!known.ok) throw new CommandError(`${file}: ${known.detail}`);
  return known.value;
}

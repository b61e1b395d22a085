import { isClean, type RunReport, totalsOf } from './report.ts';

/**
 * Writes a report for programs: `{"ok","driver","totals","restarts","problems","faults","results"}`, each result with `id`, `suite`, `path`,
 * `rule`, `level`, `comment`, `subject`, `status`, `code` (of errors), `detail` and `elapsedMs`.
 */
export function formatJson(report: RunReport): string {
  const { driver, restarts, problems, faults, results } = report;
  const content = {
    ok: isClean(report),
    driver: driver ?? null,
    totals: totalsOf(results),
    restarts,
    problems,
    faults,
    results,
  };
  return `${JSON.stringify(content, undefined, 1)}\n`;
}

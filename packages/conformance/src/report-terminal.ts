import { cleanText } from './escape.ts';
import { KIT_LIMITS } from './limits.ts';
import {
  bySuite,
  type CaseResult,
  isClean,
  type RunReport,
  STATUSES,
  type Status,
  summaryOf,
  totalsOf,
  UNEXPECTED,
} from './report.ts';

const COLOURS: Readonly<Record<Status, number>> = {
  pass: 32,
  warn: 33,
  fail: 31,
  error: 31,
  skip: 90,
  known: 36,
  fixed: 31,
};

/** How a terminal report looks. */
export interface TerminalStyle {
  /** Whether to use escape sequences for colour. */
  readonly colour?: boolean;
}

/** Writes a report for people at a terminal: a table of the suites, then what failed, then one line that sums it up. */
export function formatTerminal(report: RunReport, { colour = false }: TerminalStyle = {}): string {
  const paint = (status: Status, text: string) => (colour ? `\u001b[${COLOURS[status]}m${text}\u001b[0m` : text);
  const { driver, results, faults, problems } = report;
  const unexpected = results.filter(({ status }) => UNEXPECTED.includes(status));
  const warned = results.filter(({ status }) => status === 'warn');
  const lines = [
    driver ? cleanText(`${driver.name} ${driver.version} (${driver.language})`) : 'a driver that never said what it is',
    '',
    ...table(report),
    ...listed(unexpected, paint),
    ...listed(warned, paint),
    ...skips(results),
    ...problems.map(({ code, detail }) => paint('fail', `INPUT ${code}: ${cleanText(detail)}`)),
    ...faults.map(({ code, detail }) => paint('error', `DRIVER ${code}: ${cleanText(detail)}`)),
    ...(report.restarts > 0 ? [`The driver was started again ${times(report.restarts)}.`] : []),
    '',
    `${paint(isClean(report) ? 'pass' : 'fail', isClean(report) ? 'ok' : 'NOT ok')}: ${summaryOf(report)}`,
  ];
  return `${lines.filter((line, index) => line !== '' || lines[index - 1] !== '').join('\n')}\n`;
}

function table({ results }: RunReport): string[] {
  const rows = [...bySuite(results)].map(([suite, list]) => {
    const totals = totalsOf(list);
    return [cleanText(suite), ...STATUSES.map((status) => (totals[status] === 0 ? '' : String(totals[status])))];
  });
  const used = STATUSES.map((_, column) => rows.some((row) => row[column + 1] !== ''));
  const cells = [['suite', ...STATUSES], ...rows].map((row) => row.filter((_, i) => i === 0 || used[i - 1]));
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  const lines = cells.map((row) =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join('  ')
      .trimEnd(),
  );
  return rows.length === 0 ? [] : [...lines, ''];
}

function listed(results: readonly CaseResult[], paint: (status: Status, text: string) => string): string[] {
  const lines = results.slice(0, KIT_LIMITS.listedCases).flatMap((result) => {
    const { status, id, rule, level, subject, comment, code, detail } = result;
    const label = paint(status, (code ?? status).toUpperCase());
    return [`${label} ${id}  ${rule} ${level}  ${subject}`, `  ${cleanText(comment)}`, `  ${cleanText(detail)}`, ''];
  });
  const left = results.length - KIT_LIMITS.listedCases;
  return left > 0 ? [...lines, `… and ${left} more; the other reports list all.`, ''] : lines;
}

function skips(results: readonly CaseResult[]): string[] {
  const reasons = new Map<string, number>();
  for (const { status, detail } of results) {
    if (status === 'skip') reasons.set(detail, (reasons.get(detail) ?? 0) + 1);
  }
  const lines = [...reasons].slice(0, KIT_LIMITS.listedReasons).map(([reason, count]) => {
    return `skipped ${count}: ${cleanText(reason)}`;
  });
  const left = reasons.size - lines.length;
  return left > 0 ? [...lines, `… and ${left} more reasons.`] : lines;
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

import { escapeMarkup } from './escape.ts';
import { bySuite, type CaseResult, type RunReport, totalsOf } from './report.ts';

/**
 * Writes a report in the XML of JUnit, which build servers read: a suite each, a case each. Failures and cases that pass against
 * expectation are `failure`, unusable answers `error`; skipped cases and known failures are `skipped`. What is wrong outside of the cases
 * forms a suite of its own named `run`.
 */
export function formatJunit(report: RunReport): string {
  const suites = [...bySuite(report.results)].map(([name, results]) => formatSuite(name, results));
  const outside = [...report.problems, ...report.faults];
  const run = outside.map(({ code, detail }, index) => {
    const head = `<testcase classname="run" name="${escapeMarkup(`${code}-${index}`)}" time="0">`;
    return `  ${head}<error type="${code}" message="${escapeMarkup(detail)}"/></testcase>`;
  });
  const counts = `tests="${run.length}" failures="0" errors="${run.length}" skipped="0" time="0"`;
  const extra = run.length === 0 ? [] : [` <testsuite name="run" ${counts}>\n${run.join('\n')}\n </testsuite>`];
  const name = escapeMarkup(report.driver?.name ?? 'unknown driver');
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${name}">`,
    ...suites,
    ...extra,
    '</testsuites>',
    '',
  ].join('\n');
}

function formatSuite(name: string, results: readonly CaseResult[]): string {
  const { fail, fixed, error, skip, known } = totalsOf(results);
  const seconds = secondsOf(results.reduce((sum, { elapsedMs }) => sum + elapsedMs, 0));
  const counts = `tests="${results.length}" failures="${fail + fixed}" errors="${error}" skipped="${skip + known}"`;
  const cases = results.map(formatCase);
  return ` <testsuite name="${escapeMarkup(name)}" ${counts} time="${seconds}">\n${cases.join('\n')}\n </testsuite>`;
}

function formatCase(result: CaseResult): string {
  const { id, rule, subject, status, code, detail, elapsedMs } = result;
  const classname = escapeMarkup(`${result.suite}.${rule}`);
  const head = `  <testcase classname="${classname}" name="${escapeMarkup(id)}" time="${secondsOf(elapsedMs)}"`;
  const message = escapeMarkup(`${rule} ${subject}: ${detail}`);
  switch (status) {
    case 'pass':
      return `${head}/>`;
    case 'warn':
      return `${head}><system-out>${message}</system-out></testcase>`;
    case 'fail':
    case 'fixed':
      return `${head}><failure type="${status}" message="${message}"/></testcase>`;
    case 'error':
      return `${head}><error type="${code ?? status}" message="${message}"/></testcase>`;
    case 'skip':
    case 'known':
      return `${head}><skipped message="${message}"/></testcase>`;
  }
}

function secondsOf(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

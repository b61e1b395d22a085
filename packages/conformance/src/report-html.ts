import { escapeMarkup } from './escape.ts';
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

const STYLE = `
:root { color-scheme: light dark; --line: #8884; --bad: #c62828; --good: #2e7d32; --odd: #b26a00; }
@media (prefers-color-scheme: dark) { :root { --bad: #ff8a80; --good: #81c784; --odd: #ffb74d; } }
* { box-sizing: border-box; }
body { font: 16px/1.45 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.4rem; margin: 0 0 .5rem; } h2 { font-size: 1.1rem; margin: 1.5rem 0 .5rem; }
.bad { color: var(--bad); } .good { color: var(--good); } .odd { color: var(--odd); }
.wide { overflow-x: auto; } table { border-collapse: collapse; } th, td { padding: .25rem .6rem; text-align: right; }
th:first-child, td:first-child { text-align: left; } tr + tr { border-top: 1px solid var(--line); }
details { border: 1px solid var(--line); border-radius: .4rem; margin: .4rem 0; padding: .4rem .6rem; }
summary { cursor: pointer; } details details { border: 0; border-top: 1px solid var(--line); border-radius: 0; }
p { margin: .3rem 0; } .small { font-size: .85rem; opacity: .8; }
code, .detail { font: .85rem/1.4 ui-monospace, monospace; } .detail { white-space: pre-wrap; }
`;

const TONES: Readonly<Record<Status, string>> = {
  pass: 'good',
  warn: 'odd',
  fail: 'bad',
  error: 'bad',
  skip: '',
  known: 'odd',
  fixed: 'bad',
};

/**
 * Writes a report as one page of HTML that needs nothing else: no script, no font, no image, no address. It fits a phone's
 * width and follows the reader's choice of light or dark. Everything a driver wrote is escaped.
 */
export function formatHtml(report: RunReport): string {
  const { driver, results, faults, problems } = report;
  const clean = isClean(report);
  const name = driver ? `${driver.name} ${driver.version} (${driver.language})` : 'A driver that never said what it is';
  const outside = [...problems, ...faults].map(
    ({ code, detail }) => `<p class="bad"><code>${code}</code> ${escapeMarkup(detail)}</p>`,
  );
  const title = escapeMarkup(`${clean ? 'Passed' : 'Failed'}: ${name}`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escapeMarkup(name)}</h1>
<p class="${clean ? 'good' : 'bad'}"><strong>${clean ? 'Nothing unexpected.' : 'Not as it must be.'}</strong> ${escapeMarkup(summaryOf(report))}</p>
${outside.join('\n')}
${table(results)}
${unexpected(results)}
<h2>Every case</h2>
${[...bySuite(results)].map(([suite, list]) => suiteDetails(suite, list)).join('\n')}
</body>
</html>
`;
}

function table(results: readonly CaseResult[]): string {
  const used = STATUSES.filter((status) => results.some((result) => result.status === status));
  const rows = [...bySuite(results)].map(([suite, list]) => {
    const totals = totalsOf(list);
    const cells = used.map((status) => `<td class="${TONES[status]}">${totals[status] || ''}</td>`);
    return `<tr><td>${escapeMarkup(suite)}</td>${cells.join('')}</tr>`;
  });
  const head = used.map((status) => `<th>${status}</th>`).join('');
  return `<div class="wide"><table>\n<tr><th>suite</th>${head}</tr>\n${rows.join('\n')}\n</table></div>`;
}

function unexpected(results: readonly CaseResult[]): string {
  const bad = results.filter(({ status }) => UNEXPECTED.includes(status));
  if (bad.length === 0) return '';
  return `<h2>Unexpected</h2>\n${bad.map((result) => caseDetails(result, true)).join('\n')}`;
}

function suiteDetails(suite: string, results: readonly CaseResult[]): string {
  const totals = totalsOf(results);
  const counts = STATUSES.filter((status) => totals[status] > 0).map((status) => `${totals[status]} ${status}`);
  const cases = results.map((result) => caseDetails(result, false)).join('\n');
  return `<details><summary>${escapeMarkup(suite)}: ${counts.join(', ')}</summary>\n${cases}\n</details>`;
}

function caseDetails(result: CaseResult, open: boolean): string {
  const { id, rule, level, subject, status, code, comment, detail } = result;
  const label = `<span class="${TONES[status]}">${escapeMarkup(code ?? status)}</span>`;
  const facts = `<p class="small">${escapeMarkup(`${rule} · ${level} · ${subject}`)}</p>`;
  const found = detail === '' ? '' : `<p class="detail">${escapeMarkup(detail)}</p>`;
  return `<details${open ? ' open' : ''}><summary>${label} <code>${escapeMarkup(id)}</code></summary>${facts}<p>${escapeMarkup(comment)}</p>${found}</details>`;
}

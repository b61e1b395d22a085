import { expect, test } from 'vitest';
import {
  type CaseResult,
  cleanText,
  escapeMarkup,
  formatHtml,
  formatJson,
  formatJunit,
  formatTerminal,
  type RunReport,
  STATUSES,
} from '../src/index.ts';

/** Any control character but tab and line feed. */
const CONTROL = /[^\P{Control}\t\n]/u;
const hostile = '<script>alert(1)</script> & "quotes" \u001b[31m\u0000\ud800 end';
const results = STATUSES.map((status, index): CaseResult => {
  const head = { id: `test-${status}`, rule: 'CONF-1', level: 'MUST', comment: hostile, subject: 'test.do' } as const;
  const place = { suite: index % 2 === 0 ? 'even' : 'odd', path: 'test.json' };
  const fault = status === 'error' ? { code: 'died' as const } : {};
  return { ...head, ...place, ...fault, status, detail: status === 'pass' ? '' : hostile, elapsedMs: 1.5 };
});
const report: RunReport = {
  driver: { name: hostile, version: '1', language: 'X', homepage: '', ops: [], engines: [], profiles: [] },
  results,
  faults: [{ code: 'bad-goodbye', detail: hostile }],
  problems: [{ code: 'bad-vectors', detail: hostile }],
  restarts: 2,
};

/** Whether every element of XML or HTML is closed by its like, in order. */
function isBalanced(markup: string, empty: readonly string[]): boolean {
  const open: string[] = [];
  for (const [, end, name = '', rest = ''] of markup.matchAll(/<(\/?)([a-z][a-z0-9]*)([^>]*)>/g)) {
    if (end === '/') {
      if (open.pop() !== name) return false;
    } else if (!rest.endsWith('/') && !empty.includes(name)) open.push(name);
  }
  return open.length === 0;
}

test('nothing that a driver writes gets through as markup or control', () => {
  for (const text of [formatHtml(report), formatJunit(report)]) {
    expect(text).not.toContain('<script');
    expect(text).not.toContain('alert(1)</script>');
    expect(text).not.toMatch(CONTROL);
    expect(text).not.toMatch(/\p{Surrogate}/u);
  }
  expect(formatTerminal(report)).not.toMatch(CONTROL);
  expect(cleanText('a\tb\nc\u009bd')).toBe('a\tb\nc\ufffdd');
  expect(escapeMarkup('\'"<>&😀')).toBe('&#39;&quot;&lt;&gt;&amp;😀');
});

test('the page needs nothing else, works without script and names the width of the device', () => {
  const html = formatHtml(report);
  expect(isBalanced(html.replace('<!doctype html>', ''), ['meta'])).toBe(true);
  expect(html).not.toMatch(/\b(?:src|href)=|https?:|@import|url\(/);
  expect(html).toContain('name="viewport" content="width=device-width');
  for (const { id } of results) expect(html).toContain(id);
});

test('the XML is balanced and its counts are those of the cases', () => {
  const xml = formatJunit(report);
  expect(isBalanced(xml.replace(/<\?.*\?>/, ''), [])).toBe(true);
  expect(xml).toContain('<testsuite name="even" tests="4" failures="2" errors="0" skipped="1"');
  expect(xml).toContain('<testsuite name="odd" tests="3" failures="0" errors="1" skipped="1"');
  expect(xml).toContain('<testsuite name="run" tests="2" failures="0" errors="2"');
  expect(xml.match(/<failure /g)).toHaveLength(2);
});

test('the JSON says the same', () => {
  const content = JSON.parse(formatJson(report)) as Record<string, unknown>;
  expect(content).toMatchObject({ ok: false, restarts: 2, totals: { pass: 1, fail: 1, known: 1 } });
  expect(content.results).toHaveLength(results.length);
});

test('the terminal report sums up in its last line, with colour only if it is asked for', () => {
  const text = formatTerminal(report);
  expect(text.trimEnd().split('\n').at(-1)).toBe(
    'NOT ok: 2 passed (1 with a warning), 1 failed, 1 error, 1 failed as known, 1 passed though known to fail, ' +
      '1 skipped, 1 fault of the driver, 1 problem with the input',
  );
  expect(text).toContain('DIED test-error');
  expect(formatTerminal(report, { colour: true })).toContain('\u001b[31m');
});

test('a thousand failures do not fill a terminal', () => {
  const many = { ...report, results: Array.from({ length: 1000 }, () => results[2]!) };
  expect(formatTerminal(many).split('\n').length).toBeLessThan(250);
  expect(formatTerminal(many)).toContain('and 950 more');
});

test('a run without a driver has every report', () => {
  const { driver: _, ...nobody } = report;
  for (const format of [formatTerminal, formatJson, formatJunit, formatHtml]) expect(format(nobody)).not.toBe('');
});

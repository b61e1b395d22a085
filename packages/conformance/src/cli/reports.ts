import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunReport } from '../report.ts';
import { formatHtml } from '../report-html.ts';
import { formatJson } from '../report-json.ts';
import { formatJunit } from '../report-junit.ts';
import { formatTerminal } from '../report-terminal.ts';
import { CommandError } from './failure.ts';

/** The reports that go into files, and how their files are named. */
const FILES = {
  json: { file: 'conformance.json', format: formatJson },
  junit: { file: 'conformance.xml', format: formatJunit },
  html: { file: 'conformance.html', format: formatHtml },
} as const;

/** Every report that can be asked for. */
export const REPORTS = ['terminal', 'json', 'junit', 'html'] as const;
export type ReportName = (typeof REPORTS)[number];

/** Reads `terminal,json`; undefined if one of the names is unknown. */
export function parseReports(text: string): ReportName[] | undefined {
  const names = text.split(',').map((name) => name.trim());
  const known = names.filter((name): name is ReportName => (REPORTS as readonly string[]).includes(name));
  return known.length === names.length ? known : undefined;
}

/** Writes the reports: `terminal` to standard output, the others into a folder, which is made if it is missing. */
export function writeReports(
  report: RunReport,
  names: readonly ReportName[],
  folder: string,
  terminal: { readonly write: (text: string) => void; readonly colour: boolean },
): void {
  for (const name of new Set(names)) {
    if (name === 'terminal') {
      terminal.write(formatTerminal(report, { colour: terminal.colour }));
      continue;
    }
    const { file, format } = FILES[name];
    const path = join(folder, file);
    try {
      mkdirSync(folder, { recursive: true });
      writeFileSync(path, format(report));
    } catch (error) {
      throw new CommandError(`${path} cannot be written: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}`);
    }
    terminal.write(`${name} report: ${path}\n`);
  }
}

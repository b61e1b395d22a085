import { formatDiagram } from './diagram.ts';
import type { Failure } from './failure.ts';
import type { Json } from './plan.ts';
import type { RunSize, Shrunk } from './shrink.ts';

/** What reports and tests are called by, and how they show messages. */
export interface ReportOptions {
  /** Name of the scenario. */
  readonly name?: string | undefined;
  /** A few words for a message. */
  readonly describe?: ((bytes: Uint8Array) => string) | undefined;
  /** Test runner of the ready-made test; Vitest unless given. */
  readonly runner?: 'vitest' | 'node' | undefined;
  /** How the ready-made test gets at the scenario; a line to fill in unless given. */
  readonly scenarioImport?: string | undefined;
}

/** A failure in words: code, node, event, time, seed, and what was wrong. One line. */
export function formatFailure(failure: Failure): string {
  const what = failure.check === undefined ? failure.code : `${failure.code} "${failure.check}"`;
  return `${what} at node ${failure.node}, event ${failure.event}, ${failure.at} ms, seed ${failure.seed}: ${failure.detail}`;
}

/** The whole story of a failure: what, the last events as a diagram, and a test that fails in the same way. */
export function formatReport(failure: Failure, shrunk: Shrunk | undefined, options: ReportOptions = {}): string {
  const name = options.name ?? 'simulation';
  const parts = [`${name}: ${formatFailure(failure)}`];
  if (shrunk === undefined) {
    parts.push(formatDiagram(failure.last, { describe: options.describe, last: 32 }));
    return parts.join('\n\n');
  }
  const { before, after } = shrunk;
  parts.push(
    `Cut down in ${shrunk.runs} runs from ${sizeText(before)} to ${sizeText(after)}, of which the last:`,
    formatDiagram(shrunk.failure.last, { describe: options.describe, last: 32 }),
    'As a test:',
    formatTest(shrunk, options),
  );
  return parts.join('\n\n');
}

/** A test file in JavaScript that fails as the shrunk run does, and passes once the bug is gone. */
export function formatTest(shrunk: Shrunk, options: ReportOptions = {}): string {
  const { failure, schedule } = shrunk;
  const name = options.name ?? 'simulation';
  const title = `${name}: ${failure.check ?? failure.code} (seed ${failure.seed})`;
  const call = schedule === undefined ? 'run' : 'replay';
  const node = options.runner === 'node';
  const imports = node
    ? ["import assert from 'node:assert/strict';", "import { test } from 'node:test';"]
    : ["import { expect, test } from 'vitest';"];
  const lines = [
    ...imports,
    `import { ${call}, formatFailure } from '@rookery/simnet';`,
    options.scenarioImport ?? "import { scenario } from './scenario.js';",
    '',
    `test(${quote(title)}, () => {`,
    `  const { failure } = ${call}(scenario, ${schedule === undefined ? printPlan(shrunk) : printSchedule(shrunk)});`,
    node
      ? '  assert.equal(failure && formatFailure(failure), undefined);'
      : '  expect(failure && formatFailure(failure)).toBeUndefined();',
    '});',
  ];
  return `${lines.join('\n')}\n`;
}

function sizeText({ nodes, events, faults }: RunSize): string {
  return `${many(nodes, 'node')}, ${many(events, 'event')} and ${many(faults, 'fault')}`;
}

function many(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}

function printSchedule({ schedule }: Shrunk): string {
  if (schedule === undefined) return '';
  const entries = schedule.entries.map(
    (entry, index) => `      /* ${index} */ ${printJson(entry as unknown as Json)},`,
  );
  return `{\n    seed: ${schedule.seed},\n    nodes: ${schedule.nodes},\n    entries: [\n${entries.join('\n')}\n    ],\n  }`;
}

function printPlan({ plan }: Shrunk): string {
  const fields = Object.entries(plan).filter(([, value]) => value !== undefined);
  const lines = fields.map(([field, value]) => {
    if (field !== 'steps') return `    ${field}: ${printJson(value as Json)},`;
    const steps = (value as readonly Json[]).map((step) => `      ${printJson(step)},`);
    return steps.length === 0 ? '    steps: [],' : `    steps: [\n${steps.join('\n')}\n    ],`;
  });
  return `{\n${lines.join('\n')}\n  }`;
}

/** JSON with the house style of JavaScript: bare names of fields, single quotes. */
function printJson(value: Json): string {
  if (typeof value === 'string') return quote(value);
  if (Array.isArray(value)) return `[${value.map(printJson).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  const name = (field: string): string => (/^[A-Za-z_]\w*$/.test(field) ? field : quote(field));
  return `{ ${fields.map(([field, inner]) => `${name(field)}: ${printJson(inner)}`).join(', ')} }`;
}

function quote(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

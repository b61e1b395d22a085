#!/usr/bin/env node
import process from 'node:process';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { coverageOf, formatCoverage } from '../coverage.ts';
import { KIT_LIMITS } from '../limits.ts';
import { type Selection, selectCases, subjectOf } from '../plan.ts';
import { loadData, loadRules, loadRuleText, loadSkeleton, packageVersion } from './data.ts';
import { CommandError } from './failure.ts';
import { parseReports, REPORTS, type ReportName } from './reports.ts';
import { runCommand } from './run-command.ts';

/** Exit status for a command that was not understood or could not begin; 1 is for runs with something unexpected. */
const MISUSE = 2;

const SKELETONS = { typescript: 'driver.ts', python: 'driver.py' } as const;

interface SelectionOptions {
  readonly suite?: string[];
  readonly rule?: string[];
  readonly case?: string[];
  readonly profile?: string;
}
interface RunOptions extends SelectionOptions {
  readonly driver: string;
  readonly report: ReportName[];
  readonly known?: string;
  readonly timeout: number;
  readonly restarts: number;
  readonly out: string;
  readonly vectors?: string;
}

const program = new Command('conformance')
  .description('Tests an implementation of the protocols, in any language, through its driver.')
  .version(packageVersion())
  .exitOverride()
  .showSuggestionAfterError(false)
  .configureOutput({ outputError: (text, write) => write(`conformance: ${text.replace(/^error: /, '')}`) });

selectable(program.command('run'))
  .description('run the cases against a driver and report')
  .requiredOption('--driver <command>', 'the command that starts the driver; it goes through the shell')
  .option('--report <names>', `${REPORTS.join(', ')}; several with commas between`, reports, ['terminal'])
  .option('--known <file>', 'known failures, each with its reason')
  .option('--timeout <ms>', 'how long one answer may take', milliseconds, KIT_LIMITS.timeoutMs)
  .option('--restarts <count>', 'how often a driver that died is started again', count, KIT_LIMITS.restarts)
  .option('--out <folder>', 'where the files of the reports go', '.')
  .option('--vectors <folder>', 'other vectors than those that come with the kit')
  .action(async (options: RunOptions) => {
    const { driver, report, known, timeout, restarts, out, vectors } = options;
    process.exitCode = await runCommand({
      driver,
      selection: selectionOf(options),
      reports: report,
      known,
      timeoutMs: timeout,
      restarts,
      out,
      vectors,
    });
  });

selectable(program.command('list'))
  .description('list the cases: id, rule, level, result and operation')
  .option('--vectors <folder>', 'other vectors than those that come with the kit')
  .action((options: SelectionOptions & { readonly vectors?: string }) => {
    const { plan, problems } = loadData(options.vectors);
    for (const planned of selectCases(plan, selectionOf(options))) {
      const { id, rule, level } = planned.test;
      const result = planned.kind === 'vector' ? planned.test.result : planned.kind;
      process.stdout.write(`${[id, rule, level, result, subjectOf(planned)].join('\t')}\n`);
    }
    complain(problems);
  });

program
  .command('show')
  .description('show one case: what is sent and what must come back; or one rule with its cases')
  .argument('<id>', 'of a case, such as posts-limit-alice, or of a rule, such as POST-7')
  .option('--vectors <folder>', 'other vectors than those that come with the kit')
  .action((id: string, options: { readonly vectors?: string }) => {
    const rules = loadRules();
    const rule = rules.find((one) => one.id === id);
    const { plan } = loadData(options.vectors);
    if (rule !== undefined) {
      const cases = plan.filter(({ test }) => test.rule === id).map(({ test }) => `- ${test.id}: ${test.comment}\n`);
      process.stdout.write(`${loadRuleText(rule)}\n${cases.length} cases\n${cases.join('')}`);
      return;
    }
    const planned = plan.find(({ test }) => test.id === id);
    if (planned === undefined) throw new CommandError(`there is no case and no rule ${id}`);
    const stated = rules.find((one) => one.id === planned.test.rule);
    const about = stated === undefined ? {} : { ruleTitle: stated.title, rulePage: `spec/${stated.page}` };
    const shown = { suite: planned.suite, path: planned.path, ...about, ...planned.test };
    process.stdout.write(`${JSON.stringify(shown, undefined, 2)}\n`);
  });

program
  .command('coverage')
  .description('list the rules of the specification that lack cases')
  .option('--vectors <folder>', 'other vectors than those that come with the kit')
  .action((options: { readonly vectors?: string }) => {
    const { plan, problems } = loadData(options.vectors);
    process.stdout.write(formatCoverage(coverageOf(loadRules(), plan)));
    complain(problems);
  });

program
  .command('skeleton')
  .description('print a small driver to start from')
  .argument('<language>', Object.keys(SKELETONS).join(' or '))
  .action((language: string) => {
    const file = Object.hasOwn(SKELETONS, language) ? SKELETONS[language as keyof typeof SKELETONS] : undefined;
    if (file === undefined) throw new CommandError(`there is no skeleton in ${language}`);
    process.stdout.write(loadSkeleton(file));
  });

/** The options that choose among the cases. */
function selectable(command: Command): Command {
  return command
    .option('--suite <glob>', 'only these suites or files, such as posts or "chain/*"; may be repeated', collect)
    .option('--rule <glob>', 'only cases of these rules, such as "POST-*"; may be repeated', collect)
    .option('--case <glob>', 'only cases with these ids; may be repeated', collect)
    .option('--profile <name>', 'only cases of this profile, and cases of operations that have none');
}

function selectionOf({ suite, rule, case: ids, profile }: SelectionOptions): Selection {
  return {
    ...(suite && { suites: suite }),
    ...(rule && { rules: rule }),
    ...(ids && { ids }),
    ...(profile !== undefined && { profile }),
  };
}

function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

function reports(value: string): ReportName[] {
  const names = parseReports(value);
  if (names === undefined) throw new InvalidArgumentError(`The reports are ${REPORTS.join(', ')}.`);
  return names;
}

function milliseconds(value: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < 1 || number > 0x7fffffff) {
    throw new InvalidArgumentError('It must be a whole number of milliseconds.');
  }
  return number;
}

function count(value: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < 0 || value.trim() === '') {
    throw new InvalidArgumentError('It must be a whole number.');
  }
  return number;
}

/** Vectors that do not fit are no reason to keep the rest back, but none to stay silent either. */
function complain(problems: readonly { readonly detail: string }[]): void {
  for (const { detail } of problems) process.stderr.write(`conformance: ${detail}\n`);
  if (problems.length > 0) process.exitCode = 1;
}

// A reader that has seen enough closes the pipe: `conformance list | head`.
process.stdout.on('error', () => process.exit(0));

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : MISUSE;
  } else if (error instanceof CommandError) {
    process.stderr.write(`conformance: ${error.message}\n`);
    process.exitCode = MISUSE;
  } else {
    throw error;
  }
}

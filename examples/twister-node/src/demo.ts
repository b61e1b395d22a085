#!/usr/bin/env node
import { registerUsers, replaceKey, startNodes, stopNodes, survive, talk, whisper } from './demo/play.ts';
import { Stage } from './demo/stage.ts';
import { reasonOf } from './failure.ts';

/** The whole play takes a few seconds; whoever waits longer waits for nothing. */
const LONGEST_MS = 55_000;

const stage = new Stage();
process.on('exit', () => stage.clear());
for (const [signal, status] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)
  process.on(signal, () => process.exit(status));
setTimeout(() => fail(new Error('the demonstration takes too long')), LONGEST_MS).unref();

try {
  const cast = await startNodes(stage);
  await registerUsers(stage, cast);
  await talk(stage, cast);
  await whisper(stage, cast);
  await replaceKey(stage, cast);
  await survive(stage, cast);
  await stopNodes(stage, cast);
  process.stdout.write(`\nAll of it held, in ${stage.elapsed} s. No process and no file is left.\n`);
} catch (error) {
  fail(error);
}

function fail(error: unknown): never {
  process.stderr.write(`\nThe demonstration failed: ${reasonOf(error)}\n`);
  process.exit(1);
}

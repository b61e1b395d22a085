#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { Command } from 'commander';
import {
  exchangeMessages,
  exchangePosts,
  exchangeValues,
  mineInTurns,
  registerUsers,
  reorganise,
  replaceKeys,
  startBoth,
  stopBoth,
  surviveKill,
  teachNewcomer,
} from './interop/play.ts';
import { perform } from './stage/perform.ts';

/** Most of it is proof of work: two registrations, two replacements and some thirty blocks at the real difficulty. */
const LONGEST_MS = 1_500_000;

const program = new Command('interop')
  .description(
    'Runs a node against a deployed daemon on 127.0.0.1, on main parameters and a chain of their own: blocks, registrations, posts, messages and values ' +
      'go both ways, and every step is checked on both sides. Takes some minutes, most of them proof of work.',
  )
  .argument('<twisterd>', 'the program of the daemon, version 0.9.40')
  .argument('[options...]', 'further options of the daemon, after --')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .parse();
const [twisterd = '', ...options] = program.args;
if (!existsSync(twisterd)) program.error(`there is no program ${twisterd}`);

await perform({
  title: 'The exchange with the daemon',
  longestMs: LONGEST_MS,
  play: async (stage) => {
    const cast = await startBoth(stage, twisterd, options);
    await mineInTurns(stage, cast);
    await registerUsers(stage, cast);
    await exchangePosts(stage, cast);
    await exchangeMessages(stage, cast);
    await exchangeValues(stage, cast);
    await replaceKeys(stage, cast);
    await surviveKill(stage, cast);
    await reorganise(stage, cast);
    await teachNewcomer(stage, cast, twisterd, options);
    await stopBoth(stage, cast);
  },
});

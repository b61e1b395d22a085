#!/usr/bin/env node
import { registerUsers, replaceKey, startNodes, stopNodes, survive, talk, whisper } from './demo/play.ts';
import { perform } from './stage/perform.ts';

/** The whole play takes a few seconds. */
const LONGEST_MS = 55_000;

await perform({
  title: 'The demonstration',
  longestMs: LONGEST_MS,
  play: async (stage) => {
    const cast = await startNodes(stage);
    await registerUsers(stage, cast);
    await talk(stage, cast);
    await whisper(stage, cast);
    await replaceKey(stage, cast);
    await survive(stage, cast);
    await stopNodes(stage, cast);
  },
});

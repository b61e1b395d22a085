/**
 * A driver that does what it is told to do wrong: `{"op":"test.do","in":{"do":"…"}}`. Started with a mode as its argument it does
 * something wrong from the beginning.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const [mode = 'good'] = process.argv.slice(2);
const hello = {
  name: 'misbehave',
  version: '1',
  language: 'JavaScript',
  homepage: '',
  ops: ['test.do'],
  engines: ['counter'],
  profiles: ['canonical'],
};
const say = (value) => process.stdout.write(`${typeof value === 'string' ? value : JSON.stringify(value)}\n`);

/** What each word makes the driver do before, after or instead of its answer. */
const deeds = {
  answer: (seq) => say({ seq, ok: { done: true } }),
  refuse: (seq) => say({ seq, reject: { code: 'bad-thing', penalty: 10 } }),
  'refuse-otherwise': (seq) => say({ seq, reject: { code: 'other-thing' } }),
  skip: (seq) => say({ seq, skip: { reason: 'not today' } }),
  fail: (seq) => say({ seq, error: { message: 'I do not know how' } }),
  garbage: (seq) => {
    say('Segmentation fault? \u001b[31mno\u0007');
    deeds.answer(seq);
  },
  'not-utf8': (seq) => {
    process.stdout.write(Buffer.from([0xff, 0xfe, 0x0a]));
    deeds.answer(seq);
  },
  'no-newline': (seq) => process.stdout.write(JSON.stringify({ seq, ok: { done: true } })),
  silence: () => {},
  twice: (seq) => {
    deeds.answer(seq);
    deeds.answer(seq);
  },
  'twice-later': (seq) => {
    deeds.answer(seq);
    setTimeout(() => deeds.answer(seq), 20);
  },
  unasked: (seq) => {
    say({ seq: seq + 1000, ok: {} });
    deeds.answer(seq);
  },
  both: (seq) => say({ seq, ok: {}, reject: { code: 'bad-thing' } }),
  neither: (seq) => say({ seq, fine: {} }),
  'no-code': (seq) => say({ seq, reject: {} }),
  die: () => process.exit(3),
  'die-loudly': () => {
    process.stderr.write('panic: index out of range\n');
    process.exit(2);
  },
  'answer-and-die': (seq) =>
    process.stdout.write(`${JSON.stringify({ seq, ok: { done: true } })}\n`, () => process.exit(0)),
  abort: () => process.kill(process.pid, 'SIGKILL'),
  'close-output': () => process.stdout.end(),
  'flood-lines': () => {
    const write = () => {
      while (process.stdout.write('noise\n'.repeat(1000)));
      process.stdout.once('drain', write);
    };
    write();
  },
  'flood-line': () => {
    const write = () => {
      while (process.stdout.write('x'.repeat(1 << 16)));
      process.stdout.once('drain', write);
    };
    write();
  },
  'flood-log': (seq) => {
    process.stderr.write('log\n'.repeat(1 << 20));
    deeds.answer(seq);
  },
  deep: (seq) => say(`{"seq":${seq},"ok":${'['.repeat(100_000)}${']'.repeat(100_000)}}`),
  'deep-field': (seq) => say(`{"seq":${seq},"ok":{"done":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`),
};

if (mode === 'mute') setInterval(() => {}, 1000);
if (mode === 'dead') process.exit(1);
if (mode === 'child') spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });

const counts = new Map();
for await (const line of createInterface({ input: process.stdin })) {
  if (mode === 'mute') continue;
  let request;
  try {
    request = JSON.parse(line);
    if (typeof request !== 'object' || Array.isArray(request)) throw new Error('no object');
  } catch {
    say({ seq: null, error: { message: 'cannot read that' } });
    continue;
  }
  const { seq, cmd } = request;
  if (cmd === 'bye') {
    if (mode === 'clingy') continue;
    process.exit(mode === 'sour' ? 4 : 0);
  } else if (cmd === 'hello') {
    if (mode === 'rude') say({ seq, hello: { name: 5 } });
    else say({ seq, hello });
  } else if (cmd === 'run') {
    if (request.op !== 'test.do') say({ seq, skip: { reason: 'unknown' } });
    else deeds[request.in.do](seq);
  } else if (cmd === 'open') {
    if (request.engine !== 'counter') say({ seq, skip: { reason: 'unknown' } });
    else {
      counts.set(seq, 0);
      say({ seq, ok: { handle: seq } });
    }
  } else if (cmd === 'step' && counts.has(request.handle)) {
    const count = counts.get(request.handle) + 1;
    counts.set(request.handle, count);
    const effects = [
      { type: 'send', to: 'b', bytes: `0${count}` },
      { type: 'counted', count, echo: request.in.echo ?? null },
      { type: 'send', to: 'a', bytes: `0${count}` },
    ];
    if (request.in.type === 'die') process.exit(9);
    say({ seq, ok: { effects, next: null } });
  } else if (cmd === 'close') {
    say({ seq, ok: {} });
  } else {
    say({ seq, error: { message: 'unknown command or handle' } });
  }
}

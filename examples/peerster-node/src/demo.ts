/**
 * `npm run demo:peerster`: five nodes in a ring on 127.0.0.1, each a process of its own, exchange messages; one is killed and
 * comes back; at the end all stores must be equal. Exits 0 or 1 and leaves nothing behind.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const NODES = 5;
const DIFFICULTY = 14;
const PATIENCE_MS = 60_000;
const POLL_MS = 200;
const MAIN = fileURLToPath(new URL('./main.js', import.meta.url));

interface Member {
  readonly index: number;
  readonly dataDir: string;
  readonly process: ChildProcess;
  readonly gossip: string;
  readonly ui: number;
  readonly name: string;
  readonly token: string;
}
interface Entry {
  readonly FromNode: string;
  readonly Content: string;
  readonly Hash: string;
}

const children = new Set<ChildProcess>();
let step = 0;

async function startMember(index: number, folder: string, gossip: string): Promise<Member> {
  const dataDir = join(folder, `node-${index}`);
  const child = spawn(
    process.execPath,
    [MAIN, '--gossip-addr', gossip, '--data-dir', dataDir, '--ui-port', '0', '--pow-difficulty', String(DIFFICULTY)],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  children.add(child);
  child.once('exit', () => children.delete(child));
  const lines = createInterface({ input: child.stdout! });
  const [line] = (await Promise.race([
    once(lines, 'line'),
    once(child, 'exit').then(() => Promise.reject(new Error(`node ${index} did not start`))),
  ])) as [string];
  const ready = JSON.parse(line) as { gossip: string; names: string[]; ui: number };
  const token = await readFile(join(dataDir, 'ui-token'), 'utf8');
  return { index, dataDir, process: child, gossip: ready.gossip, ui: ready.ui, name: ready.names[0] ?? '', token };
}

async function call<T>(member: Member, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`http://127.0.0.1:${member.ui}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { Authorization: `Bearer ${member.token}` },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path} of node ${member.index} answered ${response.status}`);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
  const started = performance.now();
  while (!(await condition())) {
    if (performance.now() - started > PATIENCE_MS) throw new Error(`in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  step += 1;
  console.log(`${step}. ${what} (${((performance.now() - started) / 1_000).toFixed(1)} s)`);
}

async function agree(members: readonly Member[]): Promise<boolean> {
  const states = await Promise.all(members.map((member) => call<{ Digest: string }>(member, '/state')));
  return new Set(states.map(({ Digest }) => Digest)).size === 1;
}

async function everybodyKnows(members: readonly Member[], count: number): Promise<boolean> {
  const routes = await Promise.all(members.map((member) => call<string[]>(member, '/routes')));
  return routes.every((names) => names.length === count);
}

async function linkRing(members: readonly Member[]): Promise<void> {
  for (const [index, member] of members.entries()) {
    await call(member, '/node', members[(index + 1) % members.length]!.gossip);
  }
}

async function privateTexts(reader: Member, other: string): Promise<string[]> {
  const entries = await call<Entry[]>(reader, `/privateMessage?name=${other}`);
  return entries.map(({ Content }) => Content);
}

async function run(folder: string): Promise<void> {
  const members = await Promise.all(
    Array.from({ length: NODES }, (_, index) => startMember(index, folder, '127.0.0.1:0')),
  );
  console.log(`five nodes: ${members.map(({ name, gossip }) => `${name} at ${gossip}`).join(', ')}`);
  await linkRing(members);
  await until('every node knows the keys of all five', () => everybodyKnows(members, NODES));

  await Promise.all(members.map((member) => call(member, '/message', `hello from node ${member.index}`)));
  const [first, , third, , fifth] = members as [Member, Member, Member, Member, Member];
  await call(first, '/privateMessage', { Destination: third.name, Content: 'only for node 2' });
  await until('public and private messages are in every store', () => agree(members));
  if (!(await privateTexts(third, first.name)).includes('only for node 2'))
    throw new Error('node 2 cannot read its message');
  if ((await privateTexts(fifth, first.name)).length > 0)
    throw new Error('node 4 sees a conversation that is not its own');

  third.process.kill('SIGKILL');
  await once(third.process, 'exit');
  const living = members.filter((member) => member !== third);
  await Promise.all(living.map((member) => call(member, '/message', `node ${member.index} misses node 2`)));
  await call(fifth, '/privateMessage', { Destination: third.name, Content: 'read this when you are back' });
  await until('four nodes agree while the fifth is killed', () => agree(living));

  const returned = await startMember(third.index, folder, third.gossip);
  const healed = members.map((member) => (member === third ? returned : member));
  await call(returned, '/node', first.gossip);
  await until('the killed node is back and all five stores are equal', () => agree(healed));
  if (returned.name !== third.name) throw new Error('node 2 has lost its name');
  if (!(await privateTexts(returned, fifth.name)).includes('read this when you are back')) {
    throw new Error('node 2 cannot read what was written meanwhile');
  }
  const room = await call<Entry[]>(returned, '/message');
  const texts = room.filter(({ Content }) => Content.startsWith('hello from') || Content.includes('misses'));
  if (texts.length !== NODES + NODES - 1) throw new Error(`${texts.length} public texts instead of ${2 * NODES - 1}`);
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'peerster-demo-'));
  try {
    await run(folder);
    console.log('all stores are equal');
  } finally {
    const exits = [...children].map((child) => once(child, 'exit'));
    for (const child of children) child.kill('SIGTERM');
    await Promise.all(exits);
    await rm(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(`failed: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});

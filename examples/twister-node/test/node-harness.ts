import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const children: ChildProcess[] = [];
const folders: string[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

export interface Answer {
  readonly status: number;
  readonly result: unknown;
  readonly error: { readonly code: number; readonly message: string } | null;
}

/** A folder that is gone after the tests of the file. */
export function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rookery-node-'));
  folders.push(folder);
  return folder;
}

/** A node in a process of its own, on the dev network and on loopback unless told otherwise. */
export class TestNode {
  readonly dataDir: string;
  readonly #child: ChildProcess;
  readonly #exit: Promise<unknown>;
  ready: { readonly p2p: number; readonly dht: number; readonly rpc: number; readonly pid: number } | undefined;
  output = '';
  errors = '';
  authorization: string | undefined;

  constructor(dataDir: string, args: readonly string[], network = 'dev') {
    this.dataDir = dataDir;
    const common = ['--network', network, '--datadir', dataDir, '--bind', '127.0.0.1', '--log-level', 'warn'];
    const ports = ['--port', '0', '--rpc-port', '0'];
    this.#child = spawn(process.execPath, [main, ...common, ...ports, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    children.push(this.#child);
    this.#exit = once(this.#child, 'exit');
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.errors += text;
    });
  }

  /** Starts a node and waits until it listens. */
  static async start(
    dataDir: string = freshFolder(),
    args: readonly string[] = [],
    network = 'dev',
  ): Promise<TestNode> {
    const node = new TestNode(dataDir, args, network);
    const lines = createInterface({ input: node.#child.stdout! });
    const first = await Promise.race([once(lines, 'line'), node.#exit.then(() => undefined)]);
    if (first === undefined) throw new Error(`the node did not start: ${node.errors}`);
    node.output = first[0] as string;
    lines.on('line', (line) => {
      node.output += `\n${line}`;
    });
    node.ready = JSON.parse(node.output);
    return node;
  }

  /** Options that make another node join this one. */
  get joining(): string[] {
    return ['--connect', `127.0.0.1:${this.ready!.p2p}`, '--dht-node', `127.0.0.1:${this.ready!.dht}`];
  }

  cookie(): string {
    return readFileSync(join(this.dataDir, '.cookie'), 'utf8');
  }

  /** Posts a body as it is. */
  async post(body: string | Uint8Array, headers: Record<string, string> = {}): Promise<Response> {
    this.authorization ??= `Basic ${Buffer.from(this.cookie().trim()).toString('base64')}`;
    return fetch(`http://127.0.0.1:${this.ready!.rpc}/`, {
      method: 'POST',
      headers: { authorization: this.authorization, ...headers },
      body: body as NonNullable<RequestInit['body']>,
    });
  }

  async answer(method: string, ...params: unknown[]): Promise<Answer> {
    const response = await this.post(JSON.stringify({ method, params, id: 7 }));
    const { error, result } = (await response.json()) as Omit<Answer, 'status'>;
    return { status: response.status, result, error };
  }

  // biome-ignore lint/suspicious/noExplicitAny: results have as many shapes as there are methods
  async call(method: string, ...params: unknown[]): Promise<any> {
    const { error, result } = await this.answer(method, ...params);
    if (error !== null) throw new Error(`${method}: ${error.code} ${error.message}`);
    return result;
  }

  /** Registers a user and waits until the registration is mined, by this node. */
  async register(name: string): Promise<void> {
    await this.call('createwalletuser', name);
    await this.call('sendnewusertransaction', name);
    if ((await this.call('getgenerate')) === false) await this.call('setgenerate', true, 1);
    await until(async () => (await this.call('dumppubkey', name)) !== '');
  }

  /** Sends a signal and waits for the end; gives the exit status. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    this.#child.kill(signal);
    return this.exited();
  }

  async exited(): Promise<number | null> {
    await this.#exit;
    return this.#child.exitCode;
  }
}

/** Asks again and again until the answer is yes. */
export async function until(ask: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 1000; attempt += 1) {
    if (await ask()) return;
    await delay(20);
  }
  throw new Error('waited in vain');
}

import type { DriverPort, Fault, JsonObject, Reply } from '../src/index.ts';

/** A driver inside of the test: answers `test.do` by its word, and keeps what it was sent. */
export class MemoryDriver implements DriverPort {
  running = false;
  readonly sent: JsonObject[] = [];
  readonly #hello: JsonObject;
  readonly #late: Fault[] = [];

  constructor(hello: JsonObject = {}) {
    this.#hello = {
      name: 'memory',
      version: '1',
      language: 'TypeScript',
      homepage: '',
      ops: ['test.do'],
      engines: [],
      profiles: ['canonical'],
      ...hello,
    };
  }

  async start(): Promise<readonly Fault[]> {
    this.running = true;
    return [];
  }

  async ask(line: string, seq: number | null): Promise<Reply> {
    const request = JSON.parse(line) as { seq: number; cmd: string; in?: { do?: string } } & JsonObject;
    this.sent.push(request);
    const faults = this.#late.splice(0);
    const answer = this.#answer(request);
    if (request.in?.do === 'late') this.#late.push({ code: 'double-answer', detail: 'again', seq: request.seq });
    if (answer === undefined) {
      this.running = false;
      return { faults: [...faults, { code: 'died', detail: 'it died' }], elapsedMs: 1 };
    }
    return { answer: { seq, ...answer }, faults, elapsedMs: 1 };
  }

  async stop(): Promise<readonly Fault[]> {
    this.running = false;
    return this.#late.splice(0);
  }

  #answer(request: { cmd: string; in?: { do?: string } }): JsonObject | undefined {
    if (request.cmd === 'hello') return { hello: this.#hello };
    switch (request.in?.do) {
      case 'die':
        return undefined;
      case 'skip':
        return { skip: { reason: 'not yet' } };
      case 'wrong':
        return { ok: { done: false } };
      case 'refuse-otherwise':
        return { reject: { code: 'other-thing' } };
      default:
        return { ok: { done: true } };
    }
  }
}

import { Worker } from 'node:worker_threads';
import type { Job, JobResult, Order, Report } from './jobs.ts';

/** A job that was given out. */
export interface Task {
  readonly result: Promise<JobResult>;
  /** Ends it soon: its result is `nothing` then, unless it was there already. */
  cancel(): void;
}

interface OpenTask {
  readonly resolve: (result: JobResult) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: (tried: number) => void;
}

interface Thread {
  readonly worker: Worker;
  readonly tasks: Map<number, OpenTask>;
}

/** Worker threads that are started when they are needed and do several jobs in turns. */
export class WorkPool {
  readonly #size: number;
  readonly #threads: Thread[] = [];
  #nextId = 1;
  #closed = false;

  constructor(size: number) {
    this.#size = size;
  }

  /** Whether it was ended: no job comes to anything any more. */
  get isClosed(): boolean {
    return this.#closed;
  }

  /** How many threads there may be. */
  get size(): number {
    return this.#size;
  }

  /** Gives a job to the thread that has the fewest. */
  start(job: Job, onProgress: (tried: number) => void = () => {}): Task {
    if (this.#closed) return { result: Promise.resolve({ kind: 'nothing' }), cancel: () => {} };
    const thread = this.#leastBusy();
    const id = this.#nextId;
    this.#nextId += 1;
    const result = new Promise<JobResult>((resolve, reject) => thread.tasks.set(id, { resolve, reject, onProgress }));
    order(thread, { type: 'start', id, job });
    return { result, cancel: () => order(thread, { type: 'cancel', id }) };
  }

  /** Ends all threads; what they were doing comes to nothing. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(
      this.#threads.splice(0).map(async ({ tasks, worker }) => {
        for (const { resolve } of tasks.values()) resolve({ kind: 'nothing' });
        tasks.clear();
        await worker.terminate();
      }),
    );
  }

  #leastBusy(): Thread {
    const [least] = [...this.#threads].sort((left, right) => left.tasks.size - right.tasks.size);
    if (least !== undefined && (least.tasks.size === 0 || this.#threads.length >= this.#size)) return least;
    const thread: Thread = { worker: new Worker(new URL('./worker.js', import.meta.url)), tasks: new Map() };
    thread.worker.on('message', (report: Report) => settle(thread, report));
    thread.worker.on('error', (error) => {
      const at = this.#threads.indexOf(thread);
      if (at >= 0) this.#threads.splice(at, 1);
      for (const { reject } of thread.tasks.values()) reject(error);
    });
    this.#threads.push(thread);
    return thread;
  }
}

function settle({ tasks }: Thread, report: Report): void {
  const task = tasks.get(report.id);
  if (report.type === 'progress') {
    task?.onProgress(report.tried);
  } else {
    tasks.delete(report.id);
    task?.resolve(report.result);
  }
}

function order({ worker }: Thread, message: Order): void {
  worker.postMessage(message);
}

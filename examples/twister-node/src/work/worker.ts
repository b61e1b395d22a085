import { setImmediate } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import { BlockMiner, type MinerStep, RegistrationMiner } from '@rookery/chain';
import { openWithAny } from '@rookery/ecies';
import { decodeBlock, decodeTransaction } from '@rookery/wire';
import { loadBackend, nodePowHash } from '../backend.ts';
import type { Job, JobResult, Order, Report } from './jobs.ts';

/** Tries between two looks at the orders: some twenty milliseconds. */
const REGISTRATION_STEP = 16_384;
const BLOCK_STEP = 32;
const PROGRESS_MS = 500;
const NOTHING: JobResult = { kind: 'nothing' };

const cancelled = new Set<number>();
const running = new Set<number>();
const backend = loadBackend();

parentPort?.on('message', (order: Order) => {
  if (order.type === 'cancel') {
    if (running.has(order.id)) cancelled.add(order.id);
    return;
  }
  running.add(order.id);
  run(order.id, order.job).then((result) => {
    running.delete(order.id);
    cancelled.delete(order.id);
    report({ type: 'done', id: order.id, result });
  });
});

function run(id: number, job: Job): Promise<JobResult> {
  switch (job.kind) {
    case 'registration': {
      const miner = new RegistrationMiner(decodeTransaction(job.transaction).value, job.network, job.range);
      return search(id, () => miner.step(REGISTRATION_STEP));
    }
    case 'block': {
      const miner = new BlockMiner(decodeBlock(job.block).value, { range: job.range, powHash: nodePowHash });
      return search(id, () => miner.step(BLOCK_STEP));
    }
    case 'open':
      return open(job);
  }
}

async function search(id: number, step: () => MinerStep): Promise<JobResult> {
  let tried = 0;
  let told = performance.now();
  for (;;) {
    const { found, over, tried: more } = step();
    if (found !== undefined) return { kind: 'found', bytes: found };
    tried += more;
    if (over) return NOTHING;
    if (performance.now() - told > PROGRESS_MS) {
      report({ type: 'progress', id, tried });
      told = performance.now();
    }
    await setImmediate();
    if (cancelled.has(id)) return NOTHING;
  }
}

async function open({ envelope, secrets }: Job & { readonly kind: 'open' }): Promise<JobResult> {
  // Deployed wallets open what the canonical profile refuses, such as keys of 65 bytes.
  const { opened } = openWithAny(envelope, secrets, { profile: 'deployed', backend: await backend });
  return opened === undefined ? NOTHING : { kind: 'opened', ...opened };
}

function report(message: Report): void {
  parentPort?.postMessage(message);
}

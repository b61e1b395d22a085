import { registrationTransaction } from '@rookery/chain';
import { encodeTransaction, type Transaction } from '@rookery/wire';
import type { TwisterNode } from '../node.ts';
import { startProgress } from '../progress.ts';
import { type JobResult, splitNonces } from './jobs.ts';

/** Tries that a registration's work takes on average, except on networks where it takes none to speak of. */
const USUAL_TRIES = 2 ** 24;

/**
 * Builds the registration of a name with the wallet's key and finds its work. Throws `RangeError` for a name or key that the chain
 * refuses; undefined where no nonce shows the work.
 */
export function mineRegistration(name: string, node: TwisterNode): Promise<Uint8Array | undefined> {
  const { backend, wallet } = node;
  const key = wallet.key(name);
  if (key === undefined) throw new RangeError('there is no key of this name');
  const { publicKey } = key;
  const endorser = wallet.endorser(name);
  const replaces = endorser && { secret: endorser.secret, compressed: endorser.compressed, backend };
  const transaction = registrationTransaction({ name, publicKey, ...(replaces === undefined ? {} : { replaces }) });
  return mineTransaction(name, transaction, node);
}

/** Finds the work of a registration in the worker threads; undefined where no nonce shows it. */
export async function mineTransaction(
  name: string,
  registration: Transaction,
  { log, options, pool }: TwisterNode,
): Promise<Uint8Array | undefined> {
  const transaction = encodeTransaction(registration);
  const progress = startProgress(`registering ${name}`, log);
  const tried: number[] = [];
  const tasks = splitNonces(pool.size).map((range, part) =>
    pool.start({ kind: 'registration', transaction, network: options.network, range }, (count) => {
      tried[part] = count;
      const sum = tried.reduce((total, more) => total + (more ?? 0), 0);
      progress.update(sum, Math.max(USUAL_TRIES, sum));
    }),
  );
  try {
    return await firstFound(tasks.map(({ result }) => result));
  } finally {
    for (const { cancel } of tasks) cancel();
    progress.stop();
  }
}

async function firstFound(results: readonly Promise<JobResult>[]): Promise<Uint8Array | undefined> {
  const found = results.map(async (result) => {
    const done = await result;
    if (done.kind !== 'found') throw new Error('nothing was found');
    return done.bytes;
  });
  return Promise.any(found).catch(() => undefined);
}

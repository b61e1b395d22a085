import { mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { MemoryLevel } from 'memory-level';
import { codeOf, Failure, reasonOf } from '../failure.ts';
import type { Logger } from '../log.ts';
import { CORRUPTION, type Level, Store } from './store.ts';

const OWNER_ONLY = 0o700;
const SCAN_KEYS = 10_000;
const SCAN_BYTES = 1024 * 1024;
const ENCODINGS = { keyEncoding: 'utf8', valueEncoding: 'view' } as const;

/**
 * Opens the store of a data directory, making both where they are missing. The store's own lock keeps a second process out, and is
 * gone with the process, however it ends. Throws {@link Failure}.
 */
export async function openStore(dataDir: string, log: Logger, onFailure: (error: unknown) => void): Promise<Store> {
  const location = join(dataDir, 'store');
  try {
    makeDirectory(location);
  } catch (error) {
    throw new Failure(`cannot use the data directory ${dataDir}: ${reasonOf(error)}`);
  }
  const level = new ClassicLevel<string, Uint8Array>(location, ENCODINGS);
  try {
    await openOrRepair(level, location, log);
  } catch (error) {
    const cause = causeOf(error);
    if (codeOf(cause) === 'LEVEL_LOCKED') throw new Failure(`another process uses the data directory ${dataDir}`);
    throw new Failure(`cannot open the store in ${dataDir}: ${reasonOf(cause)}`);
  }
  return new Store(level as Level, log, onFailure);
}

/** A store that is gone with the process, for tests. */
export async function openMemoryStore(log: Logger): Promise<Store> {
  const level = new MemoryLevel<string, Uint8Array>(ENCODINGS);
  await level.open();
  return new Store(level as Level, log, (error) => {
    throw error;
  });
}

/** Makes a directory and those above it. Node's own recursion never ends where the kernel denies that a parent is there, as below `/proc`. */
function makeDirectory(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return;
  const parent = dirname(path);
  if (parent !== path) makeDirectory(parent);
  mkdirSync(path, { mode: OWNER_ONLY });
}

async function openOrRepair(level: ClassicLevel<string, Uint8Array>, location: string, log: Logger): Promise<void> {
  try {
    await level.open();
    // A damaged part shows only when it is read, and then nothing beside it can be listed either.
    await readThrough(level);
  } catch (error) {
    if (codeOf(causeOf(error)) !== CORRUPTION) throw error;
    log.warn({ location }, 'the store is damaged and is repaired');
    await level.close();
    await ClassicLevel.repair(location);
    await level.open();
  }
}

async function readThrough(level: ClassicLevel<string, Uint8Array>): Promise<void> {
  const keys = level.keys({ highWaterMarkBytes: SCAN_BYTES });
  try {
    while ((await keys.nextv(SCAN_KEYS)).length > 0);
  } finally {
    await keys.close();
  }
}

function causeOf(error: unknown): unknown {
  return error instanceof Error && error.cause !== undefined ? error.cause : error;
}

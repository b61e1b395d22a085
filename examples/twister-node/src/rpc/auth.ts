import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, reasonOf } from '../failure.ts';
import type { NodeOptions } from '../options.ts';

const COOKIE_USER = '__cookie__';
const COOKIE_BYTES = 32;
const OWNER_ONLY = 0o600;

/** Who may call. */
export interface Credentials {
  /** Whether an `Authorization` header holds the right user and password. */
  accepts(header: string | undefined): boolean;
  /** Removes the cookie file, where there is one. */
  remove(): void;
}

/** Takes user and password from the options, or writes a cookie file that is new at each start. Throws {@link Failure}. */
export function createCredentials({ dataDir, rpcUser, rpcPassword }: NodeOptions): Credentials {
  if (rpcPassword !== undefined)
    return { accepts: (header) => matches(header, `${rpcUser ?? ''}:${rpcPassword}`), remove: () => {} };
  const cookie = `${COOKIE_USER}:${randomBytes(COOKIE_BYTES).toString('hex')}`;
  const path = join(dataDir, '.cookie');
  try {
    // A file that is there keeps its mode when it is written to.
    rmSync(path, { force: true });
    writeFileSync(path, `${cookie}\n`, { mode: OWNER_ONLY, flag: 'wx' });
  } catch (error) {
    throw new Failure(`cannot write ${path}: ${reasonOf(error)}`);
  }
  return { accepts: (header) => matches(header, cookie), remove: () => rmSync(path, { force: true }) };
}

function matches(header: string | undefined, expected: string): boolean {
  const [, encoded] = /^Basic\s+(\S+)\s*$/i.exec(header ?? '') ?? [];
  if (encoded === undefined) return false;
  // Digests have one length, whatever was sent.
  return timingSafeEqual(digest(Buffer.from(encoded, 'base64')), digest(Buffer.from(expected, 'utf8')));
}

function digest(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest();
}

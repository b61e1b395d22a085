import { generateKeyPair, randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  decryptKeyFile,
  encryptKeyFile,
  expectedNameTries,
  isEncryptedKeyFile,
  remainingNameMs,
  VanitySearch,
} from '@rookery/peerster';

const ENDING = '.key';
const SLICE = 20_000;

/** Tells of a search for a name: names tried, names to be expected, and the time to be expected in milliseconds. */
export type NameProgress = (tried: number, expected: number, remainingMs: number | undefined) => void;

/** Reads all private keys of a folder, decrypting those that are encrypted. PKCS#8 DER, in the order of their file names. */
export async function readKeys(folder: string, passphrase: string | undefined): Promise<Uint8Array[]> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const names = (await readdir(folder)).filter((name) => name.endsWith(ENDING)).sort();
  const keys: Uint8Array[] = [];
  for (const name of names) {
    const file = new Uint8Array(await readFile(join(folder, name)));
    if (!isEncryptedKeyFile(file)) keys.push(file);
    else if (passphrase === undefined) throw new Error(`${name} is encrypted: --passphrase-file is wanted`);
    else keys.push(decryptKeyFile(file, passphrase));
  }
  return keys;
}

/** Writes a private key readable by its owner only, encrypted if there is a passphrase. */
export async function writeKey(folder: string, pkcs8: Uint8Array, passphrase: string | undefined): Promise<void> {
  const content =
    passphrase === undefined
      ? pkcs8
      : encryptKeyFile(pkcs8, passphrase, { salt: freshBytes(16), nonce: freshBytes(24) });
  const number = (await readdir(folder)).filter((name) => name.endsWith(ENDING)).length;
  const path = join(folder, `${String(number).padStart(4, '0')}${ENDING}`);
  await writeFile(`${path}.new`, content, { mode: 0o600, flag: 'wx' });
  await chmod(`${path}.new`, 0o600);
  await rename(`${path}.new`, path);
}

/** A new private key in PKCS#8 DER whose name begins with `prefix`. */
export async function newKey(prefix: string, progress: NameProgress): Promise<Uint8Array> {
  const expected = expectedNameTries(prefix);
  const { privateKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'der' },
  });
  const pkcs8 = new Uint8Array(privateKey);
  if (prefix === '') return pkcs8;
  const search = new VanitySearch(prefix, pkcs8);
  const started = performance.now();
  while (!search.exhausted) {
    const found = search.step(SLICE);
    if (found !== undefined) return found.pkcs8;
    progress(search.tried, expected, remainingNameMs(prefix, search.tried, performance.now() - started));
    await new Promise((resolve) => setImmediate(resolve));
  }
  return newKey(prefix, progress);
}

function freshBytes(length: number): Uint8Array {
  return new Uint8Array(randomBytes(length));
}

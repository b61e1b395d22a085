import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What JSON-RPC answered instead of a result. */
export class CallError extends Error {
  readonly code: number;

  constructor(method: string, { code, message }: { readonly code: number; readonly message: string }) {
    super(`${method} was answered with ${code}: ${message}`);
    this.code = code;
  }
}

/** Calls a method of the node whose data directory and RPC port these are. */
export async function callNode(dataDir: string, port: number, method: string, params: unknown[]): Promise<unknown> {
  const cookie = readFileSync(join(dataDir, '.cookie'), 'utf8').trim();
  const response = await fetch(`http://127.0.0.1:${port}/`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(cookie).toString('base64')}` },
    body: JSON.stringify({ method, params, id: 1 }),
  });
  const { error, result } = (await response.json()) as {
    readonly error: { readonly code: number; readonly message: string } | null;
    readonly result: unknown;
  };
  if (error !== null) throw new CallError(method, error);
  return result;
}

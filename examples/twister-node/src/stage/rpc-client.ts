/** What JSON-RPC answered instead of a result. */
export class CallError extends Error {
  readonly code: number;

  constructor(method: string, { code, message }: { readonly code: number; readonly message: string }) {
    super(`${method} was answered with ${code}: ${message}`);
    this.code = code;
  }
}

/** Where JSON-RPC listens on this machine, and `user:password`. */
export interface RpcAccess {
  readonly port: number;
  readonly credentials: string;
}

/** Calls a method; throws {@link CallError} for an error that was answered. */
export async function callRpc({ port, credentials }: RpcAccess, method: string, params: unknown[]): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${port}/`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` },
    body: JSON.stringify({ method, params, id: 1 }),
  });
  const { error, result } = (await response.json()) as {
    readonly error: { readonly code: number; readonly message: string } | null;
    readonly result: unknown;
  };
  if (error !== null) throw new CallError(method, error);
  return result;
}

import { reasonOf } from '../failure.ts';
import type { TwisterNode } from '../node.ts';
import { RPC_CODES, RpcError } from './errors.ts';
import { describeMethod, type Method } from './method.ts';
import { Params } from './params.ts';
import { isObject, type RpcObject, type RpcValue, typeOf } from './value.ts';

/** What a request is answered with. */
export interface Answer {
  readonly id: RpcValue;
  readonly result: RpcValue;
  readonly error: { readonly code: number; readonly message: string } | null;
}

/** Answers one request, whatever it is. Everything that the method wrote is on disk when the answer is there. */
export async function answerRequest(
  request: RpcValue,
  methods: ReadonlyMap<string, Method>,
  node: TwisterNode,
): Promise<Answer> {
  let id: RpcValue = null;
  try {
    if (!isObject(request)) throw new RpcError('invalidRequest', 'Invalid Request object');
    id = request.id ?? null;
    const result = await execute(request, methods, node);
    await node.store.flush();
    return { id, result, error: null };
  } catch (error) {
    return { id, result: null, error: errorOf(error, node) };
  }
}

/** An answer to something that could not be read. */
export function refuse(error: RpcError): Answer {
  return { id: null, result: null, error: { code: error.code, message: error.message } };
}

/** An answer as it is written. */
export function answerToJson({ id, result, error }: Answer): RpcObject {
  return { result, error: error === null ? null : { code: error.code, message: error.message }, id };
}

async function execute(request: RpcObject, methods: ReadonlyMap<string, Method>, node: TwisterNode): Promise<RpcValue> {
  const name = request.method ?? null;
  if (name === null) throw new RpcError('invalidRequest', 'Missing method');
  if (typeof name !== 'string') throw new RpcError('invalidRequest', 'Method must be a string');
  const list = request.params ?? null;
  if (list !== null && typeOf(list) !== 'array') throw new RpcError('invalidRequest', 'Params must be an array');
  const method = methods.get(name);
  if (method === undefined) throw new RpcError('methodNotFound', 'Method not found');
  if (node.options.publicServer && method.isPublic !== true) {
    const message = 'Forbidden: accessing this method is not allowed on a public server';
    throw new RpcError('forbiddenOnPublicServer', message);
  }
  const params = new Params((list ?? []) as readonly RpcValue[]);
  const [least, most] = method.arity;
  if (params.count < least || params.count > most || params.count === method.notArity)
    throw new RpcError('misc', describeMethod(method));
  return method.call(params, node);
}

function errorOf(error: unknown, node: TwisterNode): { code: number; message: string } {
  if (error instanceof RpcError) return { code: error.code, message: error.message };
  node.log.error({ err: error }, 'a call failed');
  return { code: RPC_CODES.misc, message: reasonOf(error) };
}

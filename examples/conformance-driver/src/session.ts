import { BadRequest, type Input, isObject } from './input.ts';
import type { Answer, Engines, OpenEngine, OperationContext, Operations } from './operation.ts';

/** What a driver says of itself in `hello`. */
export interface Identity {
  readonly name: string;
  readonly version: string;
  readonly language: string;
  readonly homepage: string;
  readonly profiles: readonly string[];
}

/** Engines that one session may hold open at once. */
const MAX_HANDLES = 10_000;

/**
 * One conversation of the conformance protocol, without any input or output.
 * `answer` takes one line and gives the object to send back, or undefined after `bye`.
 */
export class Session {
  readonly #identity: Identity;
  readonly #operations: Operations;
  readonly #engines: Engines;
  readonly #context: OperationContext;
  readonly #open = new Map<number, OpenEngine>();
  #lastHandle = 0;

  constructor(identity: Identity, operations: Operations, engines: Engines, context: OperationContext) {
    this.#identity = identity;
    this.#operations = operations;
    this.#engines = engines;
    this.#context = context;
  }

  answer(line: string): object | undefined {
    let request: unknown;
    try {
      request = JSON.parse(line);
    } catch {
      return failure(null, 'the line is not JSON');
    }
    if (!isObject(request)) return failure(null, 'the line is not a JSON object');
    if (request.cmd === 'bye') return undefined;
    const seq = typeof request.seq === 'number' && Number.isSafeInteger(request.seq) ? request.seq : null;
    if (seq === null) return failure(null, 'seq must be an integer');
    try {
      return { seq, ...this.#dispatch(request) };
    } catch (error) {
      return answerTo(seq, error);
    }
  }

  #dispatch(request: Input): object {
    switch (request.cmd) {
      case 'hello':
        return this.#hello(request);
      case 'run':
        return this.#run(request);
      case 'open':
        return this.#openEngine(request);
      case 'step':
        return this.#step(request);
      case 'close':
        this.#open.delete(this.#handle(request));
        return { ok: {} };
      default:
        throw new BadRequest('unknown cmd');
    }
  }

  #hello(request: Input): object {
    if (request.protocol !== 1) throw new BadRequest('this driver speaks protocol 1');
    const { profiles, ...identity } = this.#identity;
    const hello = { ...identity, ops: Object.keys(this.#operations), engines: Object.keys(this.#engines), profiles };
    return { hello };
  }

  #run(request: Input): object {
    const name = request.op;
    if (typeof name !== 'string') throw new BadRequest('op must be text');
    const operation = Object.hasOwn(this.#operations, name) ? this.#operations[name] : undefined;
    if (operation === undefined) return skip(`the operation ${name.slice(0, 100)} is not supported`);
    if (!isObject(request.in)) throw new BadRequest('in must be an object');
    return operation(request.in, this.#context);
  }

  #openEngine(request: Input): object {
    const name = request.engine;
    if (typeof name !== 'string') throw new BadRequest('engine must be text');
    const factory = Object.hasOwn(this.#engines, name) ? this.#engines[name] : undefined;
    if (factory === undefined) return skip(`the engine ${name.slice(0, 100)} is not supported`);
    if (!isObject(request.config)) throw new BadRequest('config must be an object');
    if (this.#open.size >= MAX_HANDLES) throw new BadRequest('too many engines are open');
    const engine = factory(request.config, this.#context);
    this.#lastHandle += 1;
    this.#open.set(this.#lastHandle, engine);
    return { ok: { handle: this.#lastHandle } };
  }

  #step(request: Input): object {
    const engine = this.#open.get(this.#handle(request));
    if (engine === undefined) throw new BadRequest('unknown handle');
    if (typeof request.now !== 'number' || !Number.isSafeInteger(request.now))
      throw new BadRequest('now must be an integer');
    if (!isObject(request.in)) throw new BadRequest('in must be an object');
    return { ok: engine.step(request.now, request.in) };
  }

  #handle(request: Input): number {
    const handle = request.handle;
    if (typeof handle !== 'number' || !this.#open.has(handle)) throw new BadRequest('unknown handle');
    return handle;
  }
}

function skip(reason: string): object {
  return { skip: { reason } };
}

function failure(seq: number | null, message: string): object {
  return { seq, error: { message } };
}

/** A coded error is the input's fault by the rules; anything else is a bad request or a fault of the driver. */
function answerTo(seq: number, error: unknown): object {
  if (error instanceof BadRequest) return failure(seq, error.message);
  if (error instanceof Error && 'code' in error && typeof error.code === 'string' && !error.code.startsWith('ERR_')) {
    const reject: Answer = { reject: { code: error.code } };
    return { seq, ...reject };
  }
  return failure(seq, error instanceof Error ? `${error.name}: ${error.message}` : 'the operation failed');
}

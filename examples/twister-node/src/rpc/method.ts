import type { TwisterNode } from '../node.ts';
import type { Params } from './params.ts';
import type { RpcValue } from './value.ts';

/** One method of the JSON-RPC. */
export interface Method {
  readonly name: string;
  /** The parameters, as `help` shows them and as the answer to a wrong number of them says. */
  readonly usage: string;
  /** What the method is for, in a sentence. */
  readonly summary: string;
  /** Numbers of parameters that are allowed: a range, or these only. */
  readonly arity: readonly [least: number, most: number];
  /** A number between the two that is not allowed all the same. */
  readonly notArity?: number;
  /** Whether a public gateway may offer it. */
  readonly isPublic?: boolean;
  call(params: Params, node: TwisterNode): RpcValue | Promise<RpcValue>;
}

/** What `help` shows of a method, and what a wrong number of parameters is answered with. */
export function describeMethod({ name, usage, summary }: Method): string {
  return `${usage === '' ? name : `${name} ${usage}`}\n${summary}`;
}

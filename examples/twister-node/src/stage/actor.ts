import { reasonOf } from '../failure.ts';
import { Child } from './child.ts';
import { CallError, callRpc, type RpcAccess } from './rpc-client.ts';

/** How an actor's program is started, and how one learns that it listens. */
export interface Role {
  /** The program and its arguments; `args` are those that a start adds. */
  command(args: readonly string[]): readonly [program: string, ...args: string[]];
  /** Waits until the program listens, and tells where; throws where it never does. */
  listening(child: Child): Promise<Listening>;
}

/** Where a program listens; RPC on 127.0.0.1. */
export interface Listening {
  readonly ip: string;
  readonly p2p: number;
  readonly dht: number;
  readonly rpc: RpcAccess;
}

/** A program that takes part in a play, in a process of its own: a node of ours, or a deployed daemon. */
export class Actor {
  readonly name: string;
  readonly #role: Role;
  #child: Child | undefined;
  #listening: Listening | undefined;

  constructor(name: string, role: Role) {
    this.name = name;
    this.#role = role;
  }

  /** Starts the program and waits until it listens. */
  async start(...args: string[]): Promise<void> {
    const [program, ...all] = this.#role.command(args);
    const child = new Child(program, all);
    this.#child = child;
    try {
      this.#listening = await this.#role.listening(child);
    } catch (error) {
      throw new Error(`${this.name} did not start: ${child.errors || String(error)}`);
    }
  }

  /** Where others connect to it, and contact its DHT. */
  get contacts(): readonly [peer: string, dht: string] {
    const { dht, ip, p2p } = this.#listening ?? {};
    return [`${ip}:${p2p}`, `${ip}:${dht}`];
  }

  async call(method: string, ...params: unknown[]): Promise<unknown> {
    if (this.#listening === undefined) throw new Error(`${this.name} does not run`);
    try {
      return await callRpc(this.#listening.rpc, method, params);
    } catch (error) {
      if (error instanceof CallError || this.#child === undefined) throw error;
      throw new Error(`${this.name} does not answer ${method}, and ${this.#child.fate}: ${reasonOf(error)}`);
    }
  }

  /** Ends the process without a warning. */
  async kill(): Promise<void> {
    await this.#child?.end('SIGKILL');
  }

  /** Asks the process to stop; gives its exit status. */
  async stop(): Promise<number | null> {
    return (await this.#child?.end('SIGTERM')) ?? null;
  }

  /** For the very end: nothing is waited for. */
  killNow(): void {
    this.#child?.killNow();
  }
}

import type { Registration, UserDirectory } from '@rookery/keys';
import type { Block } from '@rookery/wire';
import { type CurrentRegistration, readRegistration } from './registration.ts';

const EMPTY: Uint8Array = /* @__PURE__ */ new Uint8Array(0);

/** One registration transaction of a branch. */
export interface ChainRegistration extends Registration {
  /** Transaction id, 32 bytes in wire order. */
  readonly id: Uint8Array;
  /** Place of the transaction in its block. */
  readonly index: number;
}

/** A registration with the name that it is of. */
export interface NamedRegistration {
  readonly name: string;
  readonly registration: ChainRegistration;
}

/**
 * Reads what a block at `height` registers, checking nothing. `ids` are those of its transactions. A key whose script is
 * unusable is empty bytes. Keys are copied, so that no view pins the block's bytes.
 */
export function registrationsOf(block: Block, ids: readonly Uint8Array[], height: number): NamedRegistration[] {
  const registrations: NamedRegistration[] = [];
  for (const [index, transaction] of block.transactions.entries()) {
    if (index === 0) continue;
    const { name, publicKey } = readRegistration(transaction);
    if (name === undefined) continue;
    registrations.push({
      name,
      registration: { height, publicKey: publicKey?.slice() ?? EMPTY, id: ids[index]!, index },
    });
  }
  return registrations;
}

/**
 * The users of one branch: every registration of every name, by height (CHAIN-43). Blocks are added at the top and taken
 * off it again, so that what a competing branch registers never counts (CHAIN-44).
 * Grows with the chain; nothing is ever dropped. Names are those of valid registrations.
 */
export class UserIndex implements UserDirectory {
  readonly #histories = new Map<string, ChainRegistration[]>();
  #sorted: string[] | undefined;

  /** Adds what a block on top of the branch registers. */
  connect(registrations: readonly NamedRegistration[]): void {
    for (const { name, registration } of registrations) {
      const history = this.#histories.get(name);
      if (history === undefined) {
        this.#histories.set(name, [registration]);
        this.#sorted = undefined;
      } else {
        history.push(registration);
      }
    }
  }

  /** Takes back what the topmost block registered. */
  disconnect(registrations: readonly NamedRegistration[]): void {
    for (const { name } of registrations) {
      const history = this.#histories.get(name);
      history?.pop();
      if (history?.length === 0) {
        this.#histories.delete(name);
        this.#sorted = undefined;
      }
    }
  }

  /** All registrations of a name by rising height, a transaction that was mined again included. */
  history(name: string): readonly ChainRegistration[] {
    return this.#histories.get(name) ?? [];
  }

  /** The registration that a name stands for now. */
  current(name: string): CurrentRegistration | undefined {
    const last = this.#histories.get(name)?.at(-1);
    return last === undefined
      ? undefined
      : { id: last.id, publicKey: last.publicKey.length === 0 ? undefined : last.publicKey };
  }

  keyAt(name: string, height: number): Uint8Array | undefined {
    return latestAt(this.history(name), height)?.publicKey;
  }

  registeredAt(name: string): number | undefined {
    return this.#histories.get(name)?.at(-1)?.height;
  }

  firstRegisteredAt(name: string): number | undefined {
    return this.#histories.get(name)?.[0]?.height;
  }

  /** Up to `count` names that begin with `prefix`, sorted. */
  namesWithPrefix(prefix: string, count: number): string[] {
    this.#sorted ??= [...this.#histories.keys()].sort();
    const names: string[] = [];
    for (let at = firstAtOrAbove(this.#sorted, prefix); names.length < count; at += 1) {
      const name = this.#sorted[at];
      if (name?.startsWith(prefix) !== true) break;
      names.push(name);
    }
    return names;
  }
}

/** The last registration at or below `height`. */
function latestAt(history: readonly ChainRegistration[], height: number): ChainRegistration | undefined {
  for (let at = history.length - 1; at >= 0; at -= 1) if (history[at]!.height <= height) return history[at];
  return undefined;
}

function firstAtOrAbove(sorted: readonly string[], text: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < text) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * What a rule may ask about registered users: a port that the chain, a light client or a test fills.
 * Names are text; wire bytes that are not `[a-z0-9_]{1,16}` name nobody. Heights are blocks of the active chain.
 */
export interface UserDirectory {
  /** The public key of the last registration at or below `height`, its bytes as registered and unchecked. */
  keyAt(name: string, height: number): Uint8Array | undefined;
  /** Height of the latest registration transaction of the name (a replacement or one mined again counts). */
  registeredAt(name: string): number | undefined;
  /** Height of the first registration transaction of the name. */
  firstRegisteredAt(name: string): number | undefined;
}

/** One registration transaction of the active chain. */
export interface Registration {
  readonly height: number;
  /** Item 0 of the transaction's pubKey script, unchecked. */
  readonly publicKey: Uint8Array;
}

/**
 * Builds a directory from registration histories.
 * Each history is sorted by rising height; entries above `tip` do not exist yet.
 */
export function directoryOf(
  users: Iterable<{ readonly name: string; readonly keys: readonly Registration[] }>,
  tip: number = Number.MAX_SAFE_INTEGER,
): UserDirectory {
  const histories = new Map<string, readonly Registration[]>();
  for (const { name, keys } of users) {
    const known = keys.filter((entry) => entry.height <= tip);
    if (known.length > 0) histories.set(name, known);
  }
  return {
    keyAt: (name, height) => latestAt(histories.get(name) ?? [], height)?.publicKey,
    registeredAt: (name) => histories.get(name)?.at(-1)?.height,
    firstRegisteredAt: (name) => histories.get(name)?.[0]?.height,
  };
}

function latestAt(history: readonly Registration[], height: number): Registration | undefined {
  for (let index = history.length - 1; index >= 0; index -= 1) {
    const entry = history[index];
    if (entry !== undefined && entry.height <= height) return entry;
  }
  return undefined;
}

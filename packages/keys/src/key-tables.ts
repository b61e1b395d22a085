import { Point } from '@noble/secp256k1';
import { affineCoordinates, INFINITY } from './jacobian.ts';
import { KEYS_LIMITS } from './limits.ts';
import { CURVE_ORDER, invertModulo, toInteger } from './scalar.ts';
import { addMultiple, buildWindowTable, type WindowTable } from './window-table.ts';

/** Bounds of the window tables. */
export interface KeyTableOptions {
  /** Tables kept at once; 0 for none. */
  readonly tables?: number;
  /** Keys remembered as seen once. */
  readonly sightings?: number;
  /** Bits a step, 2…8: more are faster and take more memory and more time to build. */
  readonly window?: number;
}

/** Bits a step in the table of the generator, which every check uses. */
const GENERATOR_WINDOW = 8;

/**
 * Window tables of public keys that are seen often.
 * Both maps are bounded and drop the least recently used key; what is dropped costs time, never another decision.
 */
export class KeyTables {
  readonly #maxTables: number;
  readonly #maxSightings: number;
  readonly #window: number;
  /** A key that is no point has no table and never matches. */
  readonly #tables = new Map<string, WindowTable | undefined>();
  readonly #sightings = new Set<string>();
  #generator: WindowTable | undefined;

  constructor(options: KeyTableOptions = {}) {
    this.#maxTables = checkBound(options.tables ?? KEYS_LIMITS.tables, 0, 'tables');
    this.#maxSightings = checkBound(options.sightings ?? KEYS_LIMITS.sightings, 1, 'sightings');
    this.#window = checkBound(options.window ?? KEYS_LIMITS.tableWindow, 2, 'window');
    if (this.#window > GENERATOR_WINDOW) throw new RangeError(`window must be at most ${GENERATOR_WINDOW}`);
  }

  /**
   * Whether recovery gives this key; undefined at the first sight of a key, when nothing is known of it yet.
   * The signature holds under Q exactly if R = (e·G + r·Q)/s is the point that r and the recovery id name: recovery solves
   * the same equation for Q, and both r and s have inverses, being of 1…n−1.
   */
  matches(digest: Uint8Array, compact: Uint8Array, recovery: number, publicKey: Uint8Array): boolean | undefined {
    if (this.#maxTables === 0) return undefined;
    const name = String.fromCharCode(...publicKey);
    if (!this.#tables.has(name) && !this.#wasSeen(name)) return undefined;
    const table = this.#tableOf(name, publicKey);
    if (table === undefined) return false;
    this.#generator ??= buildWindowTable(Point.BASE.X, Point.BASE.Y, GENERATOR_WINDOW);

    const r = toInteger(compact.subarray(0, 32));
    const inverse = invertModulo(toInteger(compact.subarray(32)), CURVE_ORDER);
    const u1 = (toInteger(digest) * inverse) % CURVE_ORDER;
    const u2 = (r * inverse) % CURVE_ORDER;
    const sum = addMultiple(addMultiple(INFINITY, u1, this.#generator), u2, table);
    if (sum.Z === 0n) return false;
    const [x, y] = affineCoordinates([sum]) as [bigint, bigint];
    const expected = recovery < 2 ? r : r + CURVE_ORDER;
    return x === expected && Number(y & 1n) === (recovery & 1);
  }

  #wasSeen(name: string): boolean {
    if (this.#sightings.delete(name)) return true;
    this.#sightings.add(name);
    dropOldest(this.#sightings, this.#maxSightings);
    return false;
  }

  #tableOf(name: string, publicKey: Uint8Array): WindowTable | undefined {
    const known = this.#tables.has(name);
    const table = known ? this.#tables.get(name) : this.#build(publicKey);
    this.#tables.delete(name);
    this.#tables.set(name, table);
    if (!known) dropOldest(this.#tables, this.#maxTables);
    return table;
  }

  #build(publicKey: Uint8Array): WindowTable | undefined {
    let point: Point;
    try {
      point = Point.fromBytes(publicKey);
    } catch {
      return undefined;
    }
    return buildWindowTable(point.X, point.Y, this.#window);
  }
}

function dropOldest(collection: Map<string, unknown> | Set<string>, max: number): void {
  if (collection.size <= max) return;
  for (const oldest of collection.keys()) {
    collection.delete(oldest);
    return;
  }
}

function checkBound(value: number, min: number, name: string): number {
  if (!Number.isSafeInteger(value) || value < min)
    throw new RangeError(`${name} must be an integer of at least ${min}`);
  return value;
}

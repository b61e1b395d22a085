/** Every bound of this package, in one place. */
export interface KeysLimits {
  /** Length of a message signature: header, r, s. */
  readonly signatureBytes: number;
  /** Length of a serialised compressed public key. */
  readonly compressedKeyBytes: number;
  /** Length of a serialised uncompressed or hybrid public key. */
  readonly uncompressedKeyBytes: number;
  /** Longest base58 text that is looked at; base58 takes time in the square of its length. */
  readonly base58Chars: number;
  /** Public keys for which the default backend keeps a window table at once; about 100 kB each. */
  readonly tables: number;
  /** Public keys of which the default backend remembers that it has seen them once; about 100 bytes each. */
  readonly sightings: number;
  /** Bits of a scalar that one step of a window table covers. */
  readonly tableWindow: number;
  /** Code points of a promoted message. Rule KEY-15. */
  readonly promotionChars: number;
  /** Bytes of a name. */
  readonly nameBytes: number;
  /** Least and greatest binary logarithm of the scrypt cost N in a key file. */
  readonly keyFileCost: readonly [min: number, max: number];
  /** Least and greatest scrypt block size r in a key file. */
  readonly keyFileBlock: readonly [min: number, max: number];
  /** Least and greatest scrypt parallelism p in a key file. */
  readonly keyFileParallel: readonly [min: number, max: number];
  /** Most memory that deriving the key of a key file may take, in bytes: 128 · N · r. */
  readonly keyFileMemoryBytes: number;
  /** Longest key file that is read or written. */
  readonly keyFileBytes: number;
  /** Most keys in a key file. */
  readonly keyFileKeys: number;
}

/** The limits that are in force; functions that allow others take them as an option. */
export const KEYS_LIMITS: KeysLimits = Object.freeze<KeysLimits>({
  signatureBytes: 65,
  compressedKeyBytes: 33,
  uncompressedKeyBytes: 65,
  base58Chars: 64,
  tables: 128,
  sightings: 4096,
  tableWindow: 5,
  promotionChars: 140,
  nameBytes: 16,
  keyFileCost: [15, 18],
  keyFileBlock: [8, 16],
  keyFileParallel: [1, 4],
  keyFileMemoryBytes: 256 * 1024 * 1024,
  keyFileBytes: 1024 * 1024,
  keyFileKeys: 10_000,
});

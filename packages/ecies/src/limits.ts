/** Every bound and size of this package, in one place. */
export interface EciesLimits {
  /** Length of the ephemeral public key. */
  readonly keyBytes: number;
  /** Length of the MAC. */
  readonly macBytes: number;
  /** The body is a multiple of this. */
  readonly blockBytes: number;
  /** Secrets that one trial decryption tries unless it is told another number; each costs one curve multiplication. */
  readonly trialSecrets: number;
}

/** The limits that are in force; `openWithAny` takes another number of secrets as an option. */
export const ECIES_LIMITS: EciesLimits = Object.freeze<EciesLimits>({
  keyBytes: 33,
  macBytes: 64,
  blockBytes: 16,
  trialSecrets: 256,
});

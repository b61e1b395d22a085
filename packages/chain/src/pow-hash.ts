import { scrypt } from '@noble/hashes/scrypt.js';

/**
 * The hash that a header's work is measured by: a port, so that an application may hand in a faster one.
 * Takes the 84 bytes of a header and gives 32 bytes in wire order; it must give what {@link scryptPowHash} gives.
 */
export type PowHash = (header: Uint8Array) => Uint8Array;

/** scrypt with N = 1024, r = 1, p = 1 and 32 bytes of output; the header is both password and salt (CHAIN-5). */
export const scryptPowHash: PowHash = (header) => scrypt(header, header, { N: 1024, r: 1, p: 1, dkLen: 32 });

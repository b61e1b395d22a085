import { readFileSync } from 'node:fs';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';

/** A file captured from three running nodes of the original program. */
export function captured<T>(name: string): T {
  const file = new URL(`../../../spec/vectors/captured/peerster/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as T;
}

export const hex = bytesToHex;
export const unhex = hexToBytes;

export interface CapturedRumor {
  readonly kind: 'key_announcement' | 'public' | 'private';
  readonly packet: string;
  readonly packet_length: number;
  readonly origin: string;
  readonly destination: string;
  readonly id: number;
  readonly content: string;
  readonly signature: string;
  readonly nonce: string;
  readonly signed_payload: string;
  readonly payload_sha256: string;
  readonly message_hash: string;
  readonly leading_zeros_lsb_first: number;
  readonly signer: string;
  readonly pss_salt?: string;
  readonly pss_salt_length?: number;
  readonly sender_ciphertext?: string;
  readonly recipient_ciphertext?: string;
  readonly sender_oaep_seed?: string;
  readonly recipient_oaep_seed?: string;
  readonly plaintext?: string;
  readonly recipient?: string;
}

export interface CapturedKey {
  readonly n: string;
  readonly e: number;
  readonly pkcs8_der: string;
  readonly serialized_public_key: string;
  readonly fingerprint_sha256: string;
  readonly display_name: string;
}

export interface CapturedStatus {
  readonly packet: string;
  readonly want: readonly { readonly identifier: string; readonly next_id: number }[];
}

export interface ProbeCase {
  readonly name: string;
  readonly packet: string;
  readonly outcome: string;
  readonly status_reply: boolean;
  readonly hash?: string;
}

export const RUMORS: readonly CapturedRumor[] = captured<{ rumors: CapturedRumor[] }>('rumors').rumors;
export const KEYS: Readonly<Record<string, CapturedKey>> = captured<{ keys: Record<string, CapturedKey> }>('keys').keys;

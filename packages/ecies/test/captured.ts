import { readFileSync } from 'node:fs';

export interface CapturedMessage {
  readonly user: string;
  readonly k: number;
  readonly kind: 'dm' | 'pfav';
  readonly raw: string;
  readonly ecies: { readonly key: string; readonly mac: string; readonly orig: number; readonly body: string };
  readonly sharedX: string;
  readonly aesKey: string;
  readonly hmacKey: string;
  readonly recipientPrivHex: string;
  readonly plaintext: string;
}

/** The direct messages of the captured network. */
export function capturedMessages(): readonly CapturedMessage[] {
  const path = new URL('../../../spec/vectors/captured/twister/direct-messages.json', import.meta.url);
  return (JSON.parse(readFileSync(path, 'utf8')) as { dms: readonly CapturedMessage[] }).dms;
}

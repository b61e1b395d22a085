import type { SignedValue } from '@rookery/dht';
import { signTyped } from '@rookery/keys';
import { heightForPost } from '@rookery/posts';
import { type BencodeInput, bencodeDict, encodeBencode } from '@rookery/wire';
import type { TwisterNode } from '../node.ts';

/** A value to be put into the DHT. */
export interface OwnValue {
  readonly n: Uint8Array | string;
  readonly r: string;
  readonly t: 's' | 'm';
  readonly v: BencodeInput;
  readonly seq?: number | undefined;
}

/** Signs values of the own users and puts them into the DHT. */
export class OwnValues {
  readonly #node: TwisterNode;

  constructor(node: TwisterNode) {
    this.#node = node;
  }

  /** Puts a value. False where the wallet has no key of the signer. It is held, refreshed, and on disk with everything else. */
  put({ n, r, seq, t, v }: OwnValue, signer: string): boolean {
    const { backend, chain, clock, dht } = this.#node;
    const key = this.#node.signingKey(signer);
    if (key === undefined) return false;
    const height = heightForPost(chain.chain.tip.height);
    const time = clock.seconds();
    const p = bencodeDict({ height, seq: t === 's' ? seq : undefined, target: { n, r, t }, time, v });
    const sigP = signTyped({ type: 'dht-value', p }, key.secret, { compressed: key.compressed, backend });
    const entry: SignedValue = { p: encodeBencode(p), sigP, sigUser: signer };
    dht.put(entry);
    return true;
  }
}

import { randomBytes } from 'node:crypto';
import { type CurveBackend, isSecret, keyId, type SecretKey } from '@rookery/keys';
import { bencodeDict, decodeBencode, encodeBencode } from '@rookery/wire';
import { keyPart, readKeyPart } from '../names.ts';
import type { Store } from '../store/store.ts';

/** A key of the wallet. */
export interface WalletKey extends SecretKey {
  /** Name of the user, with {@link REPLACED} behind it once another key took its place. */
  readonly label: string;
  readonly publicKey: Uint8Array;
  /** 20 bytes, in hexadecimal. */
  readonly id: string;
}

/** What the label of a replaced key ends with. */
export const REPLACED = '/replaced';
const SECRET_BYTES = 32;

/** The keys of a node's own users, on disk under `key/`, and which of them await the end of a replacement, under `replacing/`. */
export class Wallet {
  readonly #store: Store;
  readonly #backend: CurveBackend;
  readonly #keys = new Map<string, WalletKey>();
  /** Id of the registered key by the name that is to get another. */
  readonly #replacing = new Map<string, string>();

  private constructor(store: Store, backend: CurveBackend) {
    this.#store = store;
    this.#backend = backend;
  }

  static async load(store: Store, backend: CurveBackend): Promise<Wallet> {
    const wallet = new Wallet(store, backend);
    for await (const [, record] of store.entries('key/')) {
      const { value } = decodeBencode(record);
      const label = value.getText('label') ?? '';
      const secret = value.getBytes('secret') ?? new Uint8Array();
      wallet.#keep({ label, secret: secret.slice(), compressed: value.getNumber('compressed') === 1 });
    }
    for await (const [key, record] of store.entries('replacing/'))
      wallet.#replacing.set(readKeyPart(key.slice('replacing/'.length)), Buffer.from(record).toString('hex'));
    return wallet;
  }

  /** The key with which a user signs. */
  key(name: string): WalletKey | undefined {
    for (const key of this.#keys.values()) if (key.label === name) return key;
    return undefined;
  }

  /** Whether this key is there, whatever its label. */
  has(publicKey: Uint8Array): boolean {
    return this.#keys.has(idOf(publicKey));
  }

  /** All keys, replaced ones too, by their ids as twisterd compares them. */
  keys(): WalletKey[] {
    return [...this.#keys.values()].sort((left, right) => (reversed(left.id) < reversed(right.id) ? -1 : 1));
  }

  /** Makes a key for a name; one that it had is kept as replaced. */
  create(name: string): WalletKey {
    return this.add(name, { secret: drawSecret(), compressed: true });
  }

  /** Makes another key for a registered name, which the present one has to sign. Undefined where there is none. */
  replace(name: string): WalletKey | undefined {
    const present = this.key(name);
    if (present === undefined) return undefined;
    // A new key that was never sent is not the one that can sign.
    if (!this.#replacing.has(name)) {
      this.#replacing.set(name, present.id);
      this.#store.put(replacingKey(name), Buffer.from(present.id, 'hex'));
    }
    return this.create(name);
  }

  /** Takes a key in for a name; one that it had is kept as replaced. */
  add(name: string, secret: SecretKey): WalletKey {
    const before = this.key(name);
    if (before !== undefined) this.#write({ ...before, label: `${name}${REPLACED}` });
    return this.#write({ ...secret, label: name });
  }

  /** The registered key that has to sign a replacement; undefined where none is under way. */
  endorser(name: string): WalletKey | undefined {
    const id = this.#replacing.get(name);
    return id === undefined ? undefined : this.#keys.get(id);
  }

  /** The replacement was sent. */
  forgetReplacement(name: string): void {
    this.#replacing.delete(name);
    this.#store.delete(replacingKey(name));
  }

  #write(secret: SecretKey & { readonly label: string }): WalletKey {
    const key = this.#keep(secret);
    const { compressed, label } = key;
    const record = bencodeDict({ compressed: compressed ? 1 : 0, label, secret: key.secret });
    this.#store.put(`key/${key.id}`, encodeBencode(record));
    return key;
  }

  #keep({ compressed, label, secret }: SecretKey & { readonly label: string }): WalletKey {
    const publicKey = this.#backend.derivePublicKey(secret, compressed);
    const key = { label, secret, compressed, publicKey, id: idOf(publicKey) };
    this.#keys.set(key.id, key);
    return key;
  }
}

/** A secret that nobody has had. */
export function drawSecret(): Uint8Array {
  for (;;) {
    const secret = new Uint8Array(randomBytes(SECRET_BYTES));
    if (isSecret(secret)) return secret;
  }
}

function idOf(publicKey: Uint8Array): string {
  return Buffer.from(keyId(publicKey)).toString('hex');
}

function replacingKey(name: string): string {
  return `replacing/${keyPart(name)}`;
}

function reversed(id: string): string {
  return Buffer.from(id, 'hex').reverse().toString('hex');
}

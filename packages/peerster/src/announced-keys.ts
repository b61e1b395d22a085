import type { RsaProvider, RsaPublicKey } from './provider.ts';
import type { MessageStore } from './store.ts';

/** The keys that origins have announced, ready for verification. At most `cap` are held, the oldest is prepared again. */
export class AnnouncedKeys {
  private readonly rsa: RsaProvider;
  private readonly store: MessageStore;
  private readonly cap: number;
  private readonly prepared = new Map<string, RsaPublicKey>();

  constructor(rsa: RsaProvider, store: MessageStore, cap: number) {
    this.rsa = rsa;
    this.store = store;
    this.cap = cap;
  }

  /** The key of an origin, undefined where its announcement is not stored. */
  get(origin: string): RsaPublicKey | undefined {
    const held = this.prepared.get(origin);
    if (held !== undefined) return held;
    const announcement = this.store.get(origin, 0);
    if (announcement === undefined) return undefined;
    const key = this.rsa.publicKey(announcement.rumor.content);
    if (this.prepared.size >= this.cap) {
      const oldest = this.prepared.keys().next();
      if (!oldest.done) this.prepared.delete(oldest.value);
    }
    this.prepared.set(origin, key);
    return key;
  }

  /** Prepares the key of an origin anew when it is asked for: its announcement was replaced. */
  forget(origin: string): void {
    this.prepared.delete(origin);
  }
}

import type { Contact } from './contact.ts';

/** Contacts that have the same number of leading bits with the own id in common, in order of arrival (DHT-32). */
export interface KBucket {
  /** Contacts in use. */
  readonly live: Contact[];
  /** Contacts that take the place of one that fails. */
  readonly spare: Contact[];
}

/** What becomes of a contact that is to be added. */
export type BucketOutcome = 'added' | 'full' | 'refused';

/** A bucket without contacts. */
export function emptyBucket(): KBucket {
  return { live: [], spare: [] };
}

/** Takes a contact out. */
export function removeContact(bucket: KBucket, contact: Contact): void {
  for (const contacts of [bucket.live, bucket.spare]) {
    const index = contacts.indexOf(contact);
    if (index >= 0) contacts.splice(index, 1);
  }
}

/**
 * Adds a contact to the `places` in use: on a free one, else, if it is confirmed, instead of one that is not, or of the one
 * with the most failures. Good contacts stay, whoever comes (Kademlia, section 2.2). `removed` is who went.
 */
export function addLive(
  { live }: KBucket,
  contact: Contact,
  places: number,
): { readonly outcome: BucketOutcome; readonly removed?: Contact } {
  if (live.length < places) {
    live.push(contact);
    return { outcome: 'added' };
  }
  if (!contact.confirmed) return { outcome: 'full' };
  let worst = 0;
  for (let index = 1; index < live.length; index += 1) if (badness(live[index]!) > badness(live[worst]!)) worst = index;
  const removed = live[worst]!;
  if (badness(removed) === 0) return { outcome: 'full' };
  live.splice(worst, 1);
  live.push(contact);
  return { outcome: 'added', removed };
}

/** Adds a contact to the spare ones, instead of the oldest that is not confirmed, or of the oldest if it is confirmed itself. */
export function addSpare(
  { spare }: KBucket,
  contact: Contact,
  places: number,
): { readonly outcome: BucketOutcome; readonly removed?: Contact } {
  if (spare.length < places) {
    spare.push(contact);
    return { outcome: 'added' };
  }
  const unproved = spare.findIndex(({ confirmed }) => !confirmed);
  if (unproved < 0 && !contact.confirmed) return { outcome: 'refused' };
  const [removed] = spare.splice(Math.max(unproved, 0), 1);
  spare.push(contact);
  return removed === undefined ? { outcome: 'added' } : { outcome: 'added', removed };
}

/** The spare contact that is to take the place of one that failed: the confirmed one heard of last. */
export function takeSpare({ spare }: KBucket): Contact | undefined {
  for (let index = spare.length - 1; index >= 0; index -= 1) {
    if (spare[index]!.confirmed) return spare.splice(index, 1)[0];
  }
  return undefined;
}

function badness({ confirmed, failures }: Contact): number {
  return confirmed ? failures : Number.POSITIVE_INFINITY;
}

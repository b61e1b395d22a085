/** A rumour that was sent to a peer and waits for a status of it (PEERSTER-31). */
export interface RumourWait {
  readonly peer: string;
  readonly origin: string;
  readonly id: number;
  /** When it is given up, in milliseconds since the Unix epoch. */
  readonly deadline: number;
}

interface Entry extends RumourWait {
  claimed: boolean;
}

/**
 * Rumours that wait, first in, first out for each peer (PEERSTER-31). All wait equally long, so that the oldest is also the
 * first to end. At most `cap` wait at once; one more is not noted, and its rumour ends with the peer it was sent to.
 */
export class RumourWaits {
  private queue: Entry[] = [];
  private head = 0;
  private waiting = 0;
  private readonly byPeer = new Map<string, Entry[]>();
  private readonly cap: number;

  constructor(cap: number) {
    this.cap = cap;
  }

  /** Rumours waiting now. */
  get size(): number {
    return this.waiting;
  }

  /** Notes a wait; deadlines must not fall. */
  add(wait: RumourWait): void {
    if (this.waiting >= this.cap) return;
    const entry = { ...wait, claimed: false };
    this.queue.push(entry);
    const peers = this.byPeer.get(wait.peer);
    if (peers === undefined) this.byPeer.set(wait.peer, [entry]);
    else peers.push(entry);
    this.waiting += 1;
  }

  /** Ends the oldest wait for a peer whose origin is `wanted`, and gives it back. */
  claim(peer: string, wanted: (origin: string) => boolean): RumourWait | undefined {
    const found = this.byPeer.get(peer)?.find((entry) => wanted(entry.origin));
    if (found !== undefined) this.end(found);
    return found;
  }

  /** Ends the waits whose time has come, oldest first. */
  expire(now: number): RumourWait[] {
    const expired: RumourWait[] = [];
    for (let entry = this.oldest(); entry !== undefined && entry.deadline <= now; entry = this.oldest()) {
      this.end(entry);
      expired.push(entry);
    }
    return expired;
  }

  /** When the oldest wait ends; undefined where none waits. */
  nextDeadline(): number | undefined {
    return this.oldest()?.deadline;
  }

  private oldest(): Entry | undefined {
    while (this.queue[this.head]?.claimed) this.head += 1;
    if (this.head > this.cap) {
      this.queue = this.queue.slice(this.head);
      this.head = 0;
    }
    return this.queue[this.head];
  }

  private end(entry: Entry): void {
    entry.claimed = true;
    this.waiting -= 1;
    const rest = this.byPeer.get(entry.peer)!.filter((other) => other !== entry);
    if (rest.length === 0) this.byPeer.delete(entry.peer);
    else this.byPeer.set(entry.peer, rest);
  }
}

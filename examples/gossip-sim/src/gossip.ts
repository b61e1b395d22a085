/** A note that everybody is to have; of two notes on a topic the one with the higher version stands. */
export interface Note {
  readonly topic: number;
  readonly version: number;
}

/** What the engine wants done: a note sent to a node that it names by number. */
export interface GossipEffect {
  readonly to: number;
  readonly note: Note;
}

const FANOUT = 3;
const REPAIR_MS = 1_000;

/**
 * A toy gossip engine without hands. News goes to three nodes at once; every second one note that it holds goes to some
 * node, which repairs what was lost. With `planted`, it has a bug.
 */
export class Gossip {
  private readonly notes = new Map<number, Note>();
  private readonly pickNode: () => number;
  private readonly planted: boolean;
  private repairAt: number;
  private repaired = 0;

  constructor(pickNode: () => number, now: number, planted: boolean) {
    this.pickNode = pickNode;
    this.planted = planted;
    this.repairAt = now + REPAIR_MS;
  }

  held(): Iterable<Note> {
    return this.notes.values();
  }

  version(topic: number): number {
    return this.notes.get(topic)?.version ?? 0;
  }

  publish(topic: number): GossipEffect[] {
    return this.receive({ topic, version: this.version(topic) + 1 });
  }

  receive(note: Note): GossipEffect[] {
    const held = this.version(note.topic);
    const isNews = this.planted ? note.version !== held : note.version > held;
    if (!isNews) return [];
    this.notes.set(note.topic, note);
    return Array.from({ length: FANOUT }, () => ({ to: this.pickNode(), note }));
  }

  tick(now: number): GossipEffect[] {
    if (now < this.repairAt) return [];
    this.repairAt = now + REPAIR_MS;
    const note = [...this.notes.values()][this.repaired++ % this.notes.size];
    return note === undefined ? [] : [{ to: this.pickNode(), note }];
  }

  nextDeadline(): number {
    return this.repairAt;
  }
}

import { type CompiledDeadlines, deadlineKey, earlyBy, isRepeated, lateBy } from './deadline.ts';
import { WAITING } from './event-kinds.ts';
import type { EventQueue } from './event-queue.ts';
import { NO_DEADLINE } from './world.ts';

const UNARMED = Number.POSITIVE_INFINITY;

/**
 * Wakes nodes at their deadlines, or near them (SIM-4). One event waits for each node at most, however often the engine
 * changes its mind: an event that comes too early for a later deadline is put off, one that is no longer wanted is skipped.
 */
export class Alarms {
  private readonly queue: EventQueue;
  private readonly rules: CompiledDeadlines;
  private readonly key: number;
  private readonly wakeAt: Float64Array;
  private readonly armedAt: Float64Array;

  /** Alarms for so many nodes. */
  constructor(queue: EventQueue, rules: CompiledDeadlines, key: number, nodes: number) {
    this.queue = queue;
    this.rules = rules;
    this.key = key;
    this.wakeAt = new Float64Array(nodes).fill(UNARMED);
    this.armedAt = new Float64Array(nodes).fill(UNARMED);
  }

  /** A node wants to be woken at another time, ms since the start, or `NO_DEADLINE`. */
  set(node: number, deadline: number): void {
    if (deadline === NO_DEADLINE) {
      this.wakeAt[node] = UNARMED;
      return;
    }
    let wake = deadline;
    if (!this.rules.exact) {
      const key = deadlineKey(this.key, node, deadline);
      wake += lateBy(this.rules, key);
      const early = earlyBy(this.rules, key);
      if (early > 0 && deadline - early >= this.queue.now)
        this.queue.push(deadline - early, WAITING.extraTick, node, 0);
    }
    this.wakeAt[node] = wake;
    if (wake < (this.armedAt[node] as number)) this.arm(node, wake);
  }

  /** An alarm goes off; whether the node is to be ticked now. */
  ring(node: number): boolean {
    const { now } = this.queue;
    if (this.armedAt[node] !== now) return false;
    this.armedAt[node] = UNARMED;
    const wake = this.wakeAt[node] as number;
    if (wake > now) {
      if (wake !== UNARMED) this.arm(node, wake);
      return false;
    }
    this.wakeAt[node] = UNARMED;
    return true;
  }

  /** Has a node ticked once more if the simulator so chooses; `deadline` is the one that was served. */
  repeat(node: number, deadline: number): void {
    if (this.rules.exact || !isRepeated(this.rules, deadlineKey(this.key, node, deadline))) return;
    this.queue.push(this.queue.now, WAITING.extraTick, node, 0);
  }

  private arm(node: number, at: number): void {
    this.armedAt[node] = at;
    this.queue.push(at, WAITING.wake, node, 0);
  }
}

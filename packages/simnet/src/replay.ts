import type { Failure } from './failure.ts';
import type { SimNode } from './node.ts';
import { Outbox, takeWaiting } from './outbox.ts';
import { STOPS } from './record.ts';
import type { Scenario } from './scenario.ts';
import type { Entry, Schedule } from './schedule.ts';
import { setUp } from './setup.ts';
import { whole } from './whole.ts';
import { World } from './world.ts';

/** What came of a replay. */
export interface Replayed {
  /** Whether nothing failed. */
  readonly ok: boolean;
  /** Why it failed, if it did. */
  readonly failure: Failure | undefined;
  /** Indexes of the entries that happened; the others could not. */
  readonly happened: readonly number[];
}

/**
 * Brings the events of a schedule to the nodes of a scenario, in their order, and ends at the first failure. Checks of
 * `always` are made after each, those of `finally` never, as nothing says that what is missing would not still come.
 * Throws a `RangeError` for a schedule that does not fit the scenario.
 */
export function replay<N extends SimNode>(scenario: Scenario<N>, schedule: Schedule): Replayed {
  checkSchedule(schedule);
  return replayEntries(scenario, schedule, schedule.entries, undefined);
}

/**
 * The same for a part of a schedule: `indexes` are the positions of `entries` in the whole, by which they name each other.
 * Only for schedules that have been checked.
 */
export function replayEntries<N extends SimNode>(
  scenario: Scenario<N>,
  schedule: Schedule,
  entries: readonly Entry[],
  indexes: readonly number[] | undefined,
): Replayed {
  const setup = setUp(scenario, { seed: schedule.seed, nodes: schedule.nodes, steps: [] });
  const world = new World(setup, 'off');
  const outbox = new Outbox(world);
  world.transport = outbox;
  const happened: number[] = [];
  for (const [position, entry] of entries.entries()) {
    const index = indexes === undefined ? position : (indexes[position] as number);
    const before = world.events;
    world.elapsedMs = entry.at;
    outbox.enter(index);
    bring(world, outbox, entry);
    if (world.events > before) happened.push(index);
    if (world.failure !== undefined) break;
  }
  return { ok: world.failure === undefined, failure: world.failure, happened };
}

function bring<N extends SimNode>(world: World<N>, outbox: Outbox<N>, entry: Entry): void {
  const { node } = entry;
  if (entry.do === 'start') {
    world.start(node);
    return;
  }
  if (world.node(node) === undefined) return;
  switch (entry.do) {
    case 'stop':
      world.stop(node, STOPS.indexOf(entry.how));
      return;
    case 'move':
      outbox.hosts.move(node);
      world.moved(node, outbox.addressOf(node));
      return;
    case 'act':
      world.act(node, 0, entry);
      return;
    case 'tick': {
      const deadline = world.deadline[node] as number;
      if (entry.early === true || (deadline >= 0 && deadline <= entry.at)) world.tick(node);
      return;
    }
    case 'receive': {
      const held = outbox.find(entry.of, node, entry.nth ?? 0);
      if (held === undefined) return;
      world.receive(node, world.own(held.bytes), held.from, outbox.hosts.inward(node, held.to), held.sender, 0);
      return;
    }
    default:
      bringStream(world, outbox, entry);
  }
}

function bringStream<N extends SimNode>(
  world: World<N>,
  outbox: Outbox<N>,
  entry: Extract<Entry, { readonly side: 0 | 1 }>,
): void {
  const { node, side } = entry;
  const stream = outbox.findStream(entry.of, entry.nth ?? 0);
  if (stream === undefined || stream.gone[side]) return;
  const number = 2 * stream.id + side;
  if (entry.do === 'opened' && side === 1) {
    stream.second = node;
    world.opened(node, number, stream.from, true, stream.first);
    return;
  }
  if ((side === 0 ? stream.first : stream.second) !== node) return;
  const peer = (side === 0 ? stream.second : stream.first) ?? -1;
  if (entry.do === 'opened') world.opened(node, number, stream.to, false, peer);
  else if (entry.do === 'data') {
    const bytes = takeWaiting(stream, side, entry.length);
    if (bytes.length > 0) world.data(node, number, bytes, peer);
  } else {
    stream.gone[side] = true;
    world.closed(node, number, entry.reason, peer);
  }
}

function checkSchedule(schedule: Schedule): void {
  let at = 0;
  for (const [index, entry] of schedule.entries.entries()) {
    at = whole(`at of entry ${index}`, entry.at, at);
    whole(`node of entry ${index}`, entry.node, 0, schedule.nodes - 1);
    if ('of' in entry) whole(`of in entry ${index}`, entry.of, 0, index - 1);
    if (entry.do === 'stop' && !STOPS.includes(entry.how))
      throw new RangeError(`entry ${index}: no stop is called ${entry.how}`);
  }
}

/**
 * Why a run failed:
 * `invariant` one of the checks of `always` said no after an event;
 * `unmet` one of the checks of `finally` said no at the end;
 * `throws` an engine threw;
 * `past-deadline` an engine asked to be woken before now;
 * `bad-deadline` an engine asked to be woken at something that is no whole millisecond;
 * `sends-nowhere` an engine sent to an address that nobody has ever had;
 * `bad-call` an engine handed its environment something of the wrong shape, such as bytes that are none;
 * `never-stops` an engine does not let time go on, or makes calls without end in one event;
 * `too-many-events` the run reached its bound of events;
 * `not-deterministic` the same plan gave another trace the second time.
 */
export type FailureCode =
  | 'invariant'
  | 'unmet'
  | 'throws'
  | 'past-deadline'
  | 'bad-deadline'
  | 'sends-nowhere'
  | 'bad-call'
  | 'never-stops'
  | 'too-many-events'
  | 'not-deterministic';

/**
 * Why a datagram did not arrive:
 * `lost` by chance of the link, or by a step or fate of the plan; `queue` the queue of the link or uplink was full;
 * `too-long` larger than the link carries; `partition` a partition lay between; `nat` a NAT box let it not in;
 * `no-route` nobody is at that address now; `down` the node there is not running.
 */
export type DropReason = 'lost' | 'queue' | 'too-long' | 'partition' | 'nat' | 'no-route' | 'down';

/** Every reason in the order of its number in a trace (SIM-9). */
export const DROP_REASONS: readonly DropReason[] = Object.freeze([
  'lost',
  'queue',
  'too-long',
  'partition',
  'nat',
  'no-route',
  'down',
]);

/**
 * Why a stream ended: `end` the other side closed it after its last byte; `reset` the other side cut it or crashed;
 * `refused` nobody accepts streams there; `timeout` nothing came through for longer than the link allows.
 */
export type CloseReason = 'end' | 'reset' | 'refused' | 'timeout';

/** Every reason in the order of its number in a trace (SIM-9). */
export const CLOSE_REASONS: readonly CloseReason[] = Object.freeze(['end', 'reset', 'refused', 'timeout']);

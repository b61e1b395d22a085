/** What waits in the event queue. Kinds from {@link FIRST_ALARM} on are nothing that is on its way. */
export const WAITING = {
  start: 0,
  datagram: 1,
  stepBegin: 2,
  stepEnd: 3,
  restart: 4,
  stream: 5,
  wake: 6,
  extraTick: 7,
} as const;

/** The first kind that is an alarm of a node. */
export const FIRST_ALARM: number = WAITING.wake;

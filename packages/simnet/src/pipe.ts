/**
 * A bottleneck of so many bytes a second with a queue before it. Whole-number bookkeeping: `freeAt` is the last full
 * millisecond at which the bottleneck is busy, `rest` the thousandths of bytes that reach into the one after.
 */
export interface Pipe {
  freeAt: number;
  rest: number;
}

/** A bottleneck that has carried nothing yet. */
export function createPipe(): Pipe {
  return { freeAt: 0, rest: 0 };
}

/** Bytes that wait before the bottleneck or are on their way through it, rounded down. */
function backlogBytes(pipe: Pipe, bytesPerSecond: number, now: number): number {
  if (pipe.freeAt < now) return 0;
  return Math.floor(((pipe.freeAt - now) * bytesPerSecond + pipe.rest) / 1_000);
}

/**
 * Puts a message into the queue. Returns the ms (≥ now) at which its last byte has passed, or −1 when the queue has no
 * room for it. A message that finds an empty queue is carried whatever its size.
 */
export function passPipe(pipe: Pipe, bytesPerSecond: number, queueBytes: number, size: number, now: number): number {
  if (pipe.freeAt < now) {
    pipe.freeAt = now;
    pipe.rest = 0;
  } else {
    const backlog = backlogBytes(pipe, bytesPerSecond, now);
    if (backlog > 0 && backlog + size > queueBytes) return -1;
  }
  const work = pipe.rest + size * 1_000;
  const fullMs = Math.floor(work / bytesPerSecond);
  pipe.freeAt += fullMs;
  pipe.rest = work - fullMs * bytesPerSecond;
  return pipe.rest > 0 ? pipe.freeAt + 1 : pipe.freeAt;
}

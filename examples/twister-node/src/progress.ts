import { SingleBar } from 'cli-progress';
import type { Logger } from './log.ts';

/** Shows how far a long piece of work has come. */
export interface Progress {
  /** `total` may change while the work goes on. */
  update(done: number, total: number): void;
  stop(): void;
}

const LINE_MS = 10_000;
/** Work that is over sooner is not worth a line. */
const QUIET_MS = 1000;

/** Starts to show progress: as a bar on a terminal, as a log line every ten seconds elsewhere. */
export function startProgress(title: string, log: Logger): Progress {
  return process.stderr.isTTY === true && log.isLevelEnabled('info') ? startBar(title) : startLines(title, log);
}

function startBar(title: string): Progress {
  let bar: SingleBar | undefined;
  const started = performance.now();
  return {
    update: (done, total) => {
      if (bar === undefined && performance.now() - started < QUIET_MS) return;
      if (bar === undefined) {
        bar = new SingleBar({
          format: `${title} {bar} {percentage}% {value}/{total} {eta_formatted}`,
          stream: process.stderr,
          clearOnComplete: true,
          hideCursor: true,
        });
        bar.start(total, done);
      }
      bar.setTotal(total);
      bar.update(done);
    },
    stop: () => bar?.stop(),
  };
}

function startLines(title: string, log: Logger): Progress {
  let last = performance.now() - LINE_MS + QUIET_MS;
  return {
    update: (done, total) => {
      if (performance.now() - last < LINE_MS) return;
      last = performance.now();
      log.info({ done, total }, title);
    },
    stop: () => {},
  };
}

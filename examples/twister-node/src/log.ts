import { type Logger, pino } from 'pino';
import { prettyFactory } from 'pino-pretty';
import type { NodeOptions } from './options.ts';

export type { Logger } from 'pino';

/** Bytes of lines that nobody has read yet; what comes on top of them is left out, for the node must not wait for its reader. */
const MOST_WAITING = 1024 * 1024;

/** Opens the log on standard error: lines for people, or JSON where it was asked for. */
export function openLog({ jsonLog, logLevel }: Pick<NodeOptions, 'jsonLog' | 'logLevel'>): Logger {
  if (logLevel === 'silent') return pino({ level: 'silent' });
  const { stderr } = process;
  const format = jsonLog
    ? (line: string) => line
    : prettyFactory({
        colorize: stderr.isTTY === true,
        ignore: 'pid,hostname',
        translateTime: 'SYS:HH:MM:ss.l',
        singleLine: true,
      });
  return pino(
    { level: logLevel },
    {
      write: (line) => {
        if (stderr.writableLength < MOST_WAITING) stderr.write(format(line));
      },
    },
  );
}

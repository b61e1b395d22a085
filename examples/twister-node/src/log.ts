import { type Logger, pino } from 'pino';
import pretty from 'pino-pretty';
import type { NodeOptions } from './options.ts';

export type { Logger } from 'pino';

const STANDARD_ERROR = 2;

/** Opens the log on standard error: lines for people, or JSON where it was asked for. */
export function openLog({ jsonLog, logLevel }: Pick<NodeOptions, 'jsonLog' | 'logLevel'>): Logger {
  if (logLevel === 'silent') return pino({ level: 'silent' });
  if (jsonLog) return pino({ level: logLevel }, pino.destination({ dest: STANDARD_ERROR, sync: true }));
  const stream = pretty({
    destination: STANDARD_ERROR,
    sync: true,
    colorize: process.stderr.isTTY === true,
    ignore: 'pid,hostname',
    translateTime: 'SYS:HH:MM:ss.l',
    singleLine: true,
  });
  return pino({ level: logLevel }, stream);
}

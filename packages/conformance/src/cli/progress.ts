import { Presets, SingleBar } from 'cli-progress';
import type { CaseResult } from '../report.ts';
import { UNEXPECTED } from '../report.ts';

/** A progress bar where the stream is a terminal, nothing elsewhere. */
export interface Progress {
  readonly update: (result: CaseResult, done: number) => void;
  readonly end: () => void;
}

export function startProgress(total: number, stream: NodeJS.WriteStream): Progress {
  if (!stream.isTTY || total === 0) return { update: () => {}, end: () => {} };
  const options = { stream, clearOnComplete: true, hideCursor: true, format: '{bar} {value}/{total} {bad} {id}' };
  const bar = new SingleBar(options, Presets.shades_classic);
  let bad = 0;
  bar.start(total, 0, { bad: '', id: '' });
  return {
    update: ({ status, id }, done) => {
      if (UNEXPECTED.includes(status)) bad += 1;
      bar.update(done, { bad: bad === 0 ? '' : `${bad} not as expected`, id });
    },
    end: () => bar.stop(),
  };
}

import type { Moment } from './failure.ts';

/** How to draw. */
export interface DiagramOptions {
  /** A few words for a message; its length unless given. */
  readonly describe?: ((bytes: Uint8Array) => string) | undefined;
  /** Moments to draw, the last ones; all unless given. */
  readonly last?: number;
  /** Columns at most; the nodes that came up last get one. Six unless given. */
  readonly columns?: number;
}

const WIDTH = 16;
const TIME = 10;

/**
 * Draws moments as a sequence diagram in plain ASCII, one line each, oldest first: a column for each node, an arrow for
 * each message that arrives (`----->`), sets out (`- - ->`) or gets lost (`- - -x`). Columns are nodes in ascending order.
 */
export function formatDiagram(moments: readonly Moment[], options: DiagramOptions = {}): string {
  const shown = moments.slice(-(options.last ?? moments.length));
  const columns = chooseColumns(shown, options.columns ?? 6);
  const head = `${'ms'.padStart(TIME)}  ${columns.map((node) => `node ${node}`.padEnd(WIDTH)).join('')}`;
  const lines = shown.map((moment) => line(moment, columns, options));
  return [head, ...lines].map((text) => text.trimEnd()).join('\n');
}

function chooseColumns(moments: readonly Moment[], most: number): readonly number[] {
  const chosen = new Set<number>();
  for (let at = moments.length - 1; at >= 0 && chosen.size < most; at -= 1) {
    const { kind, node, peer } = moments[at] as Moment;
    if (kind === 'step') continue;
    chosen.add(node);
    if (peer !== undefined && chosen.size < most && kind !== 'send') chosen.add(peer);
  }
  return [...chosen].sort((left, right) => left - right);
}

function line(moment: Moment, columns: readonly number[], options: DiagramOptions): string {
  const cells = columns.map(() => `|${' '.repeat(WIDTH - 1)}`).join('');
  const time = `${moment.at}`.padStart(TIME);
  const words = wordsOf(moment, options);
  if (moment.kind === 'step') return `${time}  ${cells} ${words}`;
  const from = columns.indexOf(isInward(moment) ? (moment.peer ?? -1) : moment.node);
  const to = columns.indexOf(isInward(moment) ? moment.node : (moment.peer ?? -1));
  if (from !== -1 && to !== -1 && from !== to) return `${time}  ${arrow(cells, from, to, moment)} ${words}`;
  const at = columns.indexOf(moment.node);
  const peer = moment.peer === undefined || isInward(moment) === false ? '' : ` from node ${moment.peer}`;
  const target = moment.peer !== undefined && !isInward(moment) ? ` to node ${moment.peer}` : '';
  if (at === -1) return `${time}  ${cells} node ${moment.node}: ${moment.kind} ${words}${peer}${target}`;
  const marked = `${cells.slice(0, at * WIDTH)}* ${moment.kind.padEnd(WIDTH - 2)}${cells.slice((at + 1) * WIDTH)}`;
  return `${time}  ${marked} ${wordsOf(moment, options, false)}${peer}${target}`;
}

/** Whether the moment tells of something that came from the peer, so that the arrow points at the node. */
function isInward({ kind }: Moment): boolean {
  return kind === 'receive' || kind === 'opened' || kind === 'data' || kind === 'closed';
}

function arrow(cells: string, from: number, to: number, moment: Moment): string {
  const left = Math.min(from, to) * WIDTH;
  const right = Math.max(from, to) * WIDTH;
  const solid = isInward(moment);
  const length = right - left - 1;
  const shaft = solid ? '-'.repeat(length) : '- '.repeat(length).slice(0, length);
  const tip = moment.kind === 'drop' ? 'x' : from < to ? '>' : '<';
  const body = from < to ? `${shaft.slice(0, -1)}${tip}` : `${tip}${shaft.slice(1)}`;
  return `${cells.slice(0, left + 1)}${body}${cells.slice(right)}`;
}

function wordsOf(moment: Moment, options: DiagramOptions, named = true): string {
  const { bytes, kind } = moment;
  const payload =
    bytes === undefined || kind === 'store' ? '' : (options.describe?.(bytes) ?? lengthText(bytes.length));
  const name = !named || kind === 'receive' || kind === 'send' || kind === 'data' || kind === 'step' ? '' : kind;
  const address = kind === 'send' && moment.peer !== undefined ? '' : moment.text;
  return [name, payload, address].filter((word) => word !== '').join(' ');
}

function lengthText(length: number): string {
  return length === 1 ? '1 byte' : `${length} bytes`;
}

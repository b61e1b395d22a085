/** Conversations with the engine `peerster`, as the original program answered when it was probed. */
import type { Fields, Json, TranscriptCase } from './format.ts';

interface Sent {
  readonly packet: string;
}
interface Rumor extends Sent {
  readonly kind: string;
  readonly signer: string;
  readonly origin: string;
  readonly id: number;
  readonly message_hash: string;
}
interface Probe extends Sent {
  readonly name: string;
  readonly outcome: string;
  readonly status_reply: boolean;
  readonly hash?: string;
}
interface Key {
  readonly pkcs8_der: string;
  readonly display_name: string;
}

/** What the transcripts are made of. */
export interface TranscriptSource {
  readonly rumors: readonly Rumor[];
  readonly probes: readonly Probe[];
  readonly keys: Readonly<Record<string, Key>>;
  readonly conflict: {
    readonly origin: string;
    readonly id: number;
    readonly candidates: readonly (Sent & { readonly label: string; readonly hash: string })[];
  };
}
type Step = TranscriptCase['steps'][number];

const START = 1_700_000_000_000;
const PROBE = '127.0.0.1:16009';
const OTHER = '127.0.0.1:16002';
const CODES: Readonly<Record<string, string>> = {
  'dropped: unknown key': 'unknown-origin',
  'valid but not stored (out of order)': 'out-of-order',
  'duplicate: not stored, not relayed': 'duplicate',
  'dropped: not enough zeros': 'insufficient-work',
  'dropped: only the first field is decoded': 'bad-name',
  'dropped: invalid signature': 'bad-signature',
};
const ORDERS = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
] as const;

export function peersterTranscripts(source: TranscriptSource): readonly TranscriptCase[] {
  return [
    probed(source),
    ...ORDERS.map((order) => conflicting(source, order)),
    catchingUp(source),
    periodic(source),
    strictRefusals(source),
    authoring(source),
  ];
}

function transcript(id: string, rule: number, comment: string, config: Fields, steps: readonly Step[]): TranscriptCase {
  return { id: `peerster-${id}`, rule: `PEERSTER-${rule}`, level: 'MUST', comment, engine: 'peerster', config, steps };
}

function receive(now: number, { packet }: Sent, effects: Json, from: string = PROBE): Step {
  return { now, in: { type: 'receive', from, bytes: packet }, effects };
}

/** A send whose bytes decode to a packet with at least these parts. */
function sends(to: string, ok: Fields, profile = 'deployed'): Fields {
  return { type: 'send', to, bytes: { op: 'peerster.packet.decode', in: { profile }, ok } };
}

const anyStatus = (to: string): Fields => sends(to, { status: '*' });
const anyRumor = (to: string): Fields => sends(to, { rumor: '*' });

function announcements({ rumors }: TranscriptSource, signers: readonly string[]): Step[] {
  return rumors
    .filter(({ kind, signer }) => kind === 'key_announcement' && signers.includes(signer))
    .map((rumor, index) =>
      receive(START + index, rumor, { has: [{ type: 'stored', origin: rumor.origin, id: 0 }] }, OTHER),
    );
}

function probed(source: TranscriptSource): TranscriptCase {
  const steps = source.probes.map((probe, index): Step => {
    const code = CODES[probe.outcome];
    const stored = code === undefined && probe.hash !== undefined;
    const has: Json[] = [];
    const hasNot: Json[] = [];
    (probe.status_reply ? has : hasNot).push(anyStatus(PROBE));
    (stored ? has : hasNot).push(anyRumor(OTHER), { type: 'stored' });
    if (stored) has.push({ type: 'stored', hash: probe.hash });
    if (code !== undefined) has.push({ type: 'dropped', code });
    // The stored pattern with a hash says all that the bare one says, and one effect fits one pattern only.
    const wanted = has.filter((pattern) => JSON.stringify(pattern) !== '{"type":"stored"}');
    return receive(START + 2_000 * (index + 1), probe, { has: wanted, hasNot });
  });
  const config = { profile: 'deployed', peers: [OTHER] };
  const known = announcements(source, ['A', 'B', 'C']);
  return transcript('probed', 30, 'twenty datagrams as the original took them', config, [...known, ...steps]);
}

/** The probe's messages 0 to 5, which come before the number in conflict. */
function prefix({ probes, conflict }: TranscriptSource): Step[] {
  const accepted = probes.filter(({ outcome, name }) => outcome.startsWith('accepted') && !name.startsWith('id 6'));
  return accepted
    .slice(0, conflict.id)
    .map((probe, index) => receive(START + index, probe, { has: [{ type: 'stored', hash: probe.hash! }] }));
}

function conflicting(source: TranscriptSource, order: readonly number[]): TranscriptCase {
  const { candidates } = source.conflict;
  let least = 'g';
  const steps = order.map((index, turn): Step => {
    const { hash, packet } = candidates[index]!;
    const wins = hash < least;
    if (wins) least = hash;
    const stored = { type: 'stored', hash };
    const effects = wins
      ? { has: [stored, anyStatus(PROBE)] }
      : { has: [{ type: 'dropped', code: 'higher-hash' }, anyStatus(PROBE)], hasNot: [{ type: 'stored' }] };
    return receive(START + 100 + turn, { packet }, effects);
  });
  const comment = `versions ${order.map((index) => candidates[index]!.label).join(', then ')}`;
  const config = { profile: 'deployed', peers: [OTHER] };
  return transcript(`conflict-${order.join('')}`, 26, comment, config, [...prefix(source), ...steps]);
}

function catchingUp(source: TranscriptSource): TranscriptCase {
  const { origin, id } = source.conflict;
  const asks = Array.from({ length: id + 1 }, (_, nextId): Step => {
    // A status with one entry: the name has 16 characters, the number is below 128.
    const status = `12160a140a10${Buffer.from(origin).toString('hex')}10${nextId.toString(16).padStart(2, '0')}`;
    const push = sends(PROBE, { rumor: { origin, id: nextId } });
    return receive(
      START + 1_000 * (nextId + 1),
      { packet: status },
      nextId < id ? { has: [push] } : { has: [], hasNot: [{ type: 'send' }] },
    );
  });
  const config = { profile: 'deployed', peers: [] };
  return transcript('catching-up', 33, 'one message for each status', config, [...prefix(source), ...asks]);
}

function periodic(source: TranscriptSource): TranscriptCase {
  const tick = (now: number, effects: Json): Step => ({ now, in: { type: 'tick' }, effects });
  const { origin } = source.conflict;
  const config = { profile: 'deployed', peers: [OTHER] };
  const known = [...announcements(source, ['A', 'B', 'C']), ...prefix(source).slice(0, 1)].map((step, index) => ({
    ...step,
    now: START + index,
  }));
  const names = source.rumors
    .filter(({ kind, signer }) => kind === 'key_announcement' && ['A', 'B', 'C'].includes(signer))
    .map((rumor) => rumor.origin);
  const status = [...names, origin].sort().map((name) => ({ origin: name, nextId: 1 }));
  return transcript('periodic', 34, 'a status each second, names in ascending order', config, [
    ...known,
    tick(START + 999, { has: [], hasNot: [{ type: 'send' }] }),
    // Rumours still wait then, so that some more may be sent besides.
    {
      now: START + 5_000,
      in: { type: 'tick' },
      effects: {
        has: [{ type: 'send', bytes: { op: 'peerster.packet.decode', in: { profile: 'deployed' }, ok: { status } } }],
      },
    },
  ]);
}

function strictRefusals(source: TranscriptSource): TranscriptCase {
  const codes: Readonly<Record<string, string>> = {
    'id 5 with fields in descending order': 'missing-key',
    'key announcement with a destination set': 'unexpected-field',
    'id 7 private, content is not a two-ciphertext block': 'bad-private-content',
    'id 8 with destination of eight U+017F (16 bytes)': 'bad-name',
  };
  const steps = source.probes.flatMap((probe, index): Step[] => {
    const code = codes[probe.name];
    if (code === undefined) return [];
    const effects = { has: [{ type: 'dropped', code }], hasNot: [{ type: 'send' }, { type: 'stored' }] };
    return [receive(START + 2_000 * (index + 1), probe, effects)];
  });
  return transcript('canonical', 22, 'what the original took and canonical nodes refuse', { peers: [OTHER] }, steps);
}

function authoring(source: TranscriptSource): TranscriptCase {
  const { A: author, B: friend } = source.keys;
  const own = author!.display_name;
  const other = friend!.display_name;
  const config = { target: 4, miningTarget: 4, identities: [author!.pkcs8_der], peers: [OTHER] };
  const published = (id: number, destination: string): Fields => ({ type: 'submitted', origin: own, destination, id });
  const carried = (id: number): Fields => sends(OTHER, { rumor: { origin: own, id } }, 'canonical');
  const announced = source.rumors.find(({ kind, signer }) => kind === 'key_announcement' && signer === 'B')!;
  return transcript('authoring', 40, 'announcement, public and private messages of an identity', config, [
    {
      now: START,
      in: { type: 'publish', text: 'Hello!' },
      effects: {
        has: [
          published(0, ''),
          carried(0),
          published(1, ''),
          carried(1),
          { type: 'deliver', kind: 'public', text: 'Hello!' },
        ],
      },
    },
    receive(START + 1, announced, { has: [{ type: 'stored', origin: other, id: 0 }] }),
    {
      now: START + 2,
      in: { type: 'private', to: other, text: 'secret' },
      effects: { has: [published(2, other), { type: 'deliver', kind: 'private', text: 'secret' }] },
    },
  ]);
}

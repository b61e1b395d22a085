/**
 * The suite `posts`. What deployed nodes say comes from the captures; what the canonical rules say of the same bytes was written down
 * here by hand from the pages of the specification.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fields, Json, VectorCase, VectorDocument, VectorFile } from './format.ts';
import { CANONICAL_OF_CAPTURED, DEPLOYED_ERRORS, EDITED, NOTES, RULE_OF_CODE, TOKEN_TEXTS } from './posts-verdicts.ts';

type Profile = 'canonical' | 'deployed';
/** What a profile says of a piece: the flags of an accepted one, or the code. */
type Expected = readonly string[] | string;
type User = {
  readonly name: string;
  readonly keys: readonly { readonly height: number; readonly publicKey: string }[];
};

interface Piece {
  readonly id: string;
  readonly comment: string;
  readonly bytes: string;
  readonly user: string;
  readonly k: number;
  readonly tip: number;
  readonly users: readonly User[];
  readonly flags?: readonly string[];
}

/** Heights of the captured chain at which things happened that its files do not say: `w1` and `new-users` blocks. */
const CAROL_MINED_AGAIN = 37;
const ERIN_REGISTERED = 39;

/** Writes the vectors of posts from the folder of captured files. */
export function postsFiles(captured: string): VectorFile[] {
  const read = <T>(name: string): T => JSON.parse(readFileSync(join(captured, 'twister', `${name}.json`), 'utf8')) as T;
  const users = capturedUsers(read('keys'), read('new-users'));
  return [
    file('honest', 'Pieces captured on the wire between two deployed daemons', honest(read('posts'), users)),
    file('judged', 'Pieces handed to a deployed daemon, with its answer', judged(read, users)),
    file('registration', 'A registration mined again on a deployed chain', registration(read, users)),
    file('swarm', 'Pieces sent to a deployed daemon in a swarm, with its reaction', swarm(read, users)),
    file(
      'canonical',
      'Captured pieces, some with a few bytes changed; judged by the canonical rules',
      canonical(read, users),
    ),
    file('published', 'The signed post of twister-html, twister-crypto-test.html', published()),
    file('limit', 'Ceilings noted while capturing, and the formula', limits()),
    file('tokens', 'DHT resources that a deployed daemon put for captured posts, and the rule', tokens(read('dht'))),
  ];
}

interface KeysFile {
  readonly users: Record<
    string,
    { readonly registrations: readonly { readonly height: number; readonly pubKey: string }[] }
  >;
}
interface NewUsersFile {
  readonly users: readonly { readonly name: string; readonly pubHex: string }[];
}
interface PostsFile {
  readonly posts: readonly { readonly user: string; readonly k: number; readonly raw: string }[];
}
interface CasesFile {
  readonly cases: readonly {
    readonly name: string;
    readonly username: string;
    readonly k: number;
    readonly raw: string;
    readonly accepted: boolean;
    readonly error: string | null;
  }[];
}
type Reader = <T>(name: string) => T;

function capturedUsers(keys: KeysFile, fresh: NewUsersFile): User[] {
  const first = Object.entries(keys.users).map(([name, { registrations }]) => ({
    name,
    keys: registrations.map(({ height, pubKey }) => ({ height, publicKey: pubKey })),
  }));
  const later = fresh.users.map(({ name, pubHex }) => ({
    name,
    keys: [{ height: ERIN_REGISTERED, publicKey: pubHex }],
  }));
  return [...first, ...later];
}

/** The users whose names a piece mentions, so that the vectors stay small. */
function concerned(users: readonly User[], bytes: string): User[] {
  return users.filter(({ name }) => bytes.includes(`${hexOf(`1:n${name.length}:${name}`)}`));
}

function hexOf(text: string): string {
  return Buffer.from(text, 'latin1').toString('hex');
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/\^/g, '-to-')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

function inputOf({ bytes, user, k, tip, users }: Piece): Fields {
  return { bytes, user, k, tip, users: concerned(users, bytes) as unknown as Json };
}

function caseOf(piece: Piece, profile: Profile, expected: Expected, extra: Fields = {}, rule?: string): VectorCase {
  const base = {
    id: `posts-${piece.id}-${profile}`,
    level: 'MUST' as const,
    comment: piece.comment,
    flags: piece.flags ?? [],
    op: 'post.check',
    in: { ...inputOf(piece), profile, ...extra },
  };
  if (typeof expected !== 'string')
    return { ...base, rule: rule ?? 'POST-17', result: 'valid', out: { flags: expected } };
  return { ...base, rule: rule ?? ruleOf(expected), result: 'invalid', reject: { code: expected } };
}

function ruleOf(code: string): string {
  const rule = RULE_OF_CODE[code];
  if (rule === undefined) throw new Error(`no rule gives the code ${code}`);
  return rule;
}

/** The flags, read off the text of a piece whose values hold no such key themselves. */
function flagsIn(bytes: string): string[] {
  return ['rt', 'dm', 'fav', 'pfav', 'reply'].filter((flag) => bytes.includes(hexOf(`${flag.length}:${flag}d`)));
}

function honest({ posts }: PostsFile, users: readonly User[]): VectorCase[] {
  return posts.flatMap(({ user, k, raw }) => {
    const piece = { id: `honest-${user}-${k}`, comment: `post ${k} of ${user}`, bytes: raw, user, k, tip: 29, users };
    const flags = flagsIn(raw);
    const time = Number(/4:timei([0-9]+)e/.exec(Buffer.from(raw, 'hex').toString('latin1'))?.[1]);
    return [caseOf(piece, 'deployed', flags), caseOf(piece, 'canonical', flags, { now: time })];
  });
}

function judged(read: Reader, users: readonly User[]): VectorCase[] {
  const set = (name: string, tip: number): VectorCase[] =>
    read<CasesFile>(name).cases.flatMap((given) => {
      const piece: Piece = {
        id: `judged-${slug(given.name)}`,
        comment: given.accepted ? given.name : `${given.name}; the daemon says: ${given.error || 'nothing'}`,
        bytes: given.raw,
        user: given.username,
        k: given.k,
        tip,
        users,
        flags: (/W[0-9]+/.exec(given.name) ?? []).filter((flag) => flag in NOTES),
      };
      const deployed = given.accepted ? flagsIn(given.raw) : codeOf(given.name, given.error ?? '');
      const ours = CANONICAL_OF_CAPTURED[piece.id] ?? deployed;
      return [caseOf(piece, 'deployed', deployed), caseOf(piece, 'canonical', ours)];
    });
  return [...set('posts-rejects', 29), ...set('w3-w27-w29-posts', 38)];
}

/** Our code for the daemon's sentence. It has one sentence for a bad signature and for no key, and none for broken bencode. */
function codeOf(name: string, error: string): string {
  if (/before[_ ](first )?registration/.test(name)) return 'no-key';
  if (error.startsWith('too much posts') && name === 'unknown_username') return 'unknown-user';
  const found = DEPLOYED_ERRORS.find(([start]) => error.startsWith(start));
  if (found === undefined) throw new Error(`unknown error of the daemon: ${error}`);
  return found[1];
}

function registration(read: Reader, users: readonly User[]): VectorCase[] {
  const { steps } = read<{ steps: readonly { step: string; post?: string; result?: unknown }[] }>(
    'w1-remined-registration',
  );
  const carol = users.find(({ name }) => name === 'carol');
  if (carol === undefined) throw new Error('carol is missing');
  const again = { ...carol, keys: [...carol.keys, { height: CAROL_MINED_AGAIN, publicKey: carol.keys[0]!.publicKey }] };
  return steps.flatMap(({ step, post, result }) => {
    if (post === undefined) return [];
    const k = Number(/k=([0-9]+)/.exec(step)?.[1]);
    const piece: Piece = {
      id: `registration-${slug(step)}`,
      comment: step,
      bytes: post,
      user: 'carol',
      k,
      tip: step.includes('before') ? CAROL_MINED_AGAIN - 1 : CAROL_MINED_AGAIN,
      users: [again],
      flags: ['W1'],
    };
    const expected = result === 'ACCEPTED' ? [] : 'too-many-posts';
    return (['deployed', 'canonical'] as const).map((profile) => caseOf(piece, profile, expected, {}, 'POST-7'));
  });
}

function swarm(read: Reader, users: readonly User[]): VectorCase[] {
  interface SwarmFile {
    readonly tip: number;
    readonly cases: readonly { name: string; sent?: string; requested?: readonly string[]; closedByNode?: boolean }[];
  }
  return ['swarm-forge', 'swarm-extra'].flatMap((name) => {
    const { tip, cases } = read<SwarmFile>(name);
    return cases.flatMap((given) => {
      if (!given.sent) return [];
      const k = Number.parseInt(given.requested?.[0]?.slice(0, 8) ?? (given.name.includes('2048') ? '32' : '33'), 16);
      const piece = {
        id: `swarm-${slug(given.name)}`,
        comment: given.name,
        bytes: given.sent,
        user: 'erin',
        k,
        tip,
        users,
      };
      const deployed: Expected = given.closedByNode ? (SWARM_CODES[piece.id] ?? 'bad-signature') : [];
      const ours = CANONICAL_OF_CAPTURED[piece.id] ?? deployed;
      return [caseOf(piece, 'deployed', deployed), caseOf(piece, 'canonical', ours)];
    });
  });
}

/** The daemon closed the connection on these; its log, not its answer, says why. */
const SWARM_CODES: Readonly<Record<string, string>> = {
  'swarm-wrong-k-inside-valid-signature-k-9-for-piece-3': 'wrong-number',
  'swarm-141-chars-good-signature': 'too-long',
  'swarm-height-tip-2-future-good-signature': 'bad-height',
  'swarm-piece-of-2049-bytes': 'bad-size',
};

function canonical(read: Reader, users: readonly User[]): VectorCase[] {
  const pieces = new Map<string, { raw: string; user: string; k: number; tip: number }>();
  for (const { user, k, raw } of read<PostsFile>('posts').posts) pieces.set(`${user} ${k}`, { raw, user, k, tip: 29 });
  for (const [name, tip] of [
    ['posts-rejects', 29],
    ['w3-w27-w29-posts', 38],
  ] as const) {
    for (const given of read<CasesFile>(name).cases) {
      pieces.set(given.name, { raw: given.raw, user: given.username, k: given.k, tip });
    }
  }
  return EDITED.map(({ id, comment, of, from, to, extra, expected, profile, rule, flags }) => {
    const given = pieces.get(of);
    if (given === undefined) throw new Error(`no captured piece ${of}`);
    const bytes = from === undefined ? given.raw : replaced(given.raw, from, to ?? '');
    const piece: Piece = { id: `canonical-${id}`, comment, bytes, ...given, users, ...(flags ? { flags } : {}) };
    return caseOf(piece, profile ?? 'canonical', expected, extra, rule);
  });
}

/** Replaces the last place at which the bytes of `from` stand. */
function replaced(hex: string, from: string, to: string): string {
  const text = Buffer.from(hex, 'hex').toString('latin1');
  const at = text.lastIndexOf(from);
  if (at < 0) throw new Error(`the piece does not hold ${from}`);
  return hexOf(text.slice(0, at) + to + text.slice(at + from.length));
}

function published(): VectorCase[] {
  const userpost =
    'd6:heighti66495e1:ki442e5:lastki441e3:msg66:sucessfully decrypted my first ECIES testvector in javascript! \\o/' +
    '1:n8:mfreitas4:timei1418265500ee';
  const signature =
    '1fb7922b8d6283168037d578cc4bed6c0af4e76d26db154bc5df881c5db3cfc74f' +
    '969e90c3f76ee2cebc1ddd9b09ddf4b1e97040f9fe4dad749fcab6eb6fb5e984';
  const bytes = `${hexOf('d12:sig_userpost65:')}${signature}${hexOf(`8:userpost${userpost}e`)}`;
  const publicKey = '03bc75d34b1cb18646591567c441a4b7c35cf3fe37fd4cd8e6699b0c12ee11b9b4';
  const piece: Piece = {
    id: 'published',
    comment: 'a post of the main network; the height of the registration is made up',
    bytes,
    user: 'mfreitas',
    k: 442,
    tip: 66496,
    users: [{ name: 'mfreitas', keys: [{ height: 1, publicKey }] }],
  };
  const other = { ...piece, id: 'published-altered', bytes: replaced(bytes, 'my first', 'my third') };
  return (['deployed', 'canonical'] as const).flatMap((profile) => [
    caseOf(piece, profile, []),
    caseOf(other, profile, 'bad-signature'),
  ]);
}

function limits(): VectorCase[] {
  const known: readonly (readonly [string, number, number, number | null, string])[] = [
    ['alice', 29, 14, 50, 'k 51 was refused at tip 29'],
    ['carol-before', 36, 17, 58, 'before the registration was mined again'],
    ['carol-after', 37, 37, 20, 'after it'],
    ['no-blocks', 0, 0, null, 'no limit at tip 0'],
    ['one-block', 1, 0, 22, 'two a block and twenty'],
  ];
  return known.map(([name, tip, registered, maxK, comment]) => ({
    id: `posts-limit-${name}`,
    rule: 'POST-7',
    level: 'MUST',
    comment,
    flags: [],
    op: 'post.limit',
    in: { tip, registered },
    result: 'valid',
    out: { maxK },
  }));
}

function tokens(dht: { passive: readonly { decoded: unknown }[] }): VectorCase[] {
  type Text = { readonly text?: string };
  interface Put {
    x?: { p?: { target: { n: Text; r: Text }; v?: { userpost?: { n: Text; k: number; msg?: Text } } } };
  }
  const put = new Map<string, { text: string; tags: Set<string>; mentions: Set<string> }>();
  for (const { decoded } of dht.passive) {
    const p = (decoded as Put | undefined)?.x?.p;
    const post = p?.v?.userpost;
    if (p === undefined || post?.msg?.text === undefined || p.target.n.text === undefined) continue;
    const id = `${post.n.text}-${post.k}`;
    const entry = put.get(id) ?? { text: post.msg.text, tags: new Set(), mentions: new Set() };
    put.set(id, entry);
    if (p.target.r.text === 'hashtag') entry.tags.add(p.target.n.text);
    if (p.target.r.text === 'mention') entry.mentions.add(p.target.n.text);
  }
  const inOrder = (words: Set<string>, text: string): string[] =>
    [...words].sort((left, right) => text.toLowerCase().indexOf(left) - text.toLowerCase().indexOf(right));
  const captured = [...put]
    .filter(([id]) => id.endsWith('-0'))
    .map(([id, { text, tags, mentions }]) => ({
      id,
      comment: `words under which post ${id} was put`,
      text,
      tags: inOrder(tags, text),
      mentions: inOrder(mentions, text),
    }));
  return [...captured, ...TOKEN_TEXTS].map(({ id, comment, text, tags, mentions }) => ({
    id: `posts-tokens-${id}`,
    rule: 'POST-26',
    level: 'MUST',
    comment,
    flags: [],
    op: 'post.tokens',
    in: { text },
    result: 'valid',
    out: { tags, mentions },
  }));
}

function file(name: string, source: string, tests: readonly VectorCase[]): VectorFile {
  const used = new Set(tests.flatMap(({ flags }) => flags));
  const notes = Object.fromEntries(Object.entries(NOTES).filter(([flag]) => used.has(flag)));
  const content: VectorDocument = { suite: 'posts', specVersion: 1, source, notes, tests };
  return { path: `posts/${name}.json`, content };
}

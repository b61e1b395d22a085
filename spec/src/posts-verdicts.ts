/** What the pages of the specification say of captured posts, written by hand: the tables of the suite `posts`. */
import type { Fields, VectorDocument } from './format.ts';

/** Rules that give each code, for the cases that do not name another. */
export const RULE_OF_CODE: Readonly<Record<string, string>> = {
  'bad-embedded-post': 'POST-18',
  'bad-encoding': 'POST-2',
  'bad-envelope': 'POST-16',
  'bad-favourite-signature': 'POST-20',
  'bad-height': 'POST-8',
  'bad-lastk': 'POST-13',
  'bad-reply': 'POST-14',
  'bad-retweet-signature': 'POST-19',
  'bad-signature': 'POST-17',
  'bad-size': 'POST-1',
  'bad-time': 'POST-12',
  'bad-utf8': 'POST-10',
  'falling-height': 'POST-9',
  'missing-field': 'POST-3',
  'mixed-kinds': 'POST-15',
  'no-key': 'POST-17',
  'not-canonical': 'POST-2',
  'scalar-out-of-range': 'POST-17',
  'too-long': 'POST-11',
  'too-many-posts': 'POST-7',
  'unknown-user': 'POST-7',
  'wrong-number': 'POST-6',
  'wrong-type': 'POST-4',
  'wrong-user': 'POST-5',
};

/** The daemon's sentences by their first words. */
export const DEPLOYED_ERRORS: readonly (readonly [start: string, code: string])[] = [
  ['bad bencoded post size', 'bad-size'],
  ['missing post or signature', 'missing-field'],
  ['expected username', 'wrong-user'],
  ['expected piece', 'wrong-number'],
  ['too much posts', 'too-many-posts'],
  ['post from future', 'bad-height'],
  ['invalid utf8', 'bad-utf8'],
  ['msg too big', 'too-long'],
  ['bad post signature', 'bad-signature'],
  ['bad RT signature', 'bad-retweet-signature'],
  ['bad FAV signature', 'bad-favourite-signature'],
  ['', 'bad-encoding'],
];

/** Where the canonical rules differ from the daemon: pieces that it takes, and pieces that they refuse for another reason. */
export const CANONICAL_OF_CAPTURED: Readonly<Record<string, string>> = {
  'judged-rt-not-dict-is-ignored': 'wrong-type',
  'judged-unsorted-userpost-keys': 'not-canonical',
  'judged-leading-zero-int': 'not-canonical',
  'judged-trailing-bytes-after-root': 'not-canonical',
  'judged-w27-bad-rt-good-fav': 'mixed-kinds',
  'judged-w27-good-rt-bad-fav': 'mixed-kinds',
  'judged-good-rt-good-fav': 'mixed-kinds',
  'judged-tampered-rt-good-fav': 'mixed-kinds',
  'judged-w29-k-4294967296-i-i-15': 'wrong-number',
  'judged-w29-k-8589934592-i-i-16': 'wrong-number',
  'judged-w29-k-4294967296-i-i-17': 'wrong-number',
  'judged-w29-k-9223372032559808512-i-i-18': 'wrong-number',
  'judged-w29-height-2-to-32-tip-1': 'bad-height',
  'judged-k-as-2-to-64-i-int64-overflow': 'not-canonical',
  'judged-lastk-k': 'bad-lastk',
  'judged-rt-of-rt-wrong-height-rt-height-huge': 'bad-embedded-post',
  'judged-rt-without-height-signed-by-current-key': 'bad-embedded-post',
  'judged-rt-of-replaced-key-post-without-height': 'bad-embedded-post',
  'swarm-trailing-bytes-after-the-dict': 'not-canonical',
};

/** A captured piece as it is, or with its last `from` replaced, and what is said of it. */
interface Edited {
  readonly id: string;
  readonly comment: string;
  /** Name of the captured case, or user and number of the captured post. */
  readonly of: string;
  readonly from?: string;
  readonly to?: string;
  readonly extra?: Fields;
  readonly profile?: 'deployed';
  readonly rule?: string;
  readonly flags?: readonly string[];
  readonly expected: readonly string[] | string;
}

const OLD_KEY = 'W3 old height (25) signed by replaced key';

export const EDITED: readonly Edited[] = [
  {
    id: 'second-userpost',
    comment: 'the first of two counts',
    of: 'alice 0',
    from: 'eee',
    to: 'ee8:userpostdee',
    profile: 'deployed',
    rule: 'POST-2',
    flags: ['W28'],
    expected: [],
  },
  {
    id: 'second-userpost',
    comment: 'a key stands twice',
    of: 'alice 0',
    from: 'eee',
    to: 'ee8:userpostdee',
    flags: ['W28'],
    expected: 'not-canonical',
  },
  {
    id: 'lastk-is-text',
    comment: 'lastk is a byte string',
    of: 'alice 1',
    from: '5:lastki0e',
    to: '5:lastk1:0',
    flags: ['W32'],
    expected: 'wrong-type',
  },
  {
    id: 'no-height',
    comment: 'height is missing',
    of: 'alice 0',
    from: '6:heighti22e',
    to: '',
    expected: 'missing-field',
  },
  {
    id: 'other-user',
    comment: 'the piece of another swarm',
    of: 'alice 0',
    extra: { user: 'bob' },
    expected: 'wrong-user',
  },
  {
    id: 'other-user',
    comment: 'the piece of another swarm',
    of: 'alice 0',
    extra: { user: 'bob' },
    profile: 'deployed',
    expected: 'wrong-user',
  },
  {
    id: 'order-falls',
    comment: 'post 1 of the same author was made at height 27',
    of: OLD_KEY,
    extra: { previous: { k: 1, height: 27 } },
    flags: ['W3'],
    expected: 'falling-height',
  },
  {
    id: 'order-falls',
    comment: 'deployed nodes know no order',
    of: OLD_KEY,
    extra: { previous: { k: 1, height: 27 } },
    profile: 'deployed',
    rule: 'POST-9',
    flags: ['W3'],
    expected: [],
  },
  {
    id: 'order-equal',
    comment: 'an equal height is fine',
    of: OLD_KEY,
    extra: { previous: { k: 1, height: 25 } },
    rule: 'POST-9',
    expected: [],
  },
  {
    id: 'order-unknown',
    comment: 'without an earlier post there is no order',
    of: OLD_KEY,
    rule: 'POST-9',
    expected: [],
  },
  {
    id: 'msg2-not-utf8',
    comment: 'the last byte of msg2 is missing',
    of: 'alice 2',
    from: '\x971:n5',
    to: 'x1:n5',
    flags: ['W32'],
    expected: 'bad-utf8',
  },
  {
    id: 'msg2-of-200',
    comment: 'only the size of the piece bounds msg2',
    of: 'msg2 141 chars',
    rule: 'POST-11',
    expected: [],
  },
  {
    id: 'time-far',
    comment: 'time 2^40',
    of: 'time 2^40',
    extra: { now: 1795244972 },
    flags: ['W31'],
    expected: 'bad-time',
  },
  {
    id: 'time-far',
    comment: 'deployed nodes do not look at it',
    of: 'time 2^40',
    extra: { now: 1795244972 },
    profile: 'deployed',
    rule: 'POST-12',
    flags: ['W31'],
    expected: [],
  },
  {
    id: 'time-negative',
    comment: 'time −5',
    of: 'time negative',
    extra: { now: 1795244972 },
    flags: ['W31'],
    expected: 'bad-time',
  },
  {
    id: 'time-missing',
    comment: 'no time',
    of: 'no_time',
    extra: { now: 1795243119 },
    flags: ['W31'],
    expected: 'bad-time',
  },
  { id: 'time-unasked', comment: 'no time, and no clock to judge it by', of: 'no_time', rule: 'POST-12', expected: [] },
  {
    id: 'time-at-bound',
    comment: 'two hours ahead',
    of: 'alice 0',
    extra: { now: 1795234095 },
    rule: 'POST-12',
    expected: [],
  },
  {
    id: 'time-over-bound',
    comment: 'two hours and a second ahead',
    of: 'alice 0',
    extra: { now: 1795234094 },
    expected: 'bad-time',
  },
  {
    id: 'lastk-equal',
    comment: 'lastk is k',
    of: 'alice 1',
    from: '5:lastki0e',
    to: '5:lastki1e',
    flags: ['W32'],
    expected: 'bad-lastk',
  },
  {
    id: 'reply-to-no-name',
    comment: 'names have no capitals',
    of: 'alice 1',
    from: '1:n3:bobe',
    to: '1:n3:Bobe',
    flags: ['W32'],
    expected: 'bad-reply',
  },
  {
    id: 'reply-to-negative',
    comment: 'reply.k is −1',
    of: 'alice 1',
    from: '5:replyd1:ki1e',
    to: '5:replyd1:ki-1e',
    flags: ['W32'],
    expected: 'bad-reply',
  },
  {
    id: 'envelope-orig',
    comment: 'orig is longer than the body',
    of: 'alice 5',
    from: '4:origi35e',
    to: '4:origi49e',
    flags: ['W19'],
    expected: 'bad-envelope',
  },
  {
    id: 'envelope-key',
    comment: 'the key has 32 bytes',
    of: 'alice 5',
    from: '3:key33:\x02',
    to: '3:key32:',
    flags: ['W19'],
    expected: 'bad-envelope',
  },
  {
    id: 'scalar-zero',
    comment: 'r and s are 0',
    of: 'bad_signature',
    from: '\x11'.repeat(64),
    to: '\x00'.repeat(64),
    flags: ['W22'],
    expected: 'scalar-out-of-range',
  },
  {
    id: 'scalar-zero',
    comment: 'r and s are 0',
    of: 'bad_signature',
    from: '\x11'.repeat(64),
    to: '\x00'.repeat(64),
    profile: 'deployed',
    flags: ['W22'],
    expected: 'bad-signature',
  },
  { id: 'high-s', comment: 'a high s passes', of: 'sig_other_s_parity_flipped_recid', flags: ['W22'], expected: [] },
  {
    id: 'altered',
    comment: 'one letter of the text changed',
    of: 'alice 0',
    from: 'hello',
    to: 'jello',
    expected: 'bad-signature',
  },
];

interface TokenText {
  readonly id: string;
  readonly comment: string;
  readonly text: string;
  readonly tags: readonly string[];
  readonly mentions: readonly string[];
}

/** Texts whose words follow from the rule alone. */
export const TOKEN_TEXTS: readonly TokenText[] = [
  {
    id: 'multi',
    comment: 'a captured text',
    text: 'multi #a#b#C @bob@carol, #x. (#y) *#z* http://example.com/#frag',
    tags: ['a', 'b', 'c', 'x', 'y', 'z', 'frag'],
    mentions: ['bob', 'carol'],
  },
  { id: 'empty', comment: 'no text', text: '', tags: [], mentions: [] },
  { id: 'lone-signs', comment: 'signs without a word', text: '# @ ## @@ #. @,', tags: [], mentions: [] },
  { id: 'other-sign', comment: 'the other sign does not cut', text: '#a@b @c#d', tags: ['a@b'], mentions: ['c#d'] },
  {
    id: 'inside',
    comment: 'a sign inside a word begins nothing',
    text: 'a#b user@example.com',
    tags: [],
    mentions: [],
  },
  {
    id: 'duplicates',
    comment: 'duplicates and order are kept',
    text: '#b #A #a #b',
    tags: ['b', 'a', 'a', 'b'],
    mentions: [],
  },
  { id: 'ascii-case', comment: 'only A–Z are lower-cased', text: '#ÄÖ #İI', tags: ['ÄÖ', 'İi'], mentions: [] },
  {
    id: 'delimiters',
    comment: 'every delimiter',
    text: '#a.#b,#c:#d/#e?#f!#g;#h\'#i"#j(#k)#l[#m]#n{#o}#p*#q\n#r\t#s #t',
    tags: [...'abcdefghijklmnopqrst'],
    mentions: [],
  },
  {
    id: 'not-delimiters',
    comment: 'other punctuation and spaces stay',
    text: '#a-b_c+d\u00a0e\r',
    tags: ['a-b_c+d\u00a0e\r'],
    mentions: [],
  },
];

export const NOTES: VectorDocument['notes'] = {
  W1: { bugClass: 'identity', description: 'a registration mined again lowers the ceiling of post numbers' },
  W3: { bugClass: 'identity', description: 'replaced keys stay good for the heights at which they were valid' },
  W19: { bugClass: 'denial of service', description: 'the length of the plaintext is not authenticated' },
  W22: { bugClass: 'signature', description: 'signatures are malleable' },
  W27: { bugClass: 'logic', description: 'a later verdict overwrites an earlier one' },
  W28: { bugClass: 'encoding', description: 'readers disagree about repeated keys' },
  W29: { bugClass: 'integer', description: 'number and height are cut to 32 bits' },
  W31: { bugClass: 'logic', description: 'the time of a post is not looked at' },
  W32: { bugClass: 'logic', description: 'content is not looked at' },
};

/**
 * Witnesses: cases of the suites that also say something about another rule than the one that they stand under, most of them bytes that
 * pass at the edge of a rule whose own cases are all refused. Each keeps the input and the verdict of the case that it is taken from;
 * where the bytes are cut short, the rule's text fixes what must come of it.
 */
import type { Fields, Json, VectorCase, VectorDocument, VectorFile } from './format.ts';

interface Witness {
  readonly id: string;
  readonly rule: string;
  readonly comment: string;
  /** Id of the case that the input comes from. */
  readonly of: string;
  /** Bytes that are taken off the end of the field `bytes`; the result is refused as `truncated`. */
  readonly cut?: number;
  /** Another operation that takes the same fields without `target` and says the same. */
  readonly op?: string;
}

function same(id: string, rule: string, of: string, comment: string): Witness {
  return { id, rule, of, comment };
}

function cut(id: string, rule: string, of: string, bytes: number, comment: string): Witness {
  return { id, rule, of, cut: bytes, comment };
}

const SUITES: Readonly<Record<string, readonly Witness[]>> = {
  bencode: [
    same('kinds-integer', 'BENC-2', 'bencode-decode-integer-negative-canonical', 'an integer'),
    same('kinds-string', 'BENC-2', 'bencode-decode-string-canonical', 'a string'),
    same('kinds-list', 'BENC-2', 'bencode-decode-list-canonical', 'a list'),
    same('kinds-dict', 'BENC-2', 'bencode-decode-dict-canonical', 'a dictionary'),
    same('raw-retweet', 'BENC-13', 'bencode-post-decode-carol-1', 'the slice that is signed holds another post'),
  ],
  krpc: [
    same('size-of-a-put', 'KRPC-1', 'krpc-decode-12-putdata-ok-single-request', 'captured: within the size'),
    same('nodes', 'KRPC-8', 'krpc-decode-8-getdata-missing-reply', 'captured: a reply with nodes'),
    same('error', 'KRPC-11', 'krpc-decode-4-unknown-query-reply', 'captured: a number and a text'),
    same('error-encode', 'KRPC-11', 'krpc-encode-4-unknown-query-reply', 'captured: a number and a text'),
  ],
  'peer-wire': [
    same('reserved', 'PEER-2', 'peer-wire-handshake-decode-0', 'captured: the reserved bytes of a deployed node'),
    same(
      'reserved-encode',
      'PEER-2',
      'peer-wire-handshake-encode-0',
      'captured: the reserved bytes of a deployed node',
    ),
    same('extended', 'PEER-5', 'peer-wire-decode-extended-1', 'captured: an extension message'),
    same('extended-encode', 'PEER-5', 'peer-wire-encode-extended-1', 'captured: an extension message'),
  ],
  swarm: [
    same('info-hash-alice', 'SWARM-1', 'krpc-target-swarm-alice', 'captured: the swarm of alice'),
    same('info-hash-published', 'SWARM-1', 'krpc-target-published-tracker', 'published: the swarm of a user'),
  ],
  keys: [
    same('key-33', 'KEY-1', 'keys-verify-alice-0', 'a key of 33 bytes'),
    same('key-65', 'KEY-1', 'keys-verify-long', 'a key of 65 bytes'),
    same('length-65', 'KEY-6', 'keys-verify-alice-1', 'a signature of 65 bytes'),
    same('header-long', 'KEY-7', 'keys-verify-long', 'a header below 31: the key has 65 bytes'),
    same('header-short', 'KEY-7', 'keys-verify-bob-0', 'a header of 31 or 32: the key has 33 bytes'),
    same('range-high-s', 'KEY-8', 'keys-verify-edge-high-s-canonical', 'a high s is within range'),
    same('post', 'KEY-12', 'keys-verify-alice-0', 'captured: a post'),
    same('post-refused', 'KEY-12', 'keys-verify-bad-signature', 'captured: a post with a bad signature'),
  ],
  ecies: [
    same('keys', 'ECIES-5', 'ecies-decrypt-published', 'published: both halves of the hash are used'),
    same('keys-refused', 'ECIES-5', 'ecies-decrypt-mac-byte-63-canonical', 'another key would make another code'),
    same('lengths', 'ECIES-3', 'ecies-decrypt-alice-5', 'captured: 33, 64 and a multiple of 16 bytes'),
    same('shared-secret', 'KEY-22', 'ecies-encrypt-uncompressed', 'only x counts, whatever the form of the key'),
    same('shared-secret-refused', 'KEY-22', 'ecies-encrypt-reject-off-curve', 'no point has no multiples'),
  ],
  peerster: [
    same('nonce', 'PEERSTER-18', 'peerster-check-canonical-a-1-b4023c', 'captured: names and a nonce of 16 bytes'),
    same('number', 'PEERSTER-19', 'peerster-check-canonical-a-1-b4023c', 'captured: a number below 2^24'),
    same('content', 'PEERSTER-20', 'peerster-check-canonical-a-1-b4023c', 'captured: a text within its cap'),
  ],
  posts: [
    same('size-2048', 'POST-1', 'posts-swarm-piece-of-2048-bytes-canonical', '2048 bytes are the most'),
    same('one-dictionary', 'POST-2', 'posts-honest-alice-0-canonical', 'captured: one dictionary'),
    same('root-key-more', 'POST-3', 'posts-judged-extra-root-key-canonical', 'a key more in the root'),
    same('types', 'POST-4', 'posts-honest-bob-3-canonical', 'every kind of type'),
    same('types-absent', 'POST-4', 'posts-judged-no-msg-canonical', 'a key that is absent has no type'),
    same('owner', 'POST-5', 'posts-swarm-valid-piece-0-of-erin-canonical', 'erin in the swarm of erin'),
    same('number', 'POST-6', 'posts-swarm-valid-piece-8-after-all-canonical', 'number 8 as piece 8'),
    same('height-next', 'POST-8', 'posts-judged-valid-height-plus1-canonical', 'the height of the next block'),
    same('utf8', 'POST-10', 'posts-honest-alice-2-canonical', 'captured: text beyond ASCII, in two parts'),
    same('lastk', 'POST-13', 'posts-honest-bob-9-canonical', 'lastk 2 of post 9'),
    same('lastk-next', 'POST-13', 'posts-honest-alice-1-canonical', 'lastk 0 of post 1'),
    same('reply', 'POST-14', 'posts-honest-bob-1-canonical', 'captured: a reply'),
    same('one-kind', 'POST-15', 'posts-honest-carol-1-canonical', 'a retweet and nothing else'),
    same('envelope', 'POST-16', 'posts-honest-alice-5-canonical', 'captured: a direct message'),
    same('envelope-private', 'POST-16', 'posts-honest-bob-4-canonical', 'captured: a private favourite'),
    same('inside', 'POST-18', 'posts-honest-carol-1-canonical', 'captured: a post inside of a retweet'),
    same('retweet', 'POST-19', 'posts-honest-carol-1-canonical', 'captured: a retweet with a comment'),
    same('favourite', 'POST-20', 'posts-honest-bob-3-canonical', 'captured: a favourite'),
    same('comment', 'POST-21', 'posts-honest-carol-1-canonical', 'captured: sig_wort is there and is not judged'),
    same('flags-none', 'POST-22', 'posts-honest-alice-0-canonical', 'captured: a plain post'),
    same('flags-rt', 'POST-22', 'posts-honest-carol-1-deployed', 'captured: a retweet'),
    same('flags-dm', 'POST-22', 'posts-honest-alice-7-deployed', 'captured: a direct message'),
    same('flags-fav', 'POST-22', 'posts-honest-bob-3-deployed', 'captured: a favourite'),
    same('flags-pfav', 'POST-22', 'posts-honest-bob-4-deployed', 'captured: a private favourite'),
    same('flags-reply', 'POST-22', 'posts-honest-bob-1-deployed', 'captured: a reply'),
  ],
  chain: [
    same('genesis-main', 'CHAIN-1', 'wire-header-genesis-main-decode', 'captured: the first block of main'),
    same('magic-testnet', 'CHAIN-1', 'wire-message-testnet', 'the magic of testnet'),
    same('magic-regtest', 'CHAIN-1', 'wire-message-regtest', 'the magic of regtest'),
    same('magic-dev', 'CHAIN-1', 'wire-message-dev', 'the magic of dev'),
    same('work-hash', 'CHAIN-5', 'wire-header-height-18-decode', 'captured: the hash of the work is not the id'),
    same('work-block', 'CHAIN-5', 'chain-block-accept-main-18', 'captured: enough work'),
    same('work-refused', 'CHAIN-5', 'chain-block-genesis-testnet-on-main', 'captured: too little work'),
    same('registration-scripts', 'CHAIN-16', 'chain-tx-accept-newuser1-29', 'captured: both scripts'),
    same('registration-key', 'CHAIN-17', 'chain-tx-accept-alice-14', 'captured: a key'),
    same(
      'registration-garbage',
      'CHAIN-17',
      'chain-tx-accept-pubkey-garbage-10-bytes',
      'captured: the key is not judged',
    ),
    same('registration-name', 'CHAIN-18', 'chain-tx-accept-bob-14', 'captured: one direct push'),
    same('work-bits', 'CHAIN-23', 'chain-block-accept-main-27', 'captured: enough work'),
    same('promotion-first', 'CHAIN-25', 'chain-block-accept-main-9', 'captured: a promotion alone'),
    same('promotion-once', 'CHAIN-26', 'chain-block-accept-main-14', 'captured: registrations follow the promotion'),
    same('transactions-differ', 'CHAIN-28', 'chain-block-accept-main-14', 'captured: no transaction twice'),
    same('names-differ', 'CHAIN-29', 'chain-block-accept-main-14', 'captured: no name twice'),
    same('root', 'CHAIN-30', 'chain-block-accept-main-17', 'captured: the root fits'),
    same('vote-signed', 'CHAIN-46', 'chain-vote-accept-third', 'captured: the script that is signed'),
    same('vote-height', 'CHAIN-47', 'chain-vote-accept-third', 'captured: height 42'),
    same('vote-voter', 'CHAIN-48', 'chain-vote-accept-next', 'captured: a voter of the list'),
    same('vote-key', 'CHAIN-49', 'chain-vote-accept-received-1', "captured: the voter's key"),
  ],
  dht: [
    same('encoding', 'DHT-5', 'dht-put-honest-0-alice-alice-post0-canonical', 'captured: canonical bencode'),
    same('keys', 'DHT-6', 'dht-put-honest-2-alice-test-hashtag-canonical', 'captured: every key'),
    same('size-single', 'DHT-7', 'dht-put-single-8000-ok-canonical', 'captured: 8,000 bytes in a single value'),
    same('signature', 'DHT-10', 'dht-put-honest-4-bob-bob-post0-canonical', "captured: the signer's key"),
    same(
      'signature-other',
      'DHT-10',
      'dht-put-honest-6-bob-alice-mention-canonical',
      'captured: bob under the name of alice',
    ),
    same('owner', 'DHT-11', 'dht-put-honest-1-alice-alice-status-canonical', 'captured: alice signs what is hers'),
    {
      ...same('owner-refused', 'DHT-11', 'dht-read-w37-single-value-of-bob-signed-by-alice-canonical', 'captured: W37'),
      op: 'dht.put.check',
    },
    same('resource', 'DHT-12', 'dht-put-honest-5-bob-bob-status-canonical', 'captured: a short name'),
    same('seq', 'DHT-13', 'dht-put-ok-single-canonical', 'captured: a single value with seq'),
    same(
      'seq-multi',
      'DHT-13',
      'dht-put-honest-3-alice-alice-mention-canonical',
      'captured: a multi value without seq',
    ),
    same('height-next', 'DHT-14', 'dht-put-height-above-the-tip-by-one-canonical', 'one block ahead'),
    same('time-ahead', 'DHT-15', 'dht-put-time-two-hours-ahead-canonical', 'two hours ahead'),
    same('age-multi', 'DHT-16', 'dht-put-tag-after-2016-blocks-canonical', 'a tag lives 2,016 blocks'),
    same('age-post', 'DHT-16', 'dht-put-post-after-8640-blocks-canonical', 'a post lives 8,640 blocks'),
    same('post-single', 'DHT-17', 'dht-put-honest-9-carol-carol-post0-canonical', 'captured: a post where it belongs'),
    same('post-multi', 'DHT-18', 'dht-put-honest-7-bob-test-hashtag-canonical', 'captured: a post under its tag'),
    same('read-signature', 'DHT-25', 'dht-read-bad-signature-canonical', 'captured: W37 aside, a reader checks it'),
    same(
      'read-replaced',
      'DHT-25',
      'dht-read-signed-by-replaced-key-of-dave-deployed',
      'captured: the key was replaced',
    ),
    same(
      'read-target',
      'DHT-26',
      'dht-read-control-owner-value-from-scripted-node-canonical',
      'captured: as asked for',
    ),
    same('read-owner', 'DHT-27', 'dht-read-honest-1-alice-alice-status-canonical', "captured: the owner's value"),
  ],
  wire: [
    same('integers-header', 'WIRE-1', 'wire-header-extremes', 'every integer at its end'),
    cut('integers-cut', 'WIRE-1', 'wire-payload-filterload-1-decode', 1, 'the last integer lacks a byte'),
    same('compact-long-form', 'WIRE-2', 'wire-tx-long-lengths', 'lengths that are longer than they need to be'),
    same('strings', 'WIRE-3', 'wire-tx-genesis-decode', 'captured: four byte strings'),
    same('hash-header', 'WIRE-4', 'wire-header-genesis-main-decode', 'captured: the id of the first block'),
    same('hash-tx', 'WIRE-4', 'wire-tx-registration-decode', 'captured: the id of a transaction'),
    same('text-refused', 'WIRE-5', 'chain-block-reject-spam-invalid-utf8', 'captured: a text that is not UTF-8'),
    cut('tx-cut', 'WIRE-10', 'wire-tx-registration-decode', 1, 'the nonce lacks a byte'),
    same('frame-length', 'WIRE-18', 'wire-message-verack-decode', 'no payload at all'),
    same('frame-checksum', 'WIRE-19', 'wire-message-version-decode', 'captured: the checksum fits'),
    cut('address-cut', 'WIRE-20', 'wire-payload-address-port-decode', 1, 'the port lacks a byte'),
    cut('merkleblock-cut', 'WIRE-26', 'wire-payload-merkleblock-decode', 1, 'the flags lack a byte'),
    cut('cp-cut', 'WIRE-27', 'wire-payload-cp-1-decode', 1, 'the signature lacks a byte'),
    cut('dhtgetreq-cut', 'WIRE-28', 'wire-payload-dhtgetreq-decode', 1, 'the last flag is missing'),
    cut('filterload-cut', 'WIRE-31', 'wire-payload-filterload-1-decode', 1, 'the flags are missing'),
  ],
};

const SOURCE =
  'Inputs of other files of the vectors, seen from another rule; those that are cut short are refused by the text of the rule';

/** Writes `<suite>/witnesses.json` from the documents of all suites. Throws if a case that it takes from is gone. */
export function witnessFiles(documents: readonly VectorDocument[]): VectorFile[] {
  const cases = new Map(documents.flatMap(({ tests }) => tests).map((test) => [test.id, test]));
  return Object.entries(SUITES).map(([suite, witnesses]) => {
    const tests = witnesses.map((witness) => {
      const origin = cases.get(witness.of);
      if (origin === undefined) throw new Error(`there is no case ${witness.of} for a witness of ${witness.rule}`);
      return witnessOf(suite, witness, origin);
    });
    return { path: `${suite}/witnesses.json`, content: { suite, specVersion: 1, source: SOURCE, notes: {}, tests } };
  });
}

function witnessOf(suite: string, { id, rule, comment, cut: bytes, op }: Witness, origin: VectorCase): VectorCase {
  const renamed = { ...origin, id: `${suite}-witness-${id}`, rule, comment, flags: [] };
  if (op !== undefined) {
    const { target: _, ...input } = origin.in;
    return { ...renamed, op, in: input as Fields };
  }
  if (bytes === undefined) return renamed;
  const whole = origin.in.bytes as string;
  const { level } = origin;
  const input: Fields = { ...origin.in, bytes: whole.slice(0, whole.length - 2 * bytes) as Json };
  const head = { id: renamed.id, rule, level, comment, flags: [], op: origin.op, in: input };
  return { ...head, result: 'invalid', reject: { code: 'truncated' } };
}

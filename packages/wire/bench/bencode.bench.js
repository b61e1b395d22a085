// @ts-check
/** Reading and writing a post of 300 bytes beside the package `bencode`, and the other formats of the peer-to-peer side. */
import {
  bencodeDict,
  decodeBencode,
  decodeKrpc,
  decodePeerMessages,
  decodePost,
  encodeBencode,
  encodeKrpcQuery,
  encodePeerMessage,
  encodePost,
} from '@rookery/wire';
import bencode from 'bencode';
import { measure, report } from './measure.js';

const POST_BYTES = 300;
const BOUND = 4;
/** Calls in one measured run, so that reading the clock does not count. */
const BATCH = 200;

const userpost = { height: 66495, k: 442, lastk: 441, msg: '', n: 'mfreitas', time: 1418265500 };
const signature = new Uint8Array(65).fill(31);
const empty = encodePost({ userpost: bencodeDict(userpost), signature }).length;
// The length field of the text takes two digits more than that of the empty text.
const msg = 'x'.repeat(POST_BYTES - empty - 2);
const post = encodePost({ userpost: bencodeDict({ ...userpost, msg }), signature });
if (post.length !== POST_BYTES) throw new Error(`the post has ${post.length} bytes`);
const buffer = Buffer.from(post);
const value = decodeBencode(post).value.toValue();
const plain = bencode.decode(buffer);

const id = new Uint8Array(20).fill(7);
const query = encodeKrpcQuery(Uint8Array.of(1, 2), 'getData', id, { target: { n: 'alice', r: 'profile', t: 's' } });
const have = encodePeerMessage({ id: 4, name: 'have', piece: 1234 });
const haves = new Uint8Array(1000 * have.length);
for (let index = 0; index < 1000; index += 1) haves.set(have, index * have.length);

let sink = 0;
/** @param {() => number} run */
const batch = (run) => () => {
  for (let count = 0; count < BATCH; count += 1) sink += run();
};

const rates = measure({
  yardstick: batch(() => bencode.decode(buffer).sig_userpost.length),
  yardstickOnArrays: batch(() => bencode.decode(post).sig_userpost.length),
  ours: batch(() => {
    const { signed, signature: found } = decodePost(post);
    return signed.length + found.length;
  }),
  deployed: batch(() => decodePost(post, 'deployed').signed.length),
  fields: batch(() => {
    const { userpost: fields } = decodePost(post);
    const text = `${fields.getText('n')} ${fields.getText('msg')}`;
    return text.length + (fields.getNumber('k') ?? 0) + (fields.getNumber('height') ?? 0);
  }),
  plainData: batch(() => (decodeBencode(post).value.toValue() === undefined ? 0 : 1)),
  yardstickEncode: batch(() => bencode.encode(plain).length),
  encode: batch(() => encodeBencode(value).length),
  krpc: batch(() => decodeKrpc(query).transaction.length),
  haves: () => {
    sink += decodePeerMessages(haves).consumed;
  },
});

const best = BATCH * Math.max(rates.yardstick, rates.yardstickOnArrays);
const ratio = (BATCH * rates.ours) / best;
console.log(`a post of ${post.length} bytes`);
report('bencode 4, decode', best);
report(
  'decodePost, signed bytes and signature',
  BATCH * rates.ours,
  ratio,
  ratio >= BOUND,
  `bencode: at least ${BOUND} times`,
);
report('decodePost, deployed profile', BATCH * rates.deployed);
report('decodePost, and four fields read', BATCH * rates.fields);
report('decodeBencode, everything as plain data', BATCH * rates.plainData);
report('bencode 4, encode', BATCH * rates.yardstickEncode);
report('encodeBencode', BATCH * rates.encode);
report('decodeKrpc, a getData query', BATCH * rates.krpc);
report('decodePeerMessages, have', 1000 * rates.haves);
console.log('elsewhere: bencode 4.0.1 359,000/s decode, 233,000/s encode; a strict sketch 2.9 M/s and 826,000/s;');
console.log('bittorrent-protocol 6.5 M have messages/s, a bare parser 120 M');
if (sink === 0) throw new Error('nothing was measured');

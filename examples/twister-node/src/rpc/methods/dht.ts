import { decodeP, parseValue, type SignedValue } from '@rookery/dht';
import { verifySignature } from '@rookery/keys';
import { decodeBencode, WireError } from '@rookery/wire';
import type { Endpoint } from '../../endpoint.ts';
import type { TwisterNode } from '../../node.ts';
import { entryToJson, postFromJson } from '../bencode-json.ts';
import { RpcError } from '../errors.ts';
import type { Method } from '../method.ts';
import type { RpcObject, RpcValue } from '../value.ts';

const TRACKER = 'tracker';
/** What this node holds itself is found at once; others get this long to know better. */
const OWN_MS = 1000;
/** Longer than any search takes; a timer can do no more than 2^31 ms. */
const LONGEST_MS = 3_600_000;

const dhtPut: Method = {
  name: 'dhtput',
  usage: '<username> <resource> <s(ingle)/m(ulti)> <value> <sig_user> <seq>',
  summary: 'Signs a value with the key of an own user and puts it into the DHT.',
  arity: [5, 6],
  call(params, node): RpcValue {
    const [n, r, kind] = [params.bytes(0), params.text(1), params.text(2)];
    const v = postFromJson(params.value(3));
    const signer = params.text(4);
    if (node.wallet.key(signer) === undefined) throw new RpcError('invalidAccountName', 'Error: no sig_user in wallet');
    const t = kind === 'm' ? 'm' : 's';
    if (t === 's' && params.count < 6) throw new RpcError('wallet', 'Seq parameter required for single');
    const seq = params.count > 5 ? params.integer(5) : undefined;
    if (t === 's' && Buffer.compare(n, Buffer.from(signer, 'utf8')) !== 0)
      throw new RpcError('wallet', 'Username must be the same as sig_user for single');
    node.values.put({ n, r, t, v, seq }, signer);
    return null;
  },
};

const dhtPutRaw: Method = {
  name: 'dhtputraw',
  usage: '<hexdata>',
  summary: 'Puts a value that was signed elsewhere into the DHT.',
  arity: [1, 1],
  isPublic: true,
  call(params, node): RpcValue {
    const [hex = ''] = /^(?:[0-9a-fA-F]{2})*/.exec(params.text(0)) ?? [];
    node.dht.put(readEntry(new Uint8Array(Buffer.from(hex, 'hex')), node));
    return null;
  },
};

const dhtGet: Method = {
  name: 'dhtget',
  usage: '<username> <resource> <s(ingle)/m(ulti)> [timeout_ms] [timeout_multi_ms] [min_multi]',
  summary:
    'Searches values in the DHT: the one with the highest sequence number of a single resource, all of a multi one.',
  arity: [3, 6],
  isPublic: true,
  async call(params, node) {
    const [n, r, kind] = [params.bytes(0), params.text(1), params.text(2)];
    const timeoutMs = Math.min(params.integerOr(3, 10_000), LONGEST_MS);
    const nextMs = Math.min(params.integerOr(4, 100), LONGEST_MS);
    // How many replies are enough is only checked for its type: the search itself knows when it is over.
    params.integerOr(5, 3);
    const t = kind === 'm' ? 'm' : 's';
    if (r === TRACKER) return getTracker(n, timeoutMs, nextMs, node);
    const found: SignedValue[] = [];
    await search(n, r, t, { timeoutMs, nextMs }, node, {
      values: (entries) => {
        // A later value of a single resource is a newer one.
        if (t === 's') found.length = 0;
        found.push(...entries);
      },
    });
    return found.map(({ p, sigP, sigUser }) =>
      entryToJson(decodeBencode(p, { profile: 'deployed' }).value, sigP, sigUser),
    );
  },
};

/** Methods about the DHT. */
export const DHT_METHODS: readonly Method[] = [dhtPut, dhtPutRaw, dhtGet];

/** Waits for the first answer, then as long as others keep coming, at most until the search is over. */
function search(
  n: Uint8Array,
  r: string,
  t: 's' | 'm',
  { nextMs, timeoutMs }: { readonly nextMs: number; readonly timeoutMs: number },
  { dht }: TwisterNode,
  events: { values?(entries: readonly SignedValue[]): void; peers?(peers: readonly Endpoint[]): void },
): Promise<void> {
  return new Promise((resolve) => {
    let timer = setTimeout(finish, timeoutMs);
    let end = () => {};
    let isOver = false;
    let isOwn = true;
    function finish(): void {
      isOver = true;
      clearTimeout(timer);
      end();
      resolve();
    }
    const again = () => {
      clearTimeout(timer);
      timer = setTimeout(finish, Math.max(nextMs, isOwn ? OWN_MS : 1));
    };
    const stop = dht.get(n, r, t, {
      values: (entries) => {
        events.values?.(entries);
        again();
      },
      peers: (peers) => {
        events.peers?.(peers);
        again();
      },
      done: finish,
    });
    isOwn = false;
    end = stop;
    if (isOver) stop();
  });
}

async function getTracker(n: Uint8Array, timeoutMs: number, nextMs: number, node: TwisterNode): Promise<RpcValue> {
  const peers: Endpoint[] = [];
  await search(n, TRACKER, 'm', { timeoutMs, nextMs }, node, { peers: (more) => void peers.push(...more) });
  if (peers.length === 0) return [];
  const values = peers.flatMap(({ ip, port }) => {
    const octets = ip.split('.').map(Number);
    return octets.length === 4 ? [Uint8Array.from([...octets, port >> 8, port & 0xff])] : [];
  });
  const target: RpcObject = { n: Buffer.from(n).toString('utf8'), r: TRACKER, t: 'm' };
  const v: RpcObject = { followers: peers.length, values_size: values.length, values };
  return [{ p: { target, v } }];
}

function readEntry(bytes: Uint8Array, { backend, users }: TwisterNode): SignedValue {
  const root = readDict(bytes);
  const p = root.getDict('p');
  if (p === undefined) throw new RpcError('invalidParams', "missing 'p' entry");
  if (p.getDict('target') === undefined) throw new RpcError('invalidParams', "missing 'target' entry");
  const sigP = root.getBytes('sig_p');
  if (sigP === undefined || sigP.length === 0) throw new RpcError('invalidParams', "missing 'sig_p' entry");
  const sigUser = root.getText('sig_user') ?? '';
  if (sigUser === '') throw new RpcError('invalidParams', "missing 'sig_user' entry");
  const publicKey = users.keyAt(sigUser, Number.MAX_SAFE_INTEGER);
  const options = { profile: 'deployed', backend } as const;
  if (publicKey === undefined || !verifySignature(p.raw, sigP, publicKey, options).ok)
    throw new RpcError('invalidParams', 'invalid signature');
  const decoded = decodeP(p.raw, 'put', 'deployed');
  if (!decoded.ok || !parseValue(decoded.root).ok) throw new RpcError('invalidParams', "missing 'target' entry");
  return { p: p.raw.slice(), sigP: sigP.slice(), sigUser };
}

function readDict(bytes: Uint8Array) {
  try {
    const { value } = decodeBencode(bytes, { profile: 'deployed' });
    if (value.kind === 'dict') return value;
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    throw new RpcError('invalidParams', 'hexdata failed to bdecode');
  }
  throw new RpcError('invalidParams', 'root not dict type');
}

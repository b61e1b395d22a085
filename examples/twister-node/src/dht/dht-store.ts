import type { DhtStore, HeldValue } from '@rookery/dht';
import { type BencodeInput, bencodeDict, decodeBencode, encodeBencode } from '@rookery/wire';
import type { Store } from '../store/store.ts';

const PREFIX = 'dht/';

/** The values that the node holds, on disk under `dht/` and their target. */
export async function loadDhtStore(store: Store): Promise<DhtStore> {
  const loaded: [Uint8Array, readonly HeldValue[]][] = [];
  for await (const [key, record] of store.entries(PREFIX))
    loaded.push([new Uint8Array(Buffer.from(key.slice(PREFIX.length), 'hex')), readValues(record)]);
  return {
    load: () => loaded.splice(0),
    save: (target, values) => {
      const key = `${PREFIX}${Buffer.from(target).toString('hex')}`;
      if (values.length === 0) store.delete(key);
      else store.put(key, encodeBencode(bencodeDict({ values: values.map(recordOf) })));
    },
  };
}

function recordOf({ localSince, p, sigP, sigUser }: HeldValue): BencodeInput {
  return { local: localSince, p, sig: sigP, user: sigUser };
}

function readValues(record: Uint8Array): HeldValue[] {
  const list = decodeBencode(record).value.getList('values');
  return (list?.items() ?? []).map((item) => ({
    localSince: item.getNumber('local'),
    p: item.getBytes('p')?.slice() ?? new Uint8Array(),
    sigP: item.getBytes('sig')?.slice() ?? new Uint8Array(),
    sigUser: item.getText('user') ?? '',
  }));
}

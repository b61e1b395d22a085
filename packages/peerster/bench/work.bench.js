// @ts-check
/** Hashes tried a second on one core, beside the same loop over `@noble/hashes` with the prefix hashed once. */
import { sha256 } from '@noble/hashes/sha2.js';
import { NonceSearch } from '@rookery/peerster';
import { measure, median, ratio, report } from './measure.js';

const BATCH = 2_000;

for (const length of [6, 40, 100]) {
  const draft = {
    origin: new Uint8Array(16).fill(0x61),
    destination: new Uint8Array(0),
    id: 1,
    content: new Uint8Array(length),
    signature: new Uint8Array(256),
  };
  const search = new NonceSearch(draft, 64);
  const prefix = sha256.create().update(new Uint8Array(16 + 4 + length + 256));
  const nonce = new Uint8Array(16);
  const rates = measure({
    noble: () => {
      for (let count = 0; count < BATCH; count += 1) {
        const hash = prefix.clone().update(nonce).digest();
        nonce[0] = (nonce[0] ?? 0) + 1;
        if (hash[0] === 0 && hash[1] === 0 && hash[2] === 0 && hash[3] === 0) nonce[1] = (nonce[1] ?? 0) + 1;
      }
    },
    ours: () => search.step(BATCH),
  });
  const times = ratio(rates.ours ?? [], rates.noble ?? []);
  report(`@noble/hashes, a text of ${length} bytes`, BATCH * median(rates.noble ?? []));
  report(`NonceSearch, a text of ${length} bytes`, BATCH * median(rates.ours ?? []), {
    ratio: times,
    bound: 'times as many, at least 1',
    holds: times >= 1,
  });
}

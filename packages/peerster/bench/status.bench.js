// @ts-check
/** Entries of a status compared with the own clock a second, from the datagram on and alone. */
import { compareClocks, decodePacket, encodePacket, nameBytes } from '@rookery/peerster';
import { measure, median, report } from './measure.js';

const ENTRIES = 1_000;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567';

/** @param {number} index */
function name(index) {
  let text = '';
  for (let rest = index * 2_654_435_761, place = 0; place < 16; place += 1, rest = Math.floor(rest / 2) + place * 7) {
    text += LETTERS[rest % 32];
  }
  return text;
}

const origins = [...new Set(Array.from({ length: 2 * ENTRIES }, (_, index) => name(index)))].sort().slice(0, ENTRIES);
const numbers = new Map(origins.map((origin, index) => [origin, 1 + (index % 50)]));
const clock = {
  origins: () => origins,
  /** @param {string} origin */
  nextId: (origin) => numbers.get(origin) ?? 0,
  digest: () => undefined,
};
const status = origins.map((origin, index) => ({ origin: nameBytes(origin), nextId: 1 + (index % 50) }));
const datagram = encodePacket({ status });

const rates = measure({
  compare: () => {
    if (!compareClocks(clock, status).equal) throw new Error('the clocks are equal');
  },
  whole: () => {
    if (!compareClocks(clock, decodePacket(datagram).status ?? []).equal) throw new Error('the clocks are equal');
  },
});
report(`compared with ${origins.length} own origins`, origins.length * median(rates.compare ?? []));
report('decoded and compared', origins.length * median(rates.whole ?? []));

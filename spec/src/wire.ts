/** Suite `wire`: the chain's serialisation, its messages and payloads, as captured daemons wrote them. */
import type { VectorCase, VectorDocument, VectorFile } from './format.ts';
import { blockTests, merkleTests, partialMerkleTests, scriptTests, transactionTests } from './wire-chain.ts';
import { frameTests, payloadTests, shortUrlTests } from './wire-messages.ts';

const CAPTURED =
  'captured from two deployed daemons; altered bytes and their ids computed apart with the SHA-256 of Node';
const WRITTEN = 'written by hand from the sources of deployed nodes';

const NOTES: VectorDocument['notes'] = {
  '64-bit': { bugClass: 'precision', description: 'The integer is no safe one and must not pass through a double.' },
  'byte-order': { bugClass: 'byte order', description: 'A hash in the order of tools instead of that of the wire.' },
  'claimed-size': {
    bugClass: 'allocation',
    description: 'A size or count that the input does not hold: nothing may be reserved by it.',
  },
  early: { bugClass: 'late refusal', description: 'The fault shows before the value is complete.' },
  lenient: { bugClass: 'too strict', description: 'Deployed nodes accept it although it looks wrong.' },
  'long-form': {
    bugClass: 'non-canonical input',
    description: 'A length in a longer form than needed: read, but ids and sizes are those of the shortest.',
  },
  'odd-level': { bugClass: 'Merkle tree', description: 'A level with an odd number of nodes.' },
  'script-number': {
    bugClass: 'sign and magnitude',
    description: 'A number pushed on a script is no two’s complement.',
  },
  trailing: { bugClass: 'trailing bytes', description: 'What follows a value is not part of it and no fault.' },
};

/** Writes the vector files of the suite. */
export function wireFiles(captured: string): VectorFile[] {
  return [
    file('scripts', WRITTEN, scriptTests()),
    file('transactions', CAPTURED, transactionTests(captured)),
    file('blocks', CAPTURED, blockTests(captured)),
    file('merkle', `${CAPTURED}; Bitcoin block 100000`, merkleTests(captured)),
    file('partial-merkle', CAPTURED, partialMerkleTests(captured)),
    file('messages', CAPTURED, frameTests(captured)),
    file('payloads', `${CAPTURED}; proxy and alert payloads ${WRITTEN}`, payloadTests(captured)),
    file('short-urls', CAPTURED, shortUrlTests(captured)),
  ];
}

function file(name: string, source: string, tests: VectorCase[]): VectorFile {
  const used = new Set(tests.flatMap((test) => test.flags));
  const notes = Object.fromEntries(Object.entries(NOTES).filter(([flag]) => used.has(flag)));
  return { path: `wire/${name}.json`, content: { suite: 'wire', specVersion: 1, source, notes, tests } };
}

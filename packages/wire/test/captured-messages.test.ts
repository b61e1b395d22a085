import { expect, test } from 'vitest';
import {
  type Decoded,
  decodeAddr,
  decodeAlert,
  decodeBlock,
  decodeCheckpointVote,
  decodeDhtGetReply,
  decodeDhtGetRequest,
  decodeDhtPutRequest,
  decodeFilterAdd,
  decodeFilterLoad,
  decodeHeaders,
  decodeInventory,
  decodeLocator,
  decodeMerkleBlock,
  decodeMessage,
  decodePing,
  decodeTransaction,
  decodeVersion,
  encodeAddr,
  encodeAlert,
  encodeBlock,
  encodeCheckpointVote,
  encodeDhtGetReply,
  encodeDhtGetRequest,
  encodeDhtPutRequest,
  encodeFilterAdd,
  encodeFilterLoad,
  encodeHeaders,
  encodeInventory,
  encodeLocator,
  encodeMerkleBlock,
  encodeMessage,
  encodePing,
  encodeScript,
  encodeTransaction,
  encodeVersion,
  extractPartialMerkle,
  headerId,
  messageFrameBytes,
  type NetworkAddress,
  transactionId,
} from '../src/index.ts';
import { captured, capturedMessages, display, fromHex, toHex } from './captured-chain.ts';

function reencode<T>(decode: (bytes: Uint8Array) => Decoded<T>, encode: (value: T) => Uint8Array) {
  return (payload: Uint8Array) => {
    const { value, consumed } = decode(payload);
    return { consumed, bytes: encode(value) };
  };
}

const empty = reencode(
  (payload) => ({ value: payload.subarray(0, 0), consumed: 0 }),
  (value) => value,
);
const inventory = reencode(decodeInventory, encodeInventory);
const locator = reencode(decodeLocator, encodeLocator);
const ping = reencode(decodePing, encodePing);

const PAYLOADS: Readonly<Record<string, (payload: Uint8Array) => { consumed: number; bytes: Uint8Array }>> = {
  version: reencode(decodeVersion, encodeVersion),
  verack: empty,
  addr: reencode(decodeAddr, encodeAddr),
  getaddr: empty,
  inv: inventory,
  getdata: inventory,
  notfound: inventory,
  getblocks: locator,
  getheaders: locator,
  headers: reencode(decodeHeaders, encodeHeaders),
  block: reencode(decodeBlock, encodeBlock),
  tx: reencode(decodeTransaction, encodeTransaction),
  mempool: empty,
  ping,
  pong: ping,
  alert: reencode(decodeAlert, encodeAlert),
  filterload: reencode(decodeFilterLoad, encodeFilterLoad),
  filteradd: reencode(decodeFilterAdd, encodeFilterAdd),
  filterclear: empty,
  merkleblock: reencode(decodeMerkleBlock, encodeMerkleBlock),
  cp: reencode(decodeCheckpointVote, encodeCheckpointVote),
  dhtgetreq: reencode(decodeDhtGetRequest, encodeDhtGetRequest),
  dhtputreq: reencode(decodeDhtPutRequest, encodeDhtPutRequest),
  dhtgetreply: reencode(decodeDhtGetReply, encodeDhtGetReply),
};

function isCut(hex: string): boolean {
  const bytes = fromHex(hex);
  return bytes.length === 2000 && messageFrameBytes(bytes)! > bytes.length;
}

test('every captured message decodes and encodes back to the same bytes (WIRE-17, WIRE-20 … WIRE-35)', () => {
  const messages = capturedMessages();
  expect(messages.length).toBeGreaterThan(190);
  const seen = new Set<string>();
  // The capture keeps only the first 2,000 bytes of two long requests.
  expect(messages.filter(isCut)).toHaveLength(2);
  for (const message of messages.filter((hex) => !isCut(hex))) {
    const { value, consumed } = decodeMessage(fromHex(message), 'main');
    expect(consumed).toBe(message.length / 2);
    expect(toHex(encodeMessage('main', value.command, value.payload))).toBe(message);
    const { bytes, consumed: read } = PAYLOADS[value.command]!(value.payload);
    expect([value.command, toHex(bytes)]).toEqual([value.command, toHex(value.payload)]);
    expect(read).toBe(value.payload.length);
    seen.add(value.command);
  }
  expect([...seen].sort()).toEqual([
    'addr',
    'block',
    'cp',
    'filteradd',
    'filterclear',
    'filterload',
    'getaddr',
    'getblocks',
    'getdata',
    'getheaders',
    'headers',
    'inv',
    'mempool',
    'merkleblock',
    'notfound',
    'ping',
    'pong',
    'tx',
    'verack',
    'version',
  ]);
});

interface CapturedMessage {
  readonly command: string;
  readonly raw: string;
  readonly decoded: { readonly txid?: string };
}

const address = ({ services, ip, port }: NetworkAddress) => ({ services: Number(services), ip: toHex(ip), port });

/** What the capturing program, which is no code of ours, printed for each command. */
const SHOWN: Readonly<Record<string, (payload: Uint8Array) => unknown>> = {
  version: (payload) => {
    const { value } = decodeVersion(payload);
    return {
      version: value.version,
      services: Number(value.services),
      time: Number(value.time),
      addrYou: address(value.addrYou),
      addrMe: address(value.addrMe!),
      nonce: toHex(value.nonce!),
      subver: Buffer.from(value.subver!).toString(),
      startHeight: value.startHeight,
      relay: Number(value.relay),
    };
  },
  addr: (payload) => ({
    items: decodeAddr(payload).value.map((item) => ({ time: item.time, ...address(item) })),
  }),
  inv: (payload) => ({
    items: decodeInventory(payload).value.map(({ type, hash }) => ({ type, hash: display(hash) })),
  }),
  getblocks: (payload) => {
    const { value } = decodeLocator(payload);
    return { ...value, locator: value.locator.map(display), stop: display(value.stop) };
  },
  ping: (payload) => ({ nonce: toHex(decodePing(payload).value) }),
  block: (payload) => {
    const { header, transactions } = decodeBlock(payload).value;
    return { hash: display(headerId(header)), height: header.height, ntx: transactions.length };
  },
  tx: (payload) => display(transactionId(decodeTransaction(payload).value)),
};
const SAME_AS: Readonly<Record<string, string>> = {
  getdata: 'inv',
  notfound: 'inv',
  getheaders: 'getblocks',
  pong: 'ping',
};

test('the fields of captured messages are those that the capture shows (WIRE-21 … WIRE-24, WIRE-35)', () => {
  const { connections } = captured<{ connections: { messages: CapturedMessage[] }[] }>('p2p.json');
  let compared = 0;
  for (const { command, raw, decoded } of connections.flatMap((connection) => connection.messages)) {
    const show = SHOWN[SAME_AS[command] ?? command];
    if (show === undefined) continue;
    const expected = JSON.parse(JSON.stringify(command === 'tx' ? decoded.txid : decoded), (key, value) =>
      key === 'raw' ? undefined : value,
    );
    expect([command, show(decodeMessage(fromHex(raw), 'main').value.payload)]).toEqual([command, expected]);
    compared += 1;
  }
  expect(compared).toBeGreaterThan(130);
});

interface FilterSection {
  readonly log: readonly { readonly command?: string; readonly raw?: string }[];
  readonly blockTxids?: readonly string[];
  readonly merkleblocks?: readonly {
    readonly header: string;
    readonly hash: string;
    readonly totalTx: number;
    readonly hashes: readonly string[];
    readonly flags?: string;
  }[];
}

test('a captured merkleblock proves exactly the transactions that the daemon sent behind it (WIRE-16, WIRE-26)', () => {
  const { sections } = captured<{ sections: FilterSection[] }>('chain-net-filters.json');
  let proofs = 0;
  for (const { log, merkleblocks } of sections) {
    const messages = log.flatMap(({ raw }) => (raw === undefined ? [] : [decodeMessage(fromHex(raw), 'main').value]));
    const at = messages.findIndex(({ command }) => command === 'merkleblock');
    if (at < 0) continue;
    const block = decodeMerkleBlock(messages[at]!.payload).value;
    const shown = merkleblocks![0]!;
    expect(display(headerId(block.header))).toBe(shown.hash);
    expect(block.totalTx).toBe(shown.totalTx);
    expect(block.hashes.map(display)).toEqual(shown.hashes);
    const { root, matches } = extractPartialMerkle(block);
    expect(toHex(root)).toBe(toHex(block.header.merkleRoot));
    const sent = messages.slice(at + 1).filter(({ command }) => command === 'tx');
    expect(matches.map(({ txId }) => toHex(txId))).toEqual(
      sent.map(({ payload }) => toHex(transactionId(decodeTransaction(payload).value))),
    );
    expect(matches[0]!.index).toBe(0);
    proofs += 1;
  }
  expect(proofs).toBe(10);
});

interface VoteStep {
  readonly sent?: string;
  readonly decoded?: {
    readonly height: number;
    readonly blockHash: string;
    readonly username: string;
    readonly signature: string;
    readonly signedBytes: string;
  };
}

test('a captured vote has the fields shown, and its signed bytes are a script of height and hash (WIRE-7, WIRE-27)', () => {
  const { steps } = captured<{ steps: VoteStep[] }>('softcheckpoint-cp.json');
  let votes = 0;
  for (const { sent, decoded } of steps) {
    if (sent === undefined || decoded === undefined) continue;
    const { value } = decodeCheckpointVote(decodeMessage(fromHex(sent), 'main').value.payload);
    expect(value.height).toBe(decoded.height);
    expect(display(value.hash)).toBe(decoded.blockHash);
    expect(Buffer.from(value.user).toString()).toBe(decoded.username);
    expect(toHex(value.signature)).toBe(decoded.signature);
    expect(toHex(encodeScript([value.height, value.hash]))).toBe(decoded.signedBytes);
    votes += 1;
  }
  expect(votes).toBeGreaterThan(8);
});

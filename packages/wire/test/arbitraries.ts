import fc from 'fast-check';
import type {
  AlertContent,
  Block,
  BlockHeader,
  NetworkAddress,
  TimedAddress,
  Transaction,
  Version,
} from '../src/index.ts';

export const bytes = (most = 40): fc.Arbitrary<Uint8Array> => fc.uint8Array({ maxLength: most });
export const exactly = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });
export const hash: fc.Arbitrary<Uint8Array> = exactly(32);
export const uint32: fc.Arbitrary<number> = fc.integer({ min: 0, max: 0xffffffff });
export const int32: fc.Arbitrary<number> = fc.integer({ min: -0x80000000, max: 0x7fffffff });
export const uint64: fc.Arbitrary<bigint> = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
export const int64: fc.Arbitrary<bigint> = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });

export const transaction: fc.Arbitrary<Transaction> = fc.record({
  version: int32,
  message: bytes(300),
  userName: bytes(),
  pubKey: bytes(),
  nonce: uint32,
});

export const header: fc.Arbitrary<BlockHeader> = fc.record({
  version: int32,
  height: int32,
  prev: hash,
  merkleRoot: hash,
  time: uint32,
  bits: uint32,
  nonce: uint32,
});

export const block: fc.Arbitrary<Block> = fc.record({ header, transactions: fc.array(transaction, { maxLength: 4 }) });

const address: fc.Arbitrary<NetworkAddress> = fc.record({
  services: uint64,
  ip: exactly(16),
  port: fc.integer({ min: 0, max: 0xffff }),
});

export const timedAddress: fc.Arbitrary<TimedAddress> = fc
  .tuple(uint32, address)
  .map(([time, rest]) => ({ time, ...rest }));

/** A version message with 0, 2, 3, 4 or all 5 of its optional fields. */
export const version: fc.Arbitrary<Version> = fc
  .tuple(
    fc.record({ version: int32, services: uint64, time: int64, addrYou: address }),
    fc.record({ addrMe: address, nonce: exactly(8), subver: bytes(), startHeight: int32, relay: fc.boolean() }),
    fc.constantFrom(0, 2, 3, 4, 5),
  )
  .map(([required, optional, given]) => ({
    ...required,
    ...Object.fromEntries(Object.entries(optional).slice(0, given)),
  }));

export const alertContent: fc.Arbitrary<AlertContent> = fc.record({
  version: int32,
  relayUntil: int64,
  expiration: int64,
  id: int32,
  cancel: int32,
  cancels: fc.array(int32, { maxLength: 5 }),
  minVersion: int32,
  maxVersion: int32,
  subVersions: fc.array(bytes(), { maxLength: 5 }),
  priority: int32,
  comment: bytes(),
  statusBar: bytes(),
  reserved: bytes(),
});

import { scryptPowHash } from '@rookery/chain';
import { type BlockHeader, encodeHeader, sha256d } from '@rookery/wire';
import { bytes, type Input, integer, showBytes } from './input.ts';

/** Shows a header as the protocol's `HEADER`, with its id and the hash of its work. */
export function showHeader(header: BlockHeader): object {
  const encoded = encodeHeader(header);
  return {
    ...header,
    prev: showBytes(header.prev),
    merkleRoot: showBytes(header.merkleRoot),
    id: showBytes(sha256d(encoded)),
    powHash: showBytes(scryptPowHash(encoded)),
  };
}

/** Reads the seven fields of a header; id and hash of the work follow from them. */
export function asHeader(input: Input): BlockHeader {
  return {
    version: integer(input, 'version'),
    height: integer(input, 'height'),
    prev: bytes(input, 'prev'),
    merkleRoot: bytes(input, 'merkleRoot'),
    time: integer(input, 'time'),
    bits: integer(input, 'bits'),
    nonce: integer(input, 'nonce'),
  };
}

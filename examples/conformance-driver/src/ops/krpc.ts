import { decodeKrpc, dhtTarget, encodeKrpc, type KrpcKind } from '@rookery/wire';
import { asBencode, asBencodeDict, showBencode } from '../bencode-json.ts';
import { BadRequest, bytes, type Input, optionalText, profile, showBytes, text } from '../input.ts';
import { type Operations, ok } from '../operation.ts';

function kind(input: Input): KrpcKind {
  const value = input.kind;
  if (value === 'query' || value === 'reply' || value === 'error') return value;
  throw new BadRequest('kind must be query, reply or error');
}

/** Packets of the DHT and the targets of its resources. */
export const krpcOperations: Operations = {
  'dht.target': (input) => ok({ target: showBytes(dhtTarget(bytes(input, 'n'), text(input, 'r'), text(input, 't'))) }),
  'dht.krpc.decode': (input) => {
    const message = decodeKrpc(bytes(input, 'bytes'), profile(input));
    return ok({
      kind: message.kind,
      transaction: showBytes(message.transaction),
      ...(message.kind === 'query' ? { query: message.query ?? null } : {}),
      body: showBencode(message.body.toValue()),
      extra: showBencode(message.extra),
    });
  },
  'dht.krpc.encode': (input) => {
    const packet = encodeKrpc({
      kind: kind(input),
      transaction: bytes(input, 'transaction'),
      query: optionalText(input, 'query'),
      body: asBencode(input.body, 'body'),
      extra: input.extra === undefined ? undefined : asBencodeDict(input.extra, 'extra'),
    });
    return ok({ bytes: showBytes(packet) });
  },
};

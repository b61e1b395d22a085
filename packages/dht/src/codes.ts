import { type Rejection, reject } from '@rookery/wire';

/** Stable codes of the verdicts of the DHT rules; each is described in `spec/errors.md`. */
export type DhtCode =
  | 'bad-node-id'
  | 'bad-post'
  | 'bad-signature'
  | 'bad-target'
  | 'bad-target-kind'
  | 'bad-token'
  | 'expired'
  | 'future-height'
  | 'future-time'
  | 'missing-key'
  | 'missing-seq'
  | 'no-time'
  | 'not-bencode'
  | 'not-canonical'
  | 'not-neighbour'
  | 'not-owner'
  | 'resource-too-long'
  | 'seq-too-large'
  | 'too-big'
  | 'unknown-user'
  | 'unrelated-post'
  | 'wrong-node-id'
  | 'wrong-target';

/** Why a value is not taken or is given up although no rule of values speaks against it (DHT-42, DHT-43). */
export type DhtDropCode = 'not-newer' | 'refused' | 'store-full' | 'superseded' | 'too-many-searches';

/** Why a packet is not answered (DHT-38, DHT-44). */
export type DhtIgnoreCode = 'bad-address' | 'flood' | 'no-packet' | 'unmatched' | 'upload-limit';

/**
 * A refusal of a DHT rule. `krpcError` is the text with which a node answers the request (error 203), as deployed nodes word it
 * (DHT-19); absent where a node does not answer with an error.
 */
export interface DhtRejection extends Rejection<DhtCode> {
  readonly krpcError?: string;
}

/** What a DHT rule decides: accepted with what was learned, or refused. */
export type DhtVerdict<Learned extends object = object> = ({ readonly ok: true } & Learned) | DhtRejection;

/** Texts of errors to a request, by code (DHT-19); the text of `missing-key` names the key and stands with its rule. */
const KRPC_ERRORS: { readonly [code in DhtCode]?: string } = {
  'bad-node-id': "invalid value for 'id'",
  'bad-post': 'v is not a valid post',
  'bad-signature': 'invalid signature',
  'bad-target': 'target dict size != 3',
  'bad-target-kind': 'invalid target.t value',
  'bad-token': 'invalid token',
  expired: 'value has expired',
  'future-height': 'height > getBestHeight',
  'future-time': 'time > GetAdjustedTime',
  'missing-seq': 'seq is required for single',
  'not-canonical': 'value is not canonical',
  'not-owner': 'only owner is allowed',
  'resource-too-long': 'resource name too big',
  'seq-too-large': 'seq too large',
  'too-big': 'message too big',
  'unknown-user': 'invalid signature',
  'unrelated-post': 'v does not belong to the target',
};

/** Builds a refusal with the error text that belongs to its code. */
export function refuse(code: DhtCode, detail: string): DhtRejection {
  const krpcError = KRPC_ERRORS[code];
  return krpcError === undefined ? reject(code, detail) : { ...reject(code, detail), krpcError };
}

/** Builds the refusal of a dictionary without a key, or with a value of another type under it. */
export function refuseMissing(key: string): DhtRejection {
  return {
    ...reject<DhtCode>('missing-key', `${key} is missing or of the wrong type`),
    krpcError: `missing '${key}' key`,
  };
}

/** The error codes of twisterd's JSON-RPC. */
export const RPC_CODES = {
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internal: -32603,
  parse: -32700,
  misc: -1,
  wallet: -4,
  invalidAddressOrKey: -5,
  invalidParameter: -8,
  clientNotConnected: -9,
  invalidAccountName: -11,
  deserialization: -22,
  nodeAlreadyAdded: -23,
  nodeNotAdded: -24,
  forbiddenOnPublicServer: -23,
  timeout: -24,
} as const;

/** What a call is answered with instead of a result. */
export class RpcError extends Error {
  readonly code: number;

  constructor(code: keyof typeof RPC_CODES, message: string) {
    super(message);
    this.code = RPC_CODES[code];
  }
}

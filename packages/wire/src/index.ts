export { decodeAddr, encodeAddr, type TimedAddress } from './addr.ts';
export {
  type Alert,
  type AlertContent,
  decodeAlert,
  decodeAlertContent,
  encodeAlert,
  encodeAlertContent,
} from './alert.ts';
export { type BencodeOptions, decodeBencode } from './bencode/decode.ts';
export { encodeBencode } from './bencode/encode.ts';
export { type BencodeKind, BencodeNode } from './bencode/node.ts';
export { type BencodeDict, type BencodeInput, type BencodeValue, bencodeDict, compareKeys } from './bencode/value.ts';
export { type Block, blockSize, decodeBlock, encodeBlock } from './block.ts';
export { type CheckpointVote, decodeCheckpointVote, encodeCheckpointVote } from './checkpoint-vote.ts';
export {
  type CompactNode,
  type CompactPeer,
  decodeCompactNodes,
  decodeCompactPeers,
  encodeCompactNodes,
  encodeCompactPeers,
} from './compact-nodes.ts';
export type { Decoded } from './decoded.ts';
export {
  type DhtGetReply,
  type DhtGetRequest,
  type DhtProxyTarget,
  type DhtPutRequest,
  decodeDhtGetReply,
  decodeDhtGetRequest,
  decodeDhtPutRequest,
  encodeDhtGetReply,
  encodeDhtGetRequest,
  encodeDhtPutRequest,
} from './dht-proxy.ts';
export { dhtTarget, dhtTargetBytes } from './dht-target.ts';
export { WireError, type WireErrorCode } from './errors.ts';
export {
  decodeExtensionHandshake,
  type ExtensionHandshake,
  encodeExtensionHandshake,
} from './extension-handshake.ts';
export {
  decodeFilterAdd,
  decodeFilterLoad,
  encodeFilterAdd,
  encodeFilterLoad,
  type FilterLoad,
} from './filter.ts';
export { sha256d } from './hash.ts';
export { type BlockHeader, decodeHeader, encodeHeader, headerId } from './header.ts';
export { decodeHeaders, encodeHeaders } from './headers.ts';
export { decodeInventory, encodeInventory, INVENTORY_TYPE, type InventoryItem } from './inventory.ts';
export { decodeKrpc, encodeKrpc, KRPC_VERSION, type KrpcContent, type KrpcKind, type KrpcMessage } from './krpc.ts';
export {
  type DhtTarget,
  encodeKrpcError,
  encodeKrpcQuery,
  encodeKrpcReply,
  type KrpcQuery,
  type KrpcQueryCode,
  type KrpcReply,
  type KrpcReplyFields,
  parseKrpcError,
  parseKrpcQuery,
  parseKrpcReply,
  type SignedValue,
} from './krpc-messages.ts';
export { WIRE_LIMITS, type WireLimits } from './limits.ts';
export { decodeLocator, encodeLocator, type LocatorRequest } from './locator.ts';
export { MAGIC } from './magic.ts';
export { foldMerkleBranch, merkleBranch, merkleRoot } from './merkle.ts';
export { decodeMerkleBlock, encodeMerkleBlock, type MerkleBlock } from './merkle-block.ts';
export { decodeMessage, encodeMessage, type Message, messageFrameBytes } from './message.ts';
export type { NetworkAddress } from './network-address.ts';
export {
  buildPartialMerkle,
  extractPartialMerkle,
  type PartialMerkle,
  type PartialMerkleContent,
} from './partial-merkle.ts';
export { decodePeerExchange, type ExchangedPeer, encodePeerExchange, type PeerExchange } from './peer-exchange.ts';
export {
  decodePeerHandshake,
  encodePeerHandshake,
  offersFeature,
  PEER_FEATURES,
  type PeerHandshake,
} from './peer-handshake.ts';
export { type BlockRange, decodePeerMessages, encodePeerMessage, type PeerMessage } from './peer-message.ts';
export { decodePing, encodePing } from './ping.ts';
export { decodePost, encodePost, type Post } from './post.ts';
export type { Network, Profile } from './profile.ts';
export { ByteReader } from './reader.ts';
export { encodeScript, parseScriptItems, parseSmallString, type ScriptItem } from './script.ts';
export { decodeShortUrl, encodeShortUrl, type ShortUrl } from './short-url.ts';
export {
  decodeTransaction,
  encodeTransaction,
  type Transaction,
  type TransactionKind,
  transactionId,
  transactionKind,
  transactionSize,
} from './transaction.ts';
export { asciiLowerCase, countCodePoints, decodeUtf8, encodeUtf8 } from './utf8.ts';
export { type Rejection, reject, type Verdict } from './verdict.ts';
export { decodeVersion, encodeVersion, type Version } from './version.ts';
export { ByteWriter } from './writer.ts';

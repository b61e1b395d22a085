export { hostGroup } from './address.ts';
export {
  type CheckedMessage,
  checkAnnouncement,
  checkAuthor,
  checkFields,
  checkMessage,
  checkNames,
  checkSize,
  checkWork,
  type MessageContext,
  type Placement,
  placeMessage,
} from './check-message.ts';
export { type ClockComparison, compareClocks, type OwnClock, originsWithin, rangeCovers } from './clock.ts';
export type { AuthorCode, GossipCode, LightCode, MessageCode, OrderCode, PrivateCode } from './codes.ts';
export { composeAnnouncement, composePrivate, composePublic, type Draft } from './compose.ts';
export type {
  DeliverEffect,
  DroppedEffect,
  LearnedEffect,
  PeersterEffect,
  PrunedEffect,
  SendEffect,
  StoredEffect,
  SubmittedEffect,
} from './effects.ts';
export { PeersterError, type PeersterErrorCode } from './errors.ts';
export { generateKey, KeySearch } from './generate-key.ts';
export {
  emptyHistory,
  extendHistory,
  History,
  historyDigest,
  narrowProbe,
  type ProbeInterval,
  probeMiddle,
} from './history.ts';
export { decryptKeyFile, encryptKeyFile, isEncryptedKeyFile, type KeyFileOptions } from './key-file.ts';
export { LightClient, type LightClientEffect, type LightClientOptions } from './light-client.ts';
export { PEERSTER_LIMITS, type PeersterLimits } from './limits.ts';
export { type MessageKind, messageHash, messageKind, payloadDigest, signedPayload } from './message.ts';
export { deriveName, isAcceptedName, isName, nameBytes, nameText } from './name.ts';
export { PeersterNode } from './node.ts';
export type { PeersterOptions } from './node-options.ts';
export { createNodeRsaProvider, type NodeCrypto, type RsaWebKey } from './node-rsa.ts';
export type { MiningProgress } from './outbox.ts';
export { decodePacket, encodePacket, type Packet, type Probe, questionOf } from './packet.ts';
export type { Peer, PeerClass } from './peer-table.ts';
export { decodePkcs8, encodePkcs8, type PrivateNumbers } from './pkcs8.ts';
export { countZeroBits, expectedTries, type FoundNonce, meetsTarget, mineNonce, NonceSearch } from './pow.ts';
export {
  decodePrivateContent,
  encodePrivateContent,
  openPrivate,
  type PrivateContent,
  type PrivateRole,
  sealPrivate,
} from './private-content.ts';
export type { Profile } from './profile.ts';
export type { RsaPrivateKey, RsaProvider, RsaPublicKey } from './provider.ts';
export { checkPublicKey, decodePublicKey, encodePublicKey, type PublicNumbers } from './public-key.ts';
export { type PruneCandidate, type PrunePolicy, pruneLongestSilent } from './quota.ts';
export { type RandomSource, seededRandom } from './random.ts';
export { createRsaProvider } from './rsa.ts';
export { decodeRumor, encodeRumor, type Rumor, rumorDatagramBytes } from './rumor.ts';
export { decodeStatus, encodeStatus, type StatusEntry, type StatusRange } from './status.ts';
export { MemoryStore, type MessageStore, type Page, type StoredMessage } from './store.ts';
export { expectedNameTries, type FoundName, remainingNameMs, VanitySearch } from './vanity.ts';
export { type Rejection, reject, type Verdict } from './verdict.ts';

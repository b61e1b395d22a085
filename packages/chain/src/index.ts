export { adviseHistory, advisePromotionAuthor, advisePublicKey, comparePending } from './advice.ts';
export { compactNumber, decodeBits, encodeBits, LIMIT_BITS, POW_LIMIT } from './bits.ts';
export { type BlockContext, checkBlock, checkBlockKinds, checkBlockSize, checkBlockTime } from './block.ts';
export type { BlockSource } from './block-bytes.ts';
export {
  type PromotionRequest,
  promotionTransaction,
  type RegistrationRequest,
  registrationTransaction,
  type Signer,
} from './build.ts';
export {
  type BlockOrigin,
  Chain,
  type ChainBlock,
  type ChainOptions,
  type ChainTip,
  type ChainUser,
  type TransactionOrigin,
} from './chain.ts';
export type { ChainEffect } from './chain-effect.ts';
export {
  checkCheckpointVote,
  decidesCheckpoint,
  type SoftCheckpoint,
  VOTERS,
  type VoteContext,
  voteHeight,
  voteMessage,
} from './checkpoint-vote.ts';
export { type Checkpoint, MAIN_CHECKPOINTS, TESTNET_CHECKPOINTS } from './checkpoints.ts';
export type { Advice, AdviceCode, ChainCode, PeerCode } from './codes.ts';
export { type ConnectionContext, checkConnection } from './connection.ts';
export { type DifficultyContext, isRetarget, nextBits } from './difficulty.ts';
export { checkHeaderContext, checkSideBlock, type HeaderContext, type ParentBlock } from './header-context.ts';
export { checkWork } from './header-work.ts';
export {
  CHAIN_LIMITS,
  type ChainLimits,
  ENGINE_LIMITS,
  type EngineLimits,
  PEER_LIMITS,
  type PeerLimits,
} from './limits.ts';
export { medianTime } from './median-time.ts';
export { BlockMiner, type BlockMinerOptions, type MinerStep, RegistrationMiner } from './miner.ts';
export { type ChainNetwork, genesisBlock, genesisId, highestCheckpoint, NETWORKS } from './networks.ts';
export type { AddressOptions } from './peers/address-gossip.ts';
export { ChainPeers, type ChainPeersOptions, type PeerInfo, type PeerSizes } from './peers/chain-peers.ts';
export type { HandshakeOptions } from './peers/handshake.ts';
export type { CloseCode, PeerEffect } from './peers/peer-effect.ts';
export { isRoutable } from './peers/routable.ts';
export type { PeerConnection } from './peers/session.ts';
export { checkPoolTransaction, type PoolContext } from './pool.ts';
export { type PowHash, scryptPowHash } from './pow-hash.ts';
export { ANONYMOUS_AUTHOR, checkPromotion, type Promotion, readPromotion } from './promotion.ts';
export { checkRegistrationProof, type ProofContext, type ProvenRegistration, type RegistrationProof } from './proof.ts';
export {
  type CurrentRegistration,
  checkName,
  checkReplacement,
  type RegistrationContent,
  readRegistration,
} from './registration.ts';
export {
  isSearchOver,
  type NonceRange,
  startBlockSearch,
  startRegistrationSearch,
  stepBlockSearch,
  stepRegistrationSearch,
  type WorkSearch,
} from './search.ts';
export { checkHash, compareHashes, targetBytes } from './target.ts';
export type { BlockTemplate } from './template.ts';
export {
  type CheckedTransaction,
  checkPromotionFields,
  checkRegistrationFields,
  checkTransaction,
} from './transaction.ts';
export type { ChainRegistration } from './user-index.ts';
export { checkUserName } from './user-name.ts';
export { minWork, workOfBits } from './work.ts';

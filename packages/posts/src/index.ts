export { checkPost } from './check-post.ts';
export { isForged, type PostCode } from './codes.ts';
export type { PostContext } from './context.ts';
export {
  createDirectMessage,
  createFavourite,
  createPost,
  createPrivateFavourite,
  createReply,
  createRetweet,
  createShortUrl,
  heightForPost,
  type NewPost,
  type PostHeader,
} from './create.ts';
export { isEquivocation } from './equivocation.ts';
export { flagsOf, POST_FLAGS, type PostFlag } from './kinds.ts';
export {
  DEPLOYED_POST_LIMITS,
  limitsAt,
  POST_LIMITS,
  POST_SIZES,
  type PostLimits,
  type PostSizes,
} from './limits.ts';
export { checkComment, type Original, originalOf } from './original.ts';
export { checkPostNumber, checkRegistered, postLimit } from './post-number.ts';
export { type PostResource, resourcesOf } from './resources.ts';
export { type SignPostOptions, signPost } from './sign.ts';
export { joinText, type PostText, splitText } from './text.ts';
export { type Token, tokenize, tokens } from './tokens.ts';

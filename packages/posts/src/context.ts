import type { CurveBackend, UserDirectory } from '@rookery/keys';
import type { Profile } from '@rookery/wire';
import type { PostLimits } from './limits.ts';

/** What a node knows when it judges a piece; see {@link checkPost}. */
export interface PostContext {
  /** Name of the user whose swarm the piece came from. */
  readonly user: string;
  /** Index of the piece. */
  readonly k: number;
  /** Height of the best block; 0 switches the rules off that compare with it (POST-7, POST-8). */
  readonly tip: number;
  /** Who is registered; entries above `tip` must not be in it. */
  readonly users: UserDirectory;
  /** `canonical` (the default) or `deployed`, which is exactly what deployed nodes accept. */
  readonly profile?: Profile;
  /** Seconds since the Unix epoch; without it POST-12 is not checked. Canonical only. */
  readonly now?: number;
  /** The author's nearest earlier post; without it POST-9 is not checked. Canonical only. */
  readonly previous?: { readonly k: number; readonly height: number };
  /** Who does the curve work; the default backend of `@rookery/keys` if left out. */
  readonly backend?: CurveBackend;
  /** The dated rule set, sorted by rising `since`; `POST_LIMITS` if left out. Canonical only. */
  readonly limits?: readonly PostLimits[];
}

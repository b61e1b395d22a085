export { WireError, type WireErrorCode } from './errors.ts';
export type { Network, Profile } from './profile.ts';
export { type Rejection, reject, type Verdict } from './verdict.ts';

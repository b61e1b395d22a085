import type { AuthorCode } from './codes.ts';
import type { Draft } from './compose.ts';
import type { PeersterLimits } from './limits.ts';
import { expectedTries, type FoundNonce, NonceSearch } from './pow.ts';
import { reject, type Verdict } from './verdict.ts';

/** What an identity wants to say; it gets its number when its turn comes (PEERSTER-40). */
export interface Submission {
  /** Name of the identity. */
  readonly author: string;
  readonly content: { readonly kind: 'announcement' } | TextContent;
}

/** A text for everybody, or for one recipient. UTF-8. */
export type TextContent =
  | { readonly kind: 'public'; readonly text: Uint8Array }
  | { readonly kind: 'private'; readonly text: Uint8Array; readonly recipient: string };

/** The search that is under way. */
export interface MiningProgress {
  readonly ticket: number;
  readonly author: string;
  /** Hashes tried so far. */
  readonly tried: number;
  /** Hashes that such a search takes on average. */
  readonly expected: number;
  /** Submissions that wait behind it. */
  readonly waiting: number;
}

interface Job {
  readonly ticket: number;
  readonly submission: Submission;
}

/** A submission whose proof of work is done. */
export interface MinedMessage {
  readonly ticket: number;
  readonly submission: Submission;
  readonly draft: Draft;
  readonly found: FoundNonce;
}

/**
 * Our own messages on their way: one after another, so that no two take the same number (PEERSTER-40), each mined in steps.
 * At most `submissions` of one identity wait.
 */
export class Outbox {
  private readonly jobs: Job[] = [];
  private readonly limits: PeersterLimits;
  private readonly target: number;
  private readonly compose: (submission: Submission) => Draft;
  private current: { job: Job; draft: Draft; search: NonceSearch } | undefined;
  private lastTicket = 0;

  /** `compose` gives a submission its number, signature and encryption when its turn comes. */
  constructor(target: number, limits: PeersterLimits, compose: (submission: Submission) => Draft) {
    this.target = target;
    this.limits = limits;
    this.compose = compose;
  }

  /** Queues a submission; code `queue-full`. */
  submit(submission: Submission): Verdict<AuthorCode, { readonly ticket: number }> {
    const waiting = this.jobs.filter((job) => job.submission.author === submission.author).length;
    if (waiting >= this.limits.submissions) return reject('queue-full', `${waiting} messages wait for their work`);
    this.lastTicket += 1;
    this.jobs.push({ ticket: this.lastTicket, submission });
    return { ok: true, ticket: this.lastTicket };
  }

  /** Whether anything is to be mined. */
  get busy(): boolean {
    return this.current !== undefined || this.jobs.length > 0;
  }

  progress(): MiningProgress | undefined {
    const job = this.current?.job ?? this.jobs[0];
    if (job === undefined) return undefined;
    return {
      ticket: job.ticket,
      author: job.submission.author,
      tried: this.current?.search.tried ?? 0,
      expected: expectedTries(this.target),
      waiting: this.jobs.length - (this.current === undefined ? 1 : 0),
    };
  }

  /** Tries at most `tries` hashes for the message whose turn it is. */
  work(tries: number): { readonly tried: number; readonly mined?: MinedMessage } {
    if (this.current === undefined) {
      const job = this.jobs.shift();
      if (job === undefined) return { tried: 0 };
      const draft = this.compose(job.submission);
      this.current = { job, draft, search: new NonceSearch(draft, this.target) };
    }
    const { job, draft, search } = this.current;
    const before = search.tried;
    const found = search.step(tries);
    const tried = search.tried - before;
    if (found === undefined) return { tried };
    this.current = undefined;
    return { tried, mined: { ...job, draft, found } };
  }

  /** Puts a submission whose number was taken meanwhile back to the front. */
  retry(ticket: number, submission: Submission): void {
    this.jobs.unshift({ ticket, submission });
  }
}

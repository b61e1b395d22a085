/** Why the node cannot run: one sentence for the person who started it, and the exit status. */
export class Failure extends Error {
  /** 2 for a wrong command line, 1 for everything else. */
  readonly status: 1 | 2;

  constructor(message: string, status: 1 | 2 = 1) {
    super(message);
    this.status = status;
  }
}

/** What went wrong, in words, whatever was thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The code of a system or library error, such as `EADDRINUSE`; undefined where there is none. */
export function codeOf(error: unknown): string | undefined {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : undefined;
}

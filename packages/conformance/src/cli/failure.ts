/** Something that keeps a command from doing its work; its message is one sentence for standard error. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

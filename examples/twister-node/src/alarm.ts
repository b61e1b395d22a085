const LONGEST_MS = 2 ** 31 - 1;

/** One timer that is set anew after everything that happens: what wakes an engine at its next deadline. */
export class Alarm {
  readonly #ring: () => void;
  #timer: NodeJS.Timeout | undefined;
  #at: number | undefined;
  #stopped = false;

  constructor(ring: () => void) {
    this.#ring = ring;
  }

  /** Rings at `at`, ms since the Unix epoch, and no longer at the time before; undefined: not at all. */
  set(at: number | undefined): void {
    if (this.#stopped || at === this.#at) return;
    clearTimeout(this.#timer);
    this.#at = at;
    if (at === undefined) return;
    this.#timer = setTimeout(
      () => {
        this.#at = undefined;
        this.#ring();
      },
      Math.min(Math.max(at - Date.now(), 0), LONGEST_MS),
    );
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }
}

import type { Fault } from './codes.ts';
import type { DriverPort } from './driver.ts';
import type { JsonObject } from './json.ts';
import { KIT_LIMITS } from './limits.ts';
import { type Answer, type Hello, PROTOCOL_VERSION, parseAnswer, parseHello } from './protocol.ts';

/** Starts in a row that may fail before a run gives up. */
const STARTS = 3;

/**
 * One run's conversation with a driver: numbers the requests, says hello after every start, starts anew what died,
 * and sorts what goes wrong by the request that it belongs to.
 */
export class Session {
  readonly #driver: DriverPort;
  readonly #mostRestarts: number;
  #seq = 0;
  #starts = 0;
  #failedStarts = 0;
  #givenUp = false;
  #hello: Hello | undefined;
  #charged: Fault[] = [];
  #late: Fault[] = [];
  #elapsedMs = 0;

  constructor(driver: DriverPort, mostRestarts: number = KIT_LIMITS.restarts) {
    this.#driver = driver;
    this.#mostRestarts = mostRestarts;
  }

  /** What the driver last said of itself. */
  get hello(): Hello | undefined {
    return this.#hello;
  }

  get restarts(): number {
    return Math.max(0, this.#starts - 1);
  }

  /** The number of the last request. */
  get seq(): number {
    return this.#seq;
  }

  get running(): boolean {
    return this.#driver.running;
  }

  /** Starts the driver if it does not run. False once the run has given it up; the reasons are charged. */
  async ready(): Promise<boolean> {
    if (this.#driver.running) return true;
    while (!this.#givenUp) {
      if (this.#starts > this.#mostRestarts) {
        this.#giveUp(`it was started again ${this.#mostRestarts} times`);
        break;
      }
      this.#starts += 1;
      const faults = await this.#start();
      if (faults.length === 0) {
        this.#failedStarts = 0;
        return true;
      }
      this.#failedStarts += 1;
      this.#charged.push(...faults);
      const failedForGood = this.#hello === undefined || this.#failedStarts >= STARTS;
      if (failedForGood) this.#giveUp('it does not start');
    }
    return false;
  }

  /** Asks for one of the four answers; undefined where a fault stands in its place. */
  async ask(request: JsonObject): Promise<Answer | undefined> {
    this.#seq += 1;
    return this.#exchange(JSON.stringify({ seq: this.#seq, ...request }), this.#seq);
  }

  /** Sends a line as it is; `rest` is an object's text without its first brace where the line is to have a number. */
  async askRaw(rest: string, numbered: boolean): Promise<Answer | undefined> {
    if (!numbered) return this.#exchange(rest, null);
    this.#seq += 1;
    return this.#exchange(`{"seq":${this.#seq},${rest}`, this.#seq);
  }

  /** Takes what was charged to the requests since the last call, and the milliseconds that they took. */
  take(): { readonly charged: readonly Fault[]; readonly late: readonly Fault[]; readonly elapsedMs: number } {
    const taken = { charged: this.#charged, late: this.#late, elapsedMs: this.#elapsedMs };
    this.#charged = [];
    this.#late = [];
    this.#elapsedMs = 0;
    return taken;
  }

  /** Says goodbye; what is wrong with that is charged. */
  async end(): Promise<void> {
    for (const fault of await this.#driver.stop()) {
      if (fault.seq === undefined) this.#charged.push(fault);
      else this.#late.push(fault);
    }
  }

  async #start(): Promise<readonly Fault[]> {
    const started = await this.#driver.start();
    if (started.length > 0) return started;
    // Numbers of an earlier start are never used again, except that of hello, which is always 0.
    const reply = await this.#driver.ask(`{"seq":0,"cmd":"hello","protocol":${PROTOCOL_VERSION}}`, 0);
    if (reply.answer === undefined) {
      if (this.#driver.running) await this.#driver.stop();
      return reply.faults.length > 0 ? reply.faults : [{ code: 'timed-out', detail: 'no answer to hello' }];
    }
    const hello = parseHello(reply.answer);
    this.#sort(reply.faults);
    if (hello.ok) {
      this.#hello = hello.value;
      return [];
    }
    await this.#driver.stop();
    return [{ code: 'bad-hello', detail: hello.detail }];
  }

  #giveUp(why: string): void {
    this.#givenUp = true;
    this.#charged.push({ code: 'not-run', detail: `the driver was given up: ${why}` });
  }

  async #exchange(line: string, seq: number | null): Promise<Answer | undefined> {
    const reply = await this.#driver.ask(line, seq);
    this.#elapsedMs += reply.elapsedMs;
    this.#sort(reply.faults);
    if (reply.answer === undefined) return undefined;
    const answer = parseAnswer(reply.answer);
    if (answer.ok) return answer.value;
    this.#charged.push({ code: 'bad-answer', detail: answer.detail });
    return undefined;
  }

  #sort(faults: readonly Fault[]): void {
    for (const fault of faults) {
      if (fault.seq !== undefined && fault.seq !== this.#seq) this.#late.push(fault);
      else this.#charged.push(fault);
    }
  }
}

import { describe, expect, test } from 'vitest';
import {
  adapt,
  assertOk,
  check,
  type Engine,
  EXACT_DEADLINES,
  formatAddress,
  type NodeEnv,
  Pair,
  pairScenario,
} from '../src/index.ts';
import { Sender } from './support/planted.ts';
import { ascii, Probe } from './support/probe.ts';

interface Send {
  readonly to: number;
  readonly bytes: Uint8Array;
}

/** An engine without hands that asks until it is answered. */
class Asker implements Engine<Send> {
  answer = '';
  asked = 0;
  private to: number | undefined;
  private askAt: number | undefined;

  ask(to: number, now: number): Send[] {
    this.to = to;
    this.askAt = now;
    return this.tick(now);
  }

  receive(datagram: Uint8Array): Send[] {
    this.answer = String.fromCharCode(...datagram);
    this.askAt = undefined;
    return [];
  }

  tick(now: number): Send[] {
    if (this.to === undefined || this.askAt === undefined || now < this.askAt) return [];
    this.askAt = now + 200;
    this.asked += 1;
    return [{ to: this.to, bytes: ascii('time?') }];
  }

  nextDeadline(): number | undefined {
    return this.askAt;
  }
}

class Answerer implements Engine<Send> {
  *receive(_datagram: Uint8Array, from: number): Generator<Send> {
    yield { to: from, bytes: ascii('noon') };
  }

  tick(): Send[] {
    return [];
  }

  nextDeadline(): undefined {
    return undefined;
  }
}

const asker = (env: NodeEnv) => adapt(new Asker(), (effect: Send) => env.send(effect.to, effect.bytes));
const answerer = (env: NodeEnv) => adapt(new Answerer(), (effect: Send) => env.send(effect.to, effect.bytes));
const options = {
  begin: (a: ReturnType<typeof asker>, env: NodeEnv, now: number) => a.perform(a.engine.ask(env.addressOf(1), now)),
};

describe('a pair', () => {
  test('is driven to the end in one call', () => {
    const pair = new Pair(asker, answerer, options);
    const outcome = pair.run();
    assertOk(outcome);
    expect(outcome.ended).toBe('quiet');
    expect(pair.a.engine.answer).toBe('noon');
    expect(pair.b.engine).toBeInstanceOf(Answerer);
  });

  test('gets through a bad link, and through any schedule of a hundred seeds', () => {
    const link = { latencyMs: { min: 5, max: 150 }, loss: 0.5, duplicate: 0.2 };
    const lossy = pairScenario(asker, answerer, {
      ...options,
      link,
      finally: (a) => (a?.engine.answer === 'noon' ? undefined : 'no answer'),
    });
    check(lossy, { seeds: 100 });
  });

  test('may have two links, its own end and checks', () => {
    const pair = new Pair(asker, answerer, {
      ...options,
      link: { latencyMs: 10 },
      back: { latencyMs: 90 },
      deadlines: EXACT_DEADLINES,
      startMs: 0,
      done: (a) => a?.engine.answer === 'noon',
    });
    expect(pair.run()).toMatchObject({ ended: 'done', elapsedMs: 100 });
    const bad = new Pair(asker, answerer, { ...options, always: (a) => (a?.engine.asked === 1 ? 'asked' : undefined) });
    expect(bad.run().failure).toMatchObject({ code: 'invariant', detail: 'asked', node: 0 });
  });

  test('takes plans with faults, and can be looked at on its way', () => {
    const pair = new Pair(asker, answerer, {
      ...options,
      link: { latencyMs: 10 },
      deadlines: EXACT_DEADLINES,
      plan: { seed: 5, fates: [-1, -1, 0, -1] },
    });
    expect(pair.simulation.advance(100)).toBeUndefined();
    expect(pair.a.engine.asked).toBe(1);
    assertOk(pair.run());
    expect(pair.a.engine.asked).toBe(4);
    expect(pair.a.engine.answer).toBe('noon');
  });

  test('ends when both are quiet, though one wakes for ever', () => {
    const restless = (env: NodeEnv) =>
      Object.assign(new Probe(env), { nextDeadline: () => env.now - (env.now % 10) + 10 });
    expect(new Pair(restless, answerer, { quietMs: 1_000 }).run()).toMatchObject({ ended: 'quiet', elapsedMs: 1_000 });
  });

  test('has hosts of its own types', () => {
    const pair = new Pair(
      (env) => new Sender(env),
      (env) => new Probe(env),
      { begin: (a) => a.post(3) },
    );
    pair.run();
    expect(pair.b.seen.length).toBe(3);
  });
});

describe('adapt', () => {
  test('turns addresses into those of the engine', () => {
    const froms: string[] = [];
    const text = {
      receive: (_bytes: Uint8Array, from: string) => {
        froms.push(from);
        return [];
      },
      tick: () => [],
      nextDeadline: () => undefined,
    };
    const pair = new Pair(
      asker,
      () =>
        adapt(
          text,
          () => {},
          (address) => `<${formatAddress(address)}>`,
        ),
      { ...options, untilMs: 50, link: {} },
    );
    pair.run();
    expect(froms[0]).toBe('<11.0.0.1:4000>');
  });
});

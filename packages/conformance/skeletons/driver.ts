/** A conformance driver to start from: hello and two operations, Node only. Copy it and add operations. */
import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';

class Reject extends Error {} // the input is invalid by the rules; the message is a code of spec/errors.md

function timeMedian({ times }: { times: number[] }): object {
  return { time: times.sort((a, b) => a - b)[Math.floor(times.length / 2)] };
}

function dhtTarget({ n, r, t }: { n: string; r: string; t: string }): object {
  const fields = Object.entries({ n: Buffer.from(n, 'hex'), r: Buffer.from(r), t: Buffer.from(t) });
  const parts = fields.map(([key, value]) => Buffer.concat([Buffer.from(`1:${key}${value.length}:`), value]));
  const whole = Buffer.concat([Buffer.from('d'), ...parts, Buffer.from('e')]);
  return { target: createHash('sha1').update(whole).digest('hex') };
}

const ops = { 'time.median': timeMedian, 'dht.target': dhtTarget } as Record<string, (given: never) => object>;
const about = { name: 'my implementation', version: '0.1', language: 'TypeScript', homepage: '' };

function answer({ cmd, op = '', in: given }: { cmd?: string; op?: string; in?: unknown }): object {
  if (cmd === 'hello') return { hello: { ...about, ops: Object.keys(ops), engines: [], profiles: [] } };
  if (cmd !== 'run' && cmd !== 'open') throw new Error('unknown command');
  return Object.hasOwn(ops, op) ? { ok: ops[op]?.(given as never) } : { skip: { reason: 'not yet' } };
}

for await (const line of createInterface({ input: process.stdin })) {
  let seq = null;
  try {
    const request = JSON.parse(line);
    seq = request.seq ?? null;
    if (request.cmd === 'bye') break;
    console.log(JSON.stringify({ seq, ...answer(request) }));
  } catch (error) {
    const { message } = error as Error;
    const failure = error instanceof Reject ? { reject: { code: message } } : { error: { message } };
    console.log(JSON.stringify({ seq, ...failure }));
  }
}
process.stdin.destroy();

import { readFileSync } from 'node:fs';
import { request as rawRequest } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, type Running, startNode } from './running.ts';

interface Exchange {
  readonly req: string;
  readonly body?: string;
  readonly status: number;
  readonly response?: string;
  readonly note?: string;
  readonly first_entry?: object;
}

const file = new URL('../../../spec/vectors/captured/peerster/http.json', import.meta.url);
const exchanges = (JSON.parse(readFileSync(file, 'utf8')) as { exchanges: Exchange[] }).exchanges;
const NAME = /^[a-z2-7]{16}$/;

let a: Running;
let b: Running;

beforeAll(async () => {
  [a, b] = await Promise.all([startNode(), startNode()]);
  expect((await a.request('POST /node', JSON.stringify(b.host.address))).status).toBe(200);
  await eventually(async () => JSON.parse((await a.request('GET /routes')).text).length === 2);
  await eventually(() => b.host.store.messages.origins().length === 2);
});
afterAll(() => Promise.all([a.close(), b.close()]));

/** A captured request in the terms of the two nodes of this test. */
function translated({ req, body, note }: Exchange): readonly [string, string | undefined] {
  const other = b.host.node.names()[0]!;
  const line = req.replace('uegw6fbwymwlmyia', other);
  if (note === 'own address') return [line, JSON.stringify(a.host.address)];
  const length = /^content of (\d+) bytes/.exec(body ?? '')?.[1];
  if (length !== undefined) return [line, JSON.stringify({ Destination: other, Content: 'x'.repeat(Number(length)) })];
  return [line, line.startsWith('GET') ? undefined : body?.replace('uegw6fbwymwlmyia', other)];
}

test.each(exchanges)('$req $body $note answers $status as the original did', async (exchange) => {
  const [line, body] = translated(exchange);
  const answer = await a.request(line, body);
  expect(answer.status).toBe(exchange.status);
  if (exchange.response === '') expect(answer.text).toBe('');
  if (answer.text !== '') {
    expect(answer.type).toBe('application/json; charset=utf-8');
    JSON.parse(answer.text);
  }
});

test('the shapes of the answers are those of the original', async () => {
  const json = async (line: string) => JSON.parse((await a.request(line)).text);
  const [own, other] = [a.host.node.names()[0]!, b.host.node.names()[0]!];
  expect(await json('GET /id')).toBe(own);
  expect(await json('GET /node')).toEqual([{ Address: b.host.address, Type: 0 }]);
  expect(await json('GET /routes')).toEqual([own, other].sort());
  await a.request('POST /message', '"Hello!"');
  await a.request('POST /privateMessage', JSON.stringify({ Destination: other, Content: 'secret for C' }));
  const shape = exchanges.find(({ req }) => req === 'GET /message')!.first_entry!;
  const [room, secret] = [await json('GET /message'), await json(`GET /privateMessage?name=${other}`)];
  for (const entry of [...room, ...secret]) {
    expect(Object.keys(entry)).toEqual(Object.keys(shape));
    expect(entry.FirstSeen).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(entry.FromNode).toMatch(NAME);
    expect(entry.Hash).toMatch(/^[0-9a-f]{64}$/);
  }
  const port = a.host.address.split(':')[1];
  expect(
    room.find((entry: { FromNode: string; SeqID: number }) => entry.FromNode === own && entry.SeqID === 0),
  ).toMatchObject({
    Content: 'joined the network for the first time and announced its public key.',
    FromAddress: `localhost:${port}`,
  });
  expect(secret.map((entry: { Content: string }) => entry.Content)).toContain('secret for C');
  expect(room.map((entry: { Content: string }) => entry.Content)).toContain('Hello!');
  const unread = JSON.parse((await b.request('GET /privateMessage?name=aaaaaaaaaaaaaaaa')).text);
  expect(unread).toEqual([]);
  await eventually(async () => {
    const read = JSON.parse((await b.request(`GET /privateMessage?name=${own}`)).text);
    return read.some((entry: { Content: string }) => entry.Content === 'secret for C');
  });
});

test('posting a node adds it, posting it again removes it; garbage is refused', async () => {
  const peers = async () =>
    JSON.parse((await a.request('GET /node')).text).map((peer: { Address: string }) => peer.Address);
  const address = '127.0.0.1:9';
  expect((await a.request('POST /node', JSON.stringify(address))).status).toBe(200);
  expect(await peers()).toContain(address);
  expect((await a.request('POST /node', JSON.stringify(address))).status).toBe(200);
  expect(await peers()).not.toContain(address);
  for (const garbage of ['"127.0.0.1"', '"127.0.0.1:0"', '"127.0.0.1:70000"', '":5"', '5', 'null', '{', '']) {
    expect((await a.request('POST /node', garbage)).status).toBe(400);
  }
});

test('bodies of another shape or beyond all measure are refused', async () => {
  for (const body of ['null', '5', '[]', '{}', '{"Destination":1,"Content":"x"}', '{"Destination":"x"}']) {
    expect((await a.request('POST /privateMessage', body)).status).toBe(400);
    if (body !== '"x"') expect((await a.request('POST /message', body)).status).toBe(400);
  }
  expect((await a.request('POST /message', JSON.stringify('x'.repeat(100_000)))).status).toBe(400);
  expect((await a.request('POST /message', JSON.stringify('x'.repeat(1_025)))).status).toBe(500);
  expect((await a.request('GET /../package.json')).status).toBe(404);
  expect((await a.request('GET /%2e%2e/package.json')).status).toBe(404);
  expect((await a.request('POST /')).status).toBe(405);
});

test('without the token nothing is told or done, and another site gets nowhere', async () => {
  const node = await startNode({ keys: [] }, 'secret');
  const authorised = { Authorization: 'Bearer secret' };
  for (const line of [
    'GET /id',
    'GET /node',
    'GET /routes',
    'GET /message',
    'GET /privateMessage',
    'GET /state',
    'POST /message',
    'POST /node',
  ]) {
    expect((await node.request(line, line.startsWith('POST') ? '"x"' : undefined)).status).toBe(401);
    const wrong = await node.request(line, line.startsWith('POST') ? '"x"' : undefined, {
      Authorization: 'Bearer secreT',
    });
    expect(wrong.status).toBe(401);
  }
  expect((await node.request('GET /id', undefined, authorised)).text).toBe('""');
  const foreign = await node.request('GET /id', undefined, { ...authorised, Origin: 'http://example.org' });
  expect(foreign.status).toBe(403);
  const rebound = await new Promise<number>((resolve) => {
    rawRequest(`${node.url}/id`, { headers: { ...authorised, Host: 'example.org' } }, ({ statusCode }) =>
      resolve(statusCode ?? 0),
    ).end();
  });
  expect(rebound).toBe(403);
  expect((await node.request('GET /')).status).toBe(200);
  expect((await node.request('POST /message', '"x"', authorised)).status).toBe(500);
  await node.close();
});

test('the page is served with a policy that runs nothing but itself', async () => {
  for (const [path, type] of [
    ['/', 'text/html; charset=utf-8'],
    ['/app.js', 'text/javascript; charset=utf-8'],
    ['/style.css', 'text/css; charset=utf-8'],
  ]) {
    const response = await fetch(`${a.url}${path}`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(type);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    const text = await response.text();
    expect(text).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\son\w+=/);
  }
});

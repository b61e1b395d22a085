import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { freshFolder, TestNode } from './node-harness.ts';

interface Logged {
  readonly method: string;
  readonly params: readonly unknown[];
  readonly result: unknown;
  readonly error: { readonly code: number; readonly message: string } | null;
}

const log = readFileSync(
  fileURLToPath(new URL('../../../spec/vectors/captured/twister/rpc-log.jsonl', import.meta.url)),
  'utf8',
)
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Logged);

let node: TestNode;
beforeAll(async () => {
  node = await TestNode.start();
  await node.register('alice');
  await node.register('bob');
  await node.call('follow', 'alice', ['alice', 'bob']);
});

describe('HTTP', () => {
  const request = (body: unknown) => node.post(JSON.stringify(body));

  test('a result has status 200, error null and the id, in this order', async () => {
    const response = await node.post('{"method":"getbestblockhash","params":[],"id":"x"}');
    expect(response.status).toBe(200);
    expect(await response.text()).toMatch(/^\{"result":"[0-9a-f]{64}","error":null,"id":"x"\}\n$/);
  });

  test.each([
    ['an unknown method', { method: 'nothing', id: 1 }, 404, -32601],
    ['no method', { id: 1 }, 400, -32600],
    ['a method that is no text', { method: 7, id: 1 }, 400, -32600],
    ['parameters that are no list', { method: 'help', params: {}, id: 1 }, 400, -32600],
    ['a wrong number of parameters', { method: 'getblockhash', params: [], id: 1 }, 500, -1],
    ['a parameter of another type', { method: 'getblockhash', params: ['1'], id: 1 }, 500, -1],
    ['a number', 5, 500, -32700],
  ])('%s', async (_, body, status, code) => {
    const response = await request(body);
    expect(response.status).toBe(status);
    const { error, result } = (await response.json()) as Logged;
    expect({ code: error?.code, result }).toEqual({ code, result: null });
  });

  test('what is no JSON is answered as twisterd does', async () => {
    const response = await node.post('{');
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({ result: null, error: { code: -32700, message: 'Parse error' }, id: null });
  });

  test('a batch is answered in one, with status 200 whatever is in it', async () => {
    const response = await request([
      { method: 'getblockhash', params: [0], id: 1 },
      { method: 'nothing', id: 2 },
      5,
      {},
    ]);
    expect(response.status).toBe(200);
    const answers = (await response.json()) as { id: unknown; error: { code: number } | null }[];
    expect(answers.map(({ error, id }) => [id, error?.code ?? null])).toEqual([
      [1, null],
      [2, -32601],
      [null, -32600],
      [null, -32600],
    ]);
    expect(await (await request([])).text()).toBe('[]\n');
  });

  test('nobody without the password gets anything', async () => {
    for (const authorization of ['', 'Basic', `Basic ${Buffer.from('__cookie__:0').toString('base64')}`, 'Bearer x']) {
      const response = await node.post('{"method":"getinfo","id":1}', { authorization });
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toContain('Basic');
    }
  });

  test('a page of another site that knows the password is refused', async () => {
    for (const origin of ['http://evil.example', 'null'])
      expect((await node.post('{"method":"help","id":1}', { origin })).status).toBe(403);
    const origin = `http://127.0.0.1:${node.ready!.rpc}`;
    expect((await node.post('{"method":"help","id":1}', { origin })).status).toBe(200);
  });

  test('text goes out as it came in, escaped or not, and bytes that are no UTF-8 raw', async () => {
    const body = '{"method":"dhtput","params":["alice","raw","s","\\u00e4 ä \\ud83d\\ude00","alice",1],"id":1}';
    expect((await node.post(body)).status).toBe(200);
    const [{ p }] = await node.call('dhtget', 'alice', 'raw', 's');
    expect(p.v).toBe('ä ä 😀');
    const raw = Buffer.concat([
      Buffer.from('{"method":"dhtput","params":["alice","raw","s","'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('","alice",2],"id":1}'),
    ]);
    expect((await node.post(raw)).status).toBe(200);
    const answer = await node.post('{"method":"dhtget","params":["alice","raw","s"],"id":1}');
    expect(Buffer.from(await answer.arrayBuffer()).includes(Buffer.from([0x22, 0xff, 0xfe, 0x22]))).toBe(true);
  });

  test('integers beyond 32 bits keep their value', async () => {
    const body = '{"method":"dhtput","params":["alice","big","s",{"n":9007199254740993},"alice",1],"id":1}';
    expect((await node.post(body)).status).toBe(200);
    const answer = await node.post('{"method":"dhtget","params":["alice","big","s"],"id":1}');
    expect(await answer.text()).toContain('"n":9007199254740993');
  });
});

describe('errors are those that a daemon gave', () => {
  /** Calls whose error hangs on nothing that this node lacks. */
  const comparable = log.filter(
    ({ error, method, params }) =>
      error !== null &&
      ['dhtput', 'newpostmsg', 'dumpprivkey', 'createwalletuser'].includes(method) &&
      !['no key'].includes(String(params[2])) &&
      !(method === 'dumpprivkey' && params[0] === 'alice') &&
      !(method === 'dumpprivkey' && params[0] === 'bob'),
  );

  test.each(comparable.map(({ error, method, params }) => [method, params, error] as const))(
    '%s %j',
    async (method, params, error) => {
      const { error: ours, status } = await node.answer(method, ...params);
      // The capture's node knew bob from the chain alone; this one has his key as well.
      const isOwn = method === 'createwalletuser';
      const message = isOwn ? 'Error: this username exists in wallet' : error!.message;
      expect({ ours, status }).toEqual({ ours: { code: error!.code, message }, status: 500 });
    },
  );

  test.each([
    ['newpostmsg', ['carol', 0, 'x'], -32603, 'error signing post with private key of user'],
    ['newpostmsg', ['alice', 0, 'x', 'bob'], -1, undefined],
    ['newpostmsg', ['alice', -1, 'x'], -32602, "too much posts from user 'alice' rejecting post"],
    ['newpostmsg', ['alice', '0', 'x'], -1, 'value is type str, expected int'],
    ['newpostmsg', ['alice', 0.5, 'x'], -1, 'value is type real, expected int'],
    ['newpostmsg', ['alice', 0, 'x'.repeat(3000)], -32602, 'bad bencoded post size'],
    ['newrtmsg', ['alice', 0, {}], -32602, 'missing post or signature.'],
    ['newrtmsg', ['alice', 0, 'x'], -1, 'value is type str, expected obj'],
    ['newdirectmsg', ['alice', 0, 'nobody_at_all', 'x'], -32603, 'error encrypting to pubkey of destination user'],
    ['sendnewusertransaction', ['carol'], -11, 'Error: username must exist in wallet'],
    ['sendnewusertransaction', [5], -8, 'username must be string'],
    ['sendnewusertransaction', ['alice'], -11, 'Error: this username exists in tx database'],
    ['createwalletuser', ['carol', true], -11, 'Error: replacekey given but old key not in wallet'],
    ['createwalletuser', ['carol', 'yes'], -1, 'value is type str, expected bool'],
    ['importprivkey', ['nonsense', 'alice'], -5, 'Invalid private key'],
    ['dumpprivkey', ['carol'], -5, 'Username not found'],
    ['getblockhash', [1_000_000], -1, 'Block number out of range.'],
    ['getblockhash', [-1], -1, 'Block number out of range.'],
    ['getblock', ['00'], -5, 'Block not found'],
    ['getblock', ['0'.repeat(64)], -5, 'Block not found'],
    ['getrawtransaction', ['carol'], -5, 'No information available about transaction'],
    ['addnode', ['127.0.0.1:1', 'remove'], -24, 'Error: Node has not been added.'],
    ['addnode', ['127.0.0.1:1', 'often'], -1, undefined],
    ['setspammsg', ['alice', ''], -32603, 'empty spam message'],
    ['setspammsg', ['alice', 'x'.repeat(141)], -32603, 'spam message too big'],
    ['setspammsg', ['alice', 'x', 'shout'], -8, 'unknown operation'],
    ['newpostraw', ['alice', 0, 'xyz'], -32602, 'bad bencoded post size'],
    ['dhtputraw', ['00'], -32602, 'hexdata failed to bdecode'],
    ['dhtputraw', ['6c65'], -32602, 'root not dict type'],
    ['dhtput', ['alice', 'x', 's', 'v', 'carol', 1], -11, 'Error: no sig_user in wallet'],
    ['dhtget', ['alice', 'x', 's', 1, 1, 'x'], -1, 'value is type str, expected int'],
    ['follow', ['alice', 'bob'], -1, 'value is type str, expected array'],
    ['getposts', [1, [{ username: 5 }]], -1, 'value is type int, expected str'],
  ])('%s %j', async (method, params, code, message) => {
    const { error, result, status } = await node.answer(method, ...params);
    expect({ code: error?.code, result, status }).toEqual({ code, result: null, status: 500 });
    if (message !== undefined) expect(error?.message).toBe(message);
  });

  test('twelve methods that a public server must not answer, and those that it does', async () => {
    const server = await TestNode.start(freshFolder(), ['--public-server']);
    for (const method of ['getblockcount', 'newpostmsg', 'dumpprivkey', 'stop', 'dhtput', 'follow'])
      expect((await server.answer(method)).error?.code).toBe(-23);
    expect(await server.call('listwalletusers')).toEqual([]);
    expect(await server.call('getinfo')).toMatchObject({ public_server_mode: true });
    expect(await server.call('dhtget', 'x', 'hashtag', 'm')).toEqual([]);
  });
});

describe('shapes are those that a daemon gave', () => {
  /** The structure of a value: names, types, order of nothing. */
  function shapeOf(value: unknown): unknown {
    if (Array.isArray(value)) return value.length === 0 ? [] : [shapeOf(value[0])];
    if (value === null || typeof value !== 'object') return value === null ? null : typeof value;
    return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, shapeOf(field)]));
  }
  const logged = (method: string, fits: (call: Logged) => boolean = () => true) =>
    log.find((call) => call.method === method && call.error === null && fits(call))!;

  test('posts, replies, retweets, favourites and what comes back of them', async () => {
    const first = await node.call('newpostmsg', 'alice', 0, 'hello twister #test from @alice');
    expect(shapeOf(first)).toEqual(shapeOf(logged('newpostmsg').result));
    const reply = await node.call('newpostmsg', 'bob', 0, '@alice a reply', 'alice', 0);
    const loggedReply = logged('newpostmsg', ({ params }) => params.length === 5 && params[1] === 1);
    // The first post of a user has no lastk.
    expect(shapeOf({ ...reply, userpost: { ...reply.userpost, lastk: 0 } })).toEqual(shapeOf(loggedReply.result));

    const retweet = await node.call('newrtmsg', 'bob', 1, first);
    expect(shapeOf(retweet)).toEqual(shapeOf(logged('newrtmsg').result));
    expect(retweet.userpost).toMatchObject({ rt: first.userpost, sig_rt: first.sig_userpost, lastk: 0 });
    const commented = await node.call('newrtmsg', 'bob', 2, first, 'well said');
    expect(shapeOf(commented)).toEqual(shapeOf(logged('newrtmsg', ({ params }) => params.length === 4).result));

    const favourite = await node.call('newfavmsg', 'bob', 3, first, false, 'nice');
    expect(shapeOf(favourite)).toEqual(shapeOf(logged('newfavmsg', ({ params }) => params[3] === false).result));
    const secret = await node.call('newfavmsg', 'bob', 4, first, true, 'nice');
    expect(shapeOf(secret)).toEqual(shapeOf(logged('newfavmsg', ({ params }) => params[3] === true).result));
    expect(JSON.stringify(secret)).not.toContain('nice');

    const long = 'ä'.repeat(141);
    const split = await node.call('newpostmsg', 'alice', 1, long);
    expect(split.userpost).toMatchObject({ msg: 'ä'.repeat(140), msg2: 'ä', lastk: 0 });

    expect(await node.call('getlasthave', 'alice')).toEqual({ alice: 1, bob: 4 });
    expect(await node.call('getlasthave', 'alice', ['bob', 'nobody_'])).toEqual({ bob: 4, nobody_: -1 });
    expect(await node.call('getnumpieces', 'alice')).toEqual({ alice: 2, bob: 5 });
    const posts = await node.call('getposts', 10, [{ username: 'alice' }, { username: 'bob' }]);
    const own = posts.filter(({ userpost }: { userpost: { n: string } }) => userpost.n !== 'nobody');
    expect(own).toHaveLength(5);
    expect(own).toEqual(expect.arrayContaining([first, reply, retweet, commented, split]));
    expect(await node.call('getposts', 10, [{ username: 'bob', since_id: 0, max_id: 2 }])).toHaveLength(2);
    expect(await node.call('getposts', 1, [{ username: 'bob' }])).toHaveLength(1);
    expect(await node.call('getposts', 10, [{ username: 'bob' }], 4)).toEqual(expect.arrayContaining([favourite]));
    expect(await node.call('getposts', 10, [{ username: 'bob' }], 15, 12)).toEqual([secret]);

    const mentions = await node.call('getmentions', 'alice', 10);
    expect(mentions).toEqual([
      { id: 0, ...first },
      { id: 1, ...reply },
    ]);
    expect(await node.call('getmentions', 'alice', 10, { since_id: 0 })).toEqual([mentions[1]]);
  });

  test('a number that was used is refused, and the first post stays', async () => {
    const { error } = await node.answer('newpostmsg', 'alice', 0, 'reuse k=0?');
    expect(error?.code).toBe(-32602);
    const posts = await node.call('getposts', 10, [{ username: 'alice', max_id: 0 }]);
    expect(JSON.stringify(posts)).not.toContain('reuse');
  });

  test('two posts with one number at the same time: one of them is accepted', async () => {
    const both = await Promise.all(['a', 'b'].map((text) => node.answer('newpostmsg', 'alice', 2, text)));
    expect(both.map(({ error }) => error?.code ?? 0).sort()).toEqual([-32602, 0]);
  });

  test('values of the DHT', async () => {
    const profile = { fullname: 'Alice Ä', location: 'Wonderland' };
    expect(await node.call('dhtput', 'alice', 'profile', 's', profile, 'alice', 1)).toBeNull();
    const found = await node.call('dhtget', 'alice', 'profile', 's');
    const example = logged('dhtget', ({ params }) => params[1] === 'profile' && params[0] === 'alice')
      .result as object[];
    expect(Object.keys(found[0]).sort()).toEqual(Object.keys(example[0]!).sort());
    expect(found[0].p).toMatchObject({ v: profile, seq: 1, target: { n: 'alice', r: 'profile', t: 's' } });
    const hashtag = await node.call('dhtget', 'test', 'hashtag', 'm');
    const loggedTag = logged('dhtget', ({ params }) => params[1] === 'hashtag').result as object[];
    expect(shapeOf([hashtag[0].p.target, hashtag[0].sig_p])).toEqual(
      shapeOf([(loggedTag[0] as { p: { target: unknown } }).p.target, 'x']),
    );
    expect(await node.call('dhtget', 'nobody_', 'profile', 's')).toEqual([]);
    expect(await node.call('dhtget', 'test', 'status', 's')).toEqual([]);
  });

  test('direct messages', async () => {
    await node.call('follow', 'bob', ['alice']);
    const sent = await node.call('newdirectmsg', 'alice', 3, 'bob', 'secret hello bob äöü');
    expect(shapeOf(sent)).toEqual(shapeOf(logged('newdirectmsg').result));
    const copied = await node.call('newdirectmsg', 'alice', 4, 'bob', 'with a copy', true);
    expect(copied.userpost.k).toBe(5);
    const range = [{ username: 'bob' }];
    const bobs = async () => (await node.call('getdirectmsgs', 'bob', 10, [{ username: 'alice' }])).alice ?? [];
    while ((await bobs()).length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    const example = logged('getdirectmsgs').result as Record<string, object[]>;
    expect(shapeOf((await bobs())[0])).toEqual(shapeOf(Object.values(example)[0]![0]));
    const texts = (await bobs()).map(({ text }: { text: string }) => text).sort();
    expect(texts).toEqual(['secret hello bob äöü', 'with a copy']);
    const alices = (await node.call('getdirectmsgs', 'alice', 10, range)).bob;
    expect(alices.map(({ from, fromMe }: { from: string; fromMe: boolean }) => [from, fromMe])).toEqual([
      ['alice', true],
      ['alice', true],
    ]);
    expect(await node.call('getdirectmsgs', 'alice', 1, range)).toEqual({ bob: [alices[1]] });
    expect(await node.call('getdirectmsgs', 'carol', 1, range)).toEqual({});
  });

  test('names, blocks, help', async () => {
    expect(await node.call('listusernamespartial', 'al', 10)).toEqual(['alice']);
    expect(await node.call('listusernamespartial', 'al', 10, true)).toEqual([]);
    expect(await node.call('listusernamespartial', '', 1)).toEqual(['alice']);
    expect(await node.call('listusernamespartial', '', -1)).toEqual(['alice', 'bob']);
    expect((await node.call('listwalletusers')).sort()).toEqual(['alice', 'bob']);
    expect(await node.call('getfollowing', 'alice')).toEqual(['alice', 'bob']);
    expect(await node.call('unfollow', 'alice', ['bob', 'nobody_'])).toBeNull();
    expect(await node.call('getfollowing', 'alice')).toEqual(['alice']);
    expect(await node.call('help')).toContain('newpostmsg <username> <k> <msg> [reply_n] [reply_k]');
    expect(await node.call('help', 'stop')).toMatch(/^stop\n/);
    const transaction = await node.call('getrawtransaction', 'alice', 1);
    expect(transaction).toMatchObject({ username: 'alice', pubKey: [await node.call('dumppubkey', 'alice')] });
    expect(await node.call('getrawtransaction', 'alice')).toBe(transaction.hex);
    const block = await node.call('getblock', transaction.blockhash);
    expect(block).toMatchObject({ usernames: ['alice'], userhashes: [transaction.txid], height: transaction.height });
  });

  test('a key goes from one node to another', async () => {
    const other = await TestNode.start(freshFolder(), node.joining);
    const wif = await node.call('dumpprivkey', 'alice');
    expect((await other.answer('importprivkey', wif, 'someone')).error?.code).toBe(-5);
    while ((await other.call('dumppubkey', 'alice')) === '') await new Promise((resolve) => setTimeout(resolve, 20));
    expect((await other.answer('importprivkey', await node.call('dumpprivkey', 'bob'), 'alice')).error).toEqual({
      code: -5,
      message: 'Private key mismatch to existing public key (wrong username?)',
    });
    expect(await other.call('importprivkey', wif, 'alice')).toBeNull();
    expect(await other.call('listwalletusers')).toEqual(['alice']);
    expect(await other.call('dumpprivkey', 'alice')).toBe(wif);
  });
});

import type { Actor } from '../stage/actor.ts';
import { daemonRole, freeDaemonPort, NOWHERE } from '../stage/daemon-role.ts';
import { messagesOf, postsOf, type ShownPost, type ShownValue } from '../stage/shown.ts';
import { check, type Stage } from '../stage/stage.ts';

/** A deployed daemon, where Alice lives, and a node of ours, where Bob does. */
export interface Cast {
  readonly daemon: Actor;
  readonly node: Actor;
}

/** At the difficulty of the main network a block takes seconds, a registration up to some minutes. */
const WORK_MS = 600_000;
/** The daemon looks for peers of a swarm, and for values of its own, in rounds of a minute. */
const ROUND_MS = 180_000;
const SECRETS = ['the daemon has the better view', 'ours has the better nest — 🐦'] as const;

/** A daemon keeps one contact of the DHT an address, and one of each /24 in a bucket. Daemons themselves are at 127.0.0.1. */
const ADDRESSES = { node: '127.0.1.1', guest: '127.0.2.1', friend: '127.0.3.1' } as const;
/** How many each has written in the end. */
const POSTS = { alice: 19, bob: 22 } as const;

export async function startBoth(stage: Stage, twisterd: string, options: readonly string[]): Promise<Cast> {
  const port = await freeDaemonPort();
  const daemon = stage.actor('the daemon', (dataDir) => daemonRole(twisterd, dataDir, port, options));
  const node = stage.node('the node', 'main', ADDRESSES.node);
  stage.chapter('A deployed daemon and a node of ours make a network on 127.0.0.1');
  await stage.step('the daemon listens', () => daemon.start());
  await stage.step('the node listens, and has connected to the daemon', async () => {
    await node.start(...joining(daemon));
    await connected(stage, { daemon, node });
  });
  return { daemon, node };
}

export async function mineInTurns(stage: Stage, cast: Cast): Promise<void> {
  stage.chapter('Each accepts the blocks of the other');
  await stage.step('the daemon produces three blocks, and the node takes them', () =>
    mine(stage, cast.daemon, 3, cast),
  );
  await stage.step('the node produces three, and the daemon takes them', () => mine(stage, cast.node, 3, cast));
}

export async function registerUsers(stage: Stage, cast: Cast): Promise<void> {
  stage.chapter('Alice registers at the daemon and Bob at the node');
  for (const [name, home] of [
    ['alice', cast.daemon],
    ['bob', cast.node],
  ] as const)
    await stage.step(`${name} has a key, and the work of the registration is done`, async () => {
      await home.call('createwalletuser', name);
      await home.call('sendnewusertransaction', name);
    });
  await stage.step('each has the registration that the other has sent', () =>
    stage.until('both registrations wait at both', async () => {
      const pools = await both(cast, (actor) => actor.call('getrawmempool'));
      return pools.every((pool) => (pool as unknown[]).length === 2);
    }),
  );
  await stage.step('the node mines them', () => mine(stage, cast.node, 1, cast));
  await stage.step('both names are known at both, with the same keys and numbers', async () => {
    for (const name of ['alice', 'bob']) {
      for (const method of ['dumppubkey', 'usernametouid']) {
        const [theirs, ours] = await both(cast, (actor) => actor.call(method, name));
        check(theirs === ours && theirs !== '', `${method} of ${name} is the same`);
      }
    }
  });
  await stage.step('the next blocks of each promote something that its user has signed', async () => {
    for (const [name, home] of [
      ['alice', cast.daemon],
      ['bob', cast.node],
    ] as const) {
      await home.call('setspammsg', name, `${name} says hello — 🐦`);
      await mine(stage, home, 1, cast);
      const block = await cast.node.call('getblock', await cast.daemon.call('getbestblockhash'));
      const { spamMessage, spamUser } = block as { readonly spamMessage: string; readonly spamUser: string };
      check(spamUser === name && spamMessage === `${name} says hello — 🐦`, `the block promotes what ${name} says`);
      // A daemon signs with a new key as soon as it has one, and ends when its own block is refused for that.
      await home.call('setspammsg', 'nobody', 'nothing to say');
    }
  });
}

export async function exchangePosts(stage: Stage, { daemon, node }: Cast): Promise<void> {
  stage.chapter('Posts go both ways');
  await stage.step('each follows the other', async () => {
    await daemon.call('follow', 'alice', ['alice', 'bob']);
    await node.call('follow', 'bob', ['alice', 'bob']);
  });
  const text = 'Grüße from the daemon, @bob 🐦 #rookery';
  const first = (await stage.step('Alice posts', () => daemon.call('newpostmsg', 'alice', 0, text))) as ShownPost;
  await stage.step('the node has her post, as the daemon shows it', async () => {
    const post = await arrives(stage, node, 'alice', 0);
    check(JSON.stringify(sorted(post)) === JSON.stringify(sorted(first)), 'the post is shown alike');
  });
  await stage.step('Bob replies, retweets with a comment, and likes', async () => {
    await node.call('newpostmsg', 'bob', 0, '@alice good morning #rookery', 'alice', 0);
    await node.call('newrtmsg', 'bob', 1, first, 'as she says');
    await node.call('newfavmsg', 'bob', 2, first);
  });
  await stage.step('the daemon has all three', async () => {
    for (const k of [0, 1, 2]) await arrives(stage, daemon, 'bob', k);
  });
  await stage.step('each knows who was mentioned', async () => {
    const [toAlice] = (await daemon.call('getmentions', 'alice', 10)) as ShownPost[];
    check(toAlice?.userpost.n === 'bob', 'Alice was mentioned by Bob');
    const [toBob] = (await node.call('getmentions', 'bob', 10)) as ShownPost[];
    check(toBob?.userpost.n === 'alice', 'Bob was mentioned by Alice');
  });
  await stage.step('thirty more posts of each are at the other', async () => {
    for (let at = 0; at < 15; at += 1) {
      await daemon.call('newpostmsg', 'alice', 1 + at, `${at} bottles of ink`);
      await node.call('newpostmsg', 'bob', 3 + at, `${at} feathers`);
    }
    for (let at = 0; at < 15; at += 1) {
      await arrives(stage, node, 'alice', 1 + at);
      await arrives(stage, daemon, 'bob', 3 + at);
    }
  });
}

export async function exchangeMessages(stage: Stage, { daemon, node }: Cast): Promise<void> {
  stage.chapter('Direct messages go both ways');
  await stage.step('Alice writes to Bob, and he reads it', async () => {
    await daemon.call('newdirectmsg', 'alice', 16, 'bob', SECRETS[0]);
    await reads(stage, node, 'bob', 'alice', SECRETS[0]);
  });
  await stage.step('Bob writes to Alice with a copy for himself, and she reads it', async () => {
    await node.call('newdirectmsg', 'bob', 18, 'alice', SECRETS[1], true);
    await reads(stage, daemon, 'alice', 'bob', SECRETS[1]);
    await stage.until('the copy', async () =>
      (await messagesOf(node, 'bob', 'alice')).some(({ fromMe, text }) => fromMe && text === SECRETS[1]),
    );
  });
}

export async function exchangeValues(stage: Stage, { daemon, node }: Cast): Promise<void> {
  stage.chapter('Values of the DHT go both ways');
  const profile = { bio: 'lives in a daemon', fullname: 'Alice', location: 'Zürich' };
  await stage.step('Alice’s profile is found by the node', async () => {
    await daemon.call('dhtput', 'alice', 'profile', 's', profile, 'alice', 1);
    const value = await found(stage, node, 'alice', 'profile', 's', 'alice', 1);
    check(JSON.stringify(value.p.v) === JSON.stringify(profile), 'it is what she put');
  });
  await stage.step('a newer one takes its place', async () => {
    await daemon.call('dhtput', 'alice', 'profile', 's', { ...profile, bio: 'moved' }, 'alice', 2);
    await found(stage, node, 'alice', 'profile', 's', 'alice', 2);
  });
  await stage.step('Bob’s profile is found by the daemon', async () => {
    await node.call('dhtput', 'bob', 'profile', 's', { fullname: 'Bob' }, 'bob', 1);
    const value = await found(stage, daemon, 'bob', 'profile', 's', 'bob', 1);
    check(JSON.stringify(value.p.v) === '{"fullname":"Bob"}', 'it is what he put');
  });
  await stage.step(
    'each finds what the other posted: by number, as the last one, as a reply, under a hashtag',
    async () => {
      await found(stage, node, 'alice', 'post0', 's', 'alice');
      await found(stage, node, 'alice', 'status', 's', 'alice');
      await found(stage, node, 'rookery', 'hashtag', 'm', 'alice');
      await found(stage, daemon, 'bob', 'post0', 's', 'bob');
      await found(stage, daemon, 'bob', 'status', 's', 'bob');
      await found(stage, daemon, 'alice', 'replies0', 'm', 'bob');
      await found(stage, daemon, 'rookery', 'hashtag', 'm', 'bob');
      await found(stage, daemon, 'alice', 'mention', 'm', 'bob');
    },
  );
  await stage.step('each finds the swarm of the other', async () => {
    for (const [actor, name] of [
      [node, 'alice'],
      [daemon, 'bob'],
    ] as const)
      await stage.until(
        `the tracker of ${name} at ${actor.name}`,
        async () => ((await actor.call('dhtget', name, 'tracker', 'm')) as unknown[]).length > 0,
        ROUND_MS,
      );
  });
}

export async function replaceKeys(stage: Stage, cast: Cast): Promise<void> {
  const { daemon, node } = cast;
  stage.chapter('Both take another key');
  const before = await Promise.all(['alice', 'bob'].map((name) => node.call('dumppubkey', name)));
  for (const [name, home] of [
    ['alice', daemon],
    ['bob', node],
  ] as const)
    await stage.step(`the old key of ${name} signs the new one, and the work is done`, async () => {
      await home.call('createwalletuser', name, true);
      await home.call('sendnewusertransaction', name);
    });
  await stage.step('the replacements are mined by the daemon', () =>
    stage
      .until(
        'both replacements in the pool of the daemon',
        async () => ((await daemon.call('getrawmempool')) as unknown[]).length === 2,
      )
      .then(() => mine(stage, daemon, 2, cast)),
  );
  await stage.step('both know both new keys', async () => {
    for (const name of ['alice', 'bob']) {
      const [theirs, ours] = await both(cast, (actor) => actor.call('dumppubkey', name));
      check(theirs === ours && !before.includes(ours), `the key of ${name} is the new one at both`);
    }
  });
  await stage.step('values are signed with the new keys, as nobody takes those of the old ones any more', async () => {
    await daemon.call('dhtput', 'alice', 'profile', 's', { fullname: 'Alice' }, 'alice', 3);
    await node.call('dhtput', 'bob', 'profile', 's', { fullname: 'Bob' }, 'bob', 2);
    await found(stage, node, 'alice', 'profile', 's', 'alice', 3);
    await found(stage, daemon, 'bob', 'profile', 's', 'bob', 2);
  });
  await stage.step('posts with the new keys are accepted, both ways', async () => {
    await daemon.call('newpostmsg', 'alice', 17, 'a new nib');
    await node.call('newpostmsg', 'bob', 20, 'new feathers');
    await arrives(stage, node, 'alice', 17);
    await arrives(stage, daemon, 'bob', 20);
  });
}

export async function surviveKill(stage: Stage, cast: Cast): Promise<void> {
  const { daemon, node } = cast;
  stage.chapter('The node is killed, misses something, and catches up');
  await stage.step('Bob posts, and SIGKILL comes with the answer', async () => {
    await node.call('newpostmsg', 'bob', 21, 'I have a feeling that something is about to hap');
    await node.kill();
  });
  await stage.step('Alice posts while he is away', () => daemon.call('newpostmsg', 'alice', 18, 'Bob?'));
  await stage.step('the node is back, and connected', async () => {
    await node.start(...joining(daemon));
    await connected(stage, cast);
  });
  await stage.step('its chain is that of the daemon', () => agree(stage, cast));
  await stage.step('what either of them missed has come', async () => {
    await arrives(stage, node, 'alice', 18);
    await arrives(stage, daemon, 'bob', 21);
    check((await messagesOf(node, 'bob', 'alice')).length === 2, 'the messages are there');
  });
}

export async function reorganise(stage: Stage, cast: Cast): Promise<void> {
  const { daemon, node } = cast;
  // Nobody mines alone, so either side of the divide needs company.
  const guest = stage.node('the guest of the daemon', 'main', ADDRESSES.guest);
  const friend = stage.node('the friend of the node', 'main', ADDRESSES.friend);
  stage.chapter('The network falls apart twice, and the longer chain wins on either side');
  await stage.step('two more nodes have the whole chain', async () => {
    for (const actor of [guest, friend]) {
      await actor.start(...joining(daemon));
      await agree(stage, { daemon, node: actor });
    }
  });
  const divide = async () => {
    await friend.stop();
    await friend.start('--no-checkpoints', '--connect', NOWHERE);
    await node.stop();
    await node.start('--no-checkpoints', '--connect', friend.contacts[0]);
  };
  await stage.step('the node and its friend are cut off from the daemon and its guest', divide);
  await stage.step('the daemon registers Carol and mines that, the node mines three blocks', async () => {
    await daemon.call('createwalletuser', 'carol');
    await daemon.call('sendnewusertransaction', 'carol');
    await mine(stage, daemon, 1, { daemon, node: guest });
    check((await guest.call('dumppubkey', 'carol')) !== '', 'Carol is registered on the shorter chain');
    await mine(stage, node, 3, { daemon: friend, node });
  });
  // A daemon that has chosen whom to ask for blocks learns of another's longer chain by its next block only.
  await stage.step('they meet again, and with its next block the daemon takes the chain of the node', async () => {
    const best = await node.call('getbestblockhash');
    await reunite(stage, cast);
    await mine(stage, node, 1, cast);
    check((await chainOf(daemon)).includes(best), 'the chain of the daemon is that of the node');
  });
  await stage.step('Carol waits to be registered again, at the daemon and at its guest', async () => {
    for (const actor of [daemon, guest]) {
      check((await actor.call('dumppubkey', 'carol')) === '', 'Carol is not registered any more');
      check(((await actor.call('getrawmempool')) as unknown[]).length === 1, 'her registration waits');
    }
  });
  await stage.step('she is registered by the next block', async () => {
    await mine(stage, daemon, 1, cast);
    check((await node.call('dumppubkey', 'carol')) !== '', 'Carol is registered on the one chain');
  });
  await stage.step('they are cut off again', divide);
  await stage.step('the node mines one block, the daemon three', async () => {
    await mine(stage, node, 1, { daemon: friend, node });
    await mine(stage, daemon, 3, { daemon, node: guest });
  });
  await stage.step('they meet again, and the node takes the chain of the daemon', async () => {
    const best = await daemon.call('getbestblockhash');
    await reunite(stage, cast);
    await agree(stage, cast);
    check((await chainOf(node)).includes(best), 'the chain of the node is that of the daemon');
  });
  await stage.step('both still have every name and post', async () => {
    for (const name of ['alice', 'bob', 'carol']) {
      const [theirs, ours] = await both(cast, (actor) => actor.call('dumppubkey', name));
      check(theirs === ours && theirs !== '', `${name} has the same key at both`);
    }
    for (const actor of [daemon, node]) {
      check((await postsOf(actor, 'alice')).length === POSTS.alice, `${actor.name} has the posts of Alice`);
      check((await postsOf(actor, 'bob')).length === POSTS.bob, `${actor.name} has the posts of Bob`);
    }
  });
  await stage.step('the two others have stopped', async () => {
    check((await guest.stop()) === 0 && (await friend.stop()) === 0, 'both stopped cleanly');
  });
}

/** A daemon that has never seen anything, and knows nobody but the node. */
export async function teachNewcomer(
  stage: Stage,
  cast: Cast,
  twisterd: string,
  options: readonly string[],
): Promise<void> {
  const { node } = cast;
  stage.chapter('A new daemon that knows only the node');
  const port = await freeDaemonPort();
  const newcomer = stage.actor('the new daemon', (dataDir) => daemonRole(twisterd, dataDir, port, options));
  await stage.step('it has the whole chain', async () => {
    await newcomer.start(`-connect=${node.contacts[0]}`);
    await agree(stage, { daemon: newcomer, node }, ROUND_MS);
  });
  await stage.step('all three show every block and name alike', async () => {
    const hashes = await chainOf(node);
    for (const actor of [cast.daemon, newcomer]) {
      check(String(await chainOf(actor)) === String(hashes), `${actor.name} has the same chain`);
      for (const hash of hashes) {
        const [theirs, ours] = await both({ daemon: actor, node }, (one) => one.call('getblock', hash));
        check(JSON.stringify(sorted(theirs)) === JSON.stringify(sorted(ours)), `block ${hash} is shown alike`);
      }
      for (const name of ['alice', 'bob', 'carol'])
        check((await actor.call('dumppubkey', name)) === (await node.call('dumppubkey', name)), `${name} has one key`);
    }
  });
  await stage.step('it follows both, and has every post', async () => {
    await newcomer.call('follow', 'nobody_here', ['alice', 'bob']);
    for (const [user, count] of Object.entries(POSTS))
      await stage.until(`the posts of ${user}`, async () => (await postsOf(newcomer, user)).length === count, ROUND_MS);
  });
  await stage.step('it finds values that were put before it came', async () => {
    await found(stage, newcomer, 'alice', 'profile', 's', 'alice', 3);
    await found(stage, newcomer, 'bob', 'profile', 's', 'bob', 2);
  });
  await stage.step('Carol posts, and the node has it', async () => {
    await cast.daemon.call('newpostmsg', 'carol', 0, 'I am new here');
    await node.call('follow', 'bob', ['carol']);
    await arrives(stage, node, 'carol', 0);
  });
  await stage.step('it shows a post of Carol, whom nobody there follows', () =>
    stage.until(
      'the post',
      async () => {
        const post = (await newcomer.call('peekpost', 'carol', 0, '*', 5).catch(() => undefined)) as
          | ShownPost
          | undefined;
        return post?.userpost.msg === 'I am new here';
      },
      ROUND_MS,
    ),
  );
  // How a daemon ends is its own affair: at times one aborts.
  await stage.step('it has stopped', () => newcomer.stop());
}

export async function stopBoth(stage: Stage, { daemon, node }: Cast): Promise<void> {
  stage.chapter('Everything stops');
  await stage.step('the node has ended with status 0, and the daemon has ended too', async () => {
    check((await node.stop()) === 0, 'the node stopped cleanly');
    await daemon.stop();
  });
}

function joining(daemon: Actor): string[] {
  const [peer, dht] = daemon.contacts;
  return ['--no-checkpoints', '--connect', peer, '--dht-node', dht];
}

function both<T>({ daemon, node }: Cast, ask: (actor: Actor) => Promise<T>): Promise<[theirs: T, ours: T]> {
  return Promise.all([ask(daemon), ask(node)]);
}

function connected(stage: Stage, cast: Cast): Promise<unknown> {
  return stage.until('peers', async () => {
    const counts = await both(cast, (actor) => actor.call('getconnectioncount'));
    return counts.every((count) => Number(count) >= 1);
  });
}

/** Has a chain grow by so many blocks or a few more, and waits until both have it. */
async function mine(stage: Stage, miner: Actor, blocks: number, cast: Cast): Promise<void> {
  const before = Number(await miner.call('getblockcount'));
  await miner.call('setgenerate', true, 1);
  const target = before + blocks;
  await stage.until('blocks', async () => Number(await miner.call('getblockcount')) >= target, WORK_MS);
  await miner.call('setgenerate', false);
  await agree(stage, cast);
}

/** Lets the node connect to the daemon again. */
async function reunite(stage: Stage, cast: Cast): Promise<void> {
  const before = await both(cast, (actor) => actor.call('getconnectioncount'));
  await cast.node.call('addnode', cast.daemon.contacts[0], 'add');
  await stage.until('their connection', async () => {
    const counts = await both(cast, (actor) => actor.call('getconnectioncount'));
    return counts.every((count, at) => Number(count) > Number(before[at]));
  });
}

/** The blocks of an actor's chain. */
async function chainOf(actor: Actor): Promise<unknown[]> {
  const height = Number(await actor.call('getblockcount'));
  return Promise.all(Array.from({ length: height + 1 }, (_, at) => actor.call('getblockhash', at)));
}

function agree(stage: Stage, cast: Cast, patienceMs?: number): Promise<unknown> {
  const haveOneTip = async () => {
    const [theirs, ours] = await both(cast, (actor) => actor.call('getbestblockhash'));
    return theirs === ours;
  };
  return stage.until('the same chain', haveOneTip, patienceMs);
}

function arrives(stage: Stage, actor: Actor, user: string, k: number): Promise<ShownPost> {
  return stage.until(
    `post ${k} of ${user} at ${actor.name}`,
    async () => (await postsOf(actor, user)).find(({ userpost }) => userpost.k === k),
    ROUND_MS,
  );
}

async function reads(stage: Stage, actor: Actor, local: string, other: string, text: string): Promise<void> {
  await stage.until(`the message for ${local}`, async () =>
    (await messagesOf(actor, local, other)).some((message) => message.text === text && message.from === other),
  );
}

function found(
  stage: Stage,
  actor: Actor,
  n: string,
  r: string,
  t: 's' | 'm',
  signer: string,
  seq?: number,
): Promise<ShownValue> {
  return stage.until(
    `${r} of ${n} at ${actor.name}`,
    async () => {
      const values = (await actor.call('dhtget', n, r, t)) as ShownValue[];
      return values.find(({ p, sig_user }) => sig_user === signer && (seq === undefined || p.seq === seq));
    },
    ROUND_MS,
  );
}

/** The same value with the keys of its objects in order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, member]) => [key, sorted(member)]),
  );
}

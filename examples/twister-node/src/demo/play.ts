import type { Actor } from '../stage/actor.ts';
import { CallError } from '../stage/rpc-client.ts';
import { messagesOf, postsOf, type ShownPost, type ShownValue } from '../stage/shown.ts';
import { check, type Stage } from '../stage/stage.ts';

const SECRET = 'meet me at the rookery at nine';

/** The nodes of the play: Alice's, Bob's, and one where nobody lives. */
export interface Cast {
  readonly alice: Actor;
  readonly bob: Actor;
  readonly third: Actor;
}

export async function startNodes(stage: Stage): Promise<Cast> {
  const cast = { alice: stage.node('alice', 'dev'), bob: stage.node('bob', 'dev'), third: stage.node('third', 'dev') };
  stage.chapter('Three nodes on 127.0.0.1 make a network of their own');
  await stage.step("Alice's node listens", () => cast.alice.start());
  await stage.step("Bob's node and a third one listen and know Alice's", () =>
    Promise.all([cast.bob, cast.third].map((node) => node.start(...joining(cast.alice)))),
  );
  await stage.step('the chain network has come together', () =>
    stage.until('peers', async () => ((await cast.alice.call('getpeerinfo')) as unknown[]).length === 2),
  );
  return cast;
}

export async function registerUsers(stage: Stage, { alice, bob, third }: Cast): Promise<void> {
  stage.chapter('Two users register by proof of work');
  await stage.step("Alice's node begins to produce blocks", () => alice.call('setgenerate', true, 1));
  for (const [name, node] of [
    ['alice', alice],
    ['bob', bob],
  ] as const) {
    await stage.step(`${name} has a key, and the work of the registration is done`, async () => {
      await node.call('createwalletuser', name);
      return node.call('sendnewusertransaction', name);
    });
  }
  await stage.step('both names are in the chain of all three nodes', () =>
    stage.until('registered names', async () => {
      const lists = await Promise.all([alice, bob, third].map((node) => node.call('listusernamespartial', '', 10)));
      return lists.every((list) => String(list) === 'alice,bob');
    }),
  );
}

export async function talk(stage: Stage, { alice, bob, third }: Cast): Promise<void> {
  stage.chapter('They follow each other and talk');
  await stage.step('each follows the other', async () => {
    await alice.call('follow', 'alice', ['alice', 'bob']);
    await bob.call('follow', 'bob', ['bob', 'alice']);
    check(String(await bob.call('getfollowing', 'bob')) === 'alice,bob', 'Bob follows Alice');
  });
  const first = (await stage.step('Alice posts', () =>
    alice.call('newpostmsg', 'alice', 0, 'Good morning from the top of the tree. #rookery'),
  )) as ShownPost;
  await stage.step('her post is at Bob’s node', () => arrives(stage, bob, 'alice', 0));
  await stage.step('Bob replies', () =>
    bob.call('newpostmsg', 'bob', 0, '@alice the view is good #rookery', 'alice', 0),
  );
  await stage.step('Bob retweets', () => bob.call('newrtmsg', 'bob', 1, first));
  await stage.step('Alice sees that she was mentioned, and the retweet with her own signature', async () => {
    const retweet = await arrives(stage, alice, 'bob', 1);
    check(retweet.userpost.rt?.n === 'alice' && retweet.userpost.rt.k === 0, 'the retweet holds her post');
    const [mention] = (await alice.call('getmentions', 'alice', 10)) as ShownPost[];
    check(mention?.userpost.reply?.n === 'alice', 'the mention is the reply to her');
  });

  stage.chapter('The third node finds it all in the DHT');
  await stage.step('the reply, under the post that it answers', () =>
    stage.until('the reply', async () => {
      const found = (await third.call('dhtget', 'alice', 'replies0', 'm')) as ShownValue[];
      return found.some(({ p, sig_user }) => sig_user === 'bob' && (p.v as ShownPost).userpost.k === 0);
    }),
  );
  await stage.step('both posts, under their hashtag', () =>
    stage.until('the hashtag', async () => {
      const found = (await third.call('dhtget', 'rookery', 'hashtag', 'm')) as ShownValue[];
      return String(found.map(({ p }) => (p.v as ShownPost).userpost.n).sort()) === 'alice,bob';
    }),
  );
}

export async function whisper(stage: Stage, { alice, bob, third }: Cast): Promise<void> {
  stage.chapter('A direct message that only its recipient reads');
  await stage.step('the third node follows Alice and has all her posts', async () => {
    await third.call('follow', 'nobody_here', ['alice']);
    await arrives(stage, third, 'alice', 0);
  });
  await stage.step('Alice writes to Bob', () => alice.call('newdirectmsg', 'alice', 1, 'bob', SECRET));
  await stage.step('Bob reads it', async () => {
    const message = await stage.until('the message', async () => (await messagesOf(bob, 'bob', 'alice'))[0]);
    check(message.text === SECRET && message.from === 'alice' && !message.fromMe, 'Bob has read what Alice wrote');
  });
  await stage.step('the third node has the post too, and nothing to read it with', async () => {
    const post = await arrives(stage, third, 'alice', 1);
    check(!JSON.stringify(post).includes(SECRET), 'the post does not show the text');
    check((await messagesOf(third, 'nobody_here', 'alice')).length === 0, 'the third node read nothing');
  });
}

export async function replaceKey(stage: Stage, { alice, bob, third }: Cast): Promise<void> {
  stage.chapter('Alice takes another key');
  const before = await alice.call('dumppubkey', 'alice');
  await stage.step('the old key signs the new one, and the work is done', async () => {
    await alice.call('createwalletuser', 'alice', true);
    await alice.call('sendnewusertransaction', 'alice');
  });
  await stage.step('the new key is in the chain of all three nodes', () =>
    stage.until('the new key', async () => {
      const keys = await Promise.all([alice, bob, third].map((node) => node.call('dumppubkey', 'alice')));
      return keys.every((key) => key !== before && key === keys[0]);
    }),
  );
  await stage.step('Alice posts with it, and Bob’s node accepts that', async () => {
    await alice.call('newpostmsg', 'alice', 2, 'New feathers.');
    await arrives(stage, bob, 'alice', 2);
  });
}

export async function survive(stage: Stage, { alice, bob }: Cast): Promise<void> {
  stage.chapter('Bob’s node is killed, and has lost nothing');
  const secret = await bob.call('dumpprivkey', 'bob');
  await stage.step('Bob posts, and SIGKILL comes with the answer', async () => {
    await bob.call('newpostmsg', 'bob', 2, 'I have a feeling that something is about to hap');
    await bob.kill();
  });
  await stage.step('Alice posts while he is away', () => alice.call('newpostmsg', 'alice', 3, 'Bob?'));
  await stage.step('his node listens again', () => bob.start(...joining(alice)));
  await stage.step('key, follows, posts and the direct message are all there', async () => {
    check((await bob.call('dumpprivkey', 'bob')) === secret, 'the key is there');
    check(String(await bob.call('getfollowing', 'bob')) === 'alice,bob', 'whom he follows is there');
    const own = await postsOf(bob, 'bob');
    check(
      [0, 1, 2].every((k) => own.some(({ userpost }) => userpost.k === k)),
      'his posts are there, the last one too',
    );
    const hers = await postsOf(bob, 'alice');
    check(
      [0, 1, 2].every((k) => hers.some(({ userpost }) => userpost.k === k)),
      'her posts are there',
    );
    check((await messagesOf(bob, 'bob', 'alice'))[0]?.text === SECRET, 'the message is there');
  });
  await stage.step('what he missed has come, and his last post has reached Alice', async () => {
    await arrives(stage, bob, 'alice', 3);
    await arrives(stage, alice, 'bob', 2);
  });
  await stage.step('a number that he used cannot be used again', async () => {
    const refusal = await bob.call('newpostmsg', 'bob', 2, 'something else').catch((error: unknown) => error);
    check(refusal instanceof CallError, 'the second post with number 2 is refused');
  });
}

export async function stopNodes(stage: Stage, cast: Cast): Promise<void> {
  stage.chapter('Everything stops');
  await stage.step('three nodes have ended with status 0', async () => {
    const statuses = await Promise.all(Object.values(cast).map((node: Actor) => node.stop()));
    check(String(statuses) === '0,0,0', 'all nodes stopped cleanly');
  });
}

function joining(node: Actor): string[] {
  const [peer, dht] = node.contacts;
  return ['--connect', peer, '--dht-node', dht];
}

function arrives(stage: Stage, node: Actor, user: string, k: number): Promise<ShownPost> {
  return stage.until(`post ${k} of ${user} at the node of ${node.name}`, async () =>
    (await postsOf(node, user)).find(({ userpost }) => userpost.k === k),
  );
}

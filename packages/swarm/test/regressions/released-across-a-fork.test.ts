import { directoryOf, type UserDirectory } from '@rookery/keys';
import type { PeerMessage } from '@rookery/wire';
import { expect, test } from 'vitest';
import { NOW, PUBLIC_KEY, post, REGISTERED, TIP, USER, WORLD } from '../author.ts';
import { backend, frames, handshakeOf, messagesTo, newSwarm } from '../harness.ts';

const NEW_SECRET = new Uint8Array(32).fill(9);
const REQUEST: PeerMessage = { id: 6, name: 'request', piece: 4, begin: 0, length: 16_384 };

/** A tick came late, and the chain changed first: the post whose time was over counted as judged, and was served although its key was gone. */
test('a post whose time is over when the newest block is replaced is judged again', () => {
  const keys = [{ height: REGISTERED, publicKey: PUBLIC_KEY }];
  const replaced = [...keys, { height: TIP, publicKey: backend.derivePublicKey(NEW_SECRET, true) }];
  let users: UserDirectory = directoryOf([{ name: USER, keys: replaced }]);
  const swarm = newSwarm({
    ...WORLD,
    users: {
      registeredAt: (name) => users.registeredAt(name),
      firstRegisteredAt: (name) => users.firstRegisteredAt(name),
      keyAt: (name, height) => users.keyAt(name, height),
    },
  });
  swarm.connect('peer', { outgoing: false, ip: '10.0.0.1' }, NOW);
  swarm.receive('peer', handshakeOf(USER), NOW);
  swarm.receive('peer', frames({ id: 2, name: 'interested' }), NOW);
  swarm.publish(4, post(4, { height: TIP, secret: NEW_SECRET }), NOW);
  users = directoryOf([{ name: USER, keys }]);
  swarm.setTip(TIP, NOW + 6_000);
  const names = messagesTo(swarm.receive('peer', frames(REQUEST), NOW + 6_001), 'peer').map(({ name }) => name);
  expect(names).not.toContain('piece');
  expect(names).toContain('reject');
});

import { directoryOf, type UserDirectory } from '@rookery/keys';
import { checkPost } from '@rookery/posts';
import { decodePeerMessages, type PeerMessage } from '@rookery/wire';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SwarmEffect } from '../src/index.ts';
import { NOW, PUBLIC_KEY, post, REGISTERED, TIP, USER } from './author.ts';
import { backend, frames, handshakeOf, newSwarm } from './harness.ts';

const NEW_SECRET = new Uint8Array(32).fill(9);
const NEW_KEY = backend.derivePublicKey(NEW_SECRET, true);
/** Posts and peers of these tests know a chain of this height at most. */
const LAST = TIP + 5;

const steps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('post' as const), k: fc.nat(5), height: fc.integer({ min: TIP - 2, max: LAST }) }),
    fc.record({ kind: fc.constant('tip' as const), by: fc.integer({ min: -1, max: 2 }) }),
    fc.record({ kind: fc.constant('ask' as const), k: fc.nat(5) }),
  ),
  { maxLength: 20 },
);

function usersAt(tip: number, replacedAt: number): UserDirectory {
  return directoryOf(
    [
      {
        name: USER,
        keys: [
          { height: REGISTERED, publicKey: PUBLIC_KEY },
          { height: replacedAt, publicKey: NEW_KEY },
        ],
      },
    ],
    tip,
  );
}

test('no member sends or tells a deployed peer that is one block behind what that has to refuse', () => {
  fc.assert(
    fc.property(steps, fc.integer({ min: TIP - 2, max: LAST }), (script, replacedAt) => {
      let tip = TIP;
      const swarm = newSwarm({
        user: USER,
        tip,
        users: {
          registeredAt: (name) => usersAt(tip, replacedAt).registeredAt(name),
          firstRegisteredAt: (name) => usersAt(tip, replacedAt).firstRegisteredAt(name),
          keyAt: (name, height) => usersAt(tip, replacedAt).keyAt(name, height),
        },
      });
      const refused = (k: number, bytes: Uint8Array): boolean =>
        !checkPost(bytes, {
          user: USER,
          k,
          tip: tip - 1,
          users: usersAt(tip - 1, replacedAt),
          profile: 'deployed',
          backend,
        }).ok;
      const look = (effects: readonly SwarmEffect[]): void => {
        for (const effect of effects) {
          if (effect.type !== 'send' || effect.bytes.length === 68) continue;
          for (const message of decodePeerMessages(effect.bytes).value) {
            if (message.name === 'piece') expect(refused(message.piece, message.data)).toBe(false);
            if (message.name === 'have') expect(refused(message.piece, swarm.piece(message.piece)!)).toBe(false);
          }
        }
      };
      swarm.connect('peer', { outgoing: false, ip: '10.0.0.1' }, NOW);
      look(swarm.receive('peer', handshakeOf(USER), NOW));
      look(swarm.receive('peer', frames({ id: 2, name: 'interested' }), NOW));
      for (const step of script) {
        if (step.kind === 'post') {
          const secret = step.height >= replacedAt ? { secret: NEW_SECRET } : {};
          look(swarm.publish(step.k, post(step.k, { height: step.height, ...secret }), NOW));
        } else if (step.kind === 'tip') {
          tip = Math.min(LAST, tip + step.by);
          look(swarm.setTip(tip, NOW));
        } else {
          const ask: PeerMessage = { id: 6, name: 'request', piece: step.k, begin: 0, length: 16_384 };
          look(swarm.receive('peer', frames(ask), NOW));
        }
      }
      // Nothing waits for good.
      tip = LAST + 1;
      look(swarm.setTip(tip, NOW));
      for (const k of swarm.have()) {
        const ask: PeerMessage = { id: 6, name: 'request', piece: k, begin: 0, length: 16_384 };
        const [answer] = swarm.receive('peer', frames(ask), NOW);
        expect(answer?.type === 'send' && decodePeerMessages(answer.bytes).value[0]?.name).toBe('piece');
      }
    }),
    {
      examples: [
        [
          [
            { kind: 'post', k: 5, height: TIP - 2 },
            { kind: 'tip', by: -1 },
            { kind: 'tip', by: -1 },
            { kind: 'tip', by: -1 },
            { kind: 'ask', k: 5 },
          ],
          TIP - 2,
        ],
      ],
    },
  );
});

import { expect, test } from 'vitest';
import { operations } from '../src/operations.ts';

/** Every one-shot operation for twister of the conformance protocol, version 1. */
const CONTRACT = `
bencode.decode bencode.encode script.encode script.items tx.decode tx.encode header.decode header.encode block.decode
message.decode message.encode version.decode addr.decode inv.decode locator.decode headers.decode merkleblock.decode
cp.decode dhtgetreq.decode dhtputreq.decode dhtgetreply.decode filterload.decode alert.decode
cp.encode dhtgetreq.encode dhtputreq.encode dhtgetreply.encode filterload.encode alert.encode
key.fromWif key.toWif sign.digest sign.create sign.recover sign.verify ecies.encrypt ecies.decrypt dm.encode dm.decode
username.check bits.decode bits.encode work.ofBits work.min difficulty.next time.median tx.check tx.replaces promotion.check
checkpoint.vote.check block.check merkle.root merkle.branch merkle.verify partialMerkle.extract
post.decode post.encode post.check post.limit post.tokens
dht.target dht.nodeId.check dht.nodeId.derive dht.krpc.decode dht.krpc.encode dht.put.check dht.value.check dht.store.apply dht.expired
swarm.handshake.decode swarm.handshake.encode swarm.message.decode swarm.message.encode
swarm.have.check swarm.bitfield.check swarm.peek.check swarm.peek.solve shorturl.encode shorturl.decode
`
  .trim()
  .split(/\s+/);

test.each(CONTRACT)('%s is supported', (name) => {
  expect(operations[name]).toBeTypeOf('function');
});

import { NETWORKS } from '@rookery/chain';
import { parseEndpoint } from '../../endpoint.ts';
import type { Traffic } from '../../meter.ts';
import type { TwisterNode } from '../../node.ts';
import { PORT_OFFSET } from '../../options.ts';
import { RpcError } from '../errors.ts';
import type { Method } from '../method.ts';
import type { RpcObject, RpcValue } from '../value.ts';
import { difficultyOf } from './blocks.ts';

/** What twisterd 0.9.40 says of itself. */
const VERSION = 94_000;
const PROTOCOL_VERSION = 70_003;
const WALLET_VERSION = 60_000;
const STOP_DELAY_MS = 50;
const MS = 1000;

const stop: Method = {
  name: 'stop',
  usage: '',
  summary: 'Stops the node.',
  arity: [0, 1],
  call(_, node) {
    // The answer is to get out first.
    setTimeout(node.requestStop, STOP_DELAY_MS);
    return 'Twister server stopping';
  },
};

const getInfo: Method = {
  name: 'getinfo',
  usage: '',
  summary: 'How the node is doing.',
  arity: [0, 0],
  isPublic: true,
  call(_, node): RpcObject {
    const { chain, dht, options, swarms, users } = node;
    const { contacts } = dht.counts;
    return {
      version: VERSION,
      protocolversion: PROTOCOL_VERSION,
      walletversion: WALLET_VERSION,
      blocks: users.tip.height,
      timeoffset: chain.timeOffset,
      connections: chain.peers().length,
      addrman_total: chain.book.size,
      addrman_get: chain.book.size,
      dht_nodes: contacts,
      dht_global_nodes: contacts,
      proxy: '',
      ext_port1: node.port,
      ext_port2: node.port + PORT_OFFSET,
      difficulty: difficultyOf(users.tip.bits),
      testnet: options.network === 'testnet',
      public_server_mode: options.publicServer,
      errors: '',
      ext_addr_net1: chain.externalIp ?? '',
      ext_addr_net2: chain.externalIp ?? '',
      dht_torrents: swarms.users().length,
      num_peers: swarms.connections,
      peerlist_size: swarms.candidates,
      num_active_requests: 0,
      ...trafficOf(dht.traffic, swarms.traffic),
    };
  },
};

const getPeerInfo: Method = {
  name: 'getpeerinfo',
  usage: '',
  summary: 'What is known of each connected peer of the chain network.',
  arity: [0, 0],
  call: (_, { chain }) =>
    chain.peers().map(({ info, link }) => ({
      addr: link.name,
      services: '00000001',
      lastsend: Math.floor(link.lastSend / MS),
      lastrecv: Math.floor(link.lastReceive / MS),
      bytessent: link.socket.bytesWritten,
      bytesrecv: link.socket.bytesRead,
      conntime: Math.floor(info.connectedAt / MS),
      version: info.version ?? 0,
      subver: info.userAgent ?? '',
      inbound: !info.outgoing,
      startingheight: info.startHeight,
      banscore: info.score,
    })),
};

const getConnectionCount: Method = {
  name: 'getconnectioncount',
  usage: '',
  summary: 'How many peers of the chain network are connected.',
  arity: [0, 0],
  call: (_, { chain }) => chain.peers().length,
};

const addNode: Method = {
  name: 'addnode',
  usage: '<node> <add|remove|onetry>',
  summary: 'Stays connected to a peer of the chain network, or no longer, or tries it once.',
  arity: [2, 2],
  call(params, node): RpcValue {
    const text = params.text(0);
    const command = params.text(1);
    if (command !== 'add' && command !== 'remove' && command !== 'onetry')
      throw new RpcError('misc', describeAddNode());
    const { host, port } = readNode(text, node);
    if (node.chain.addNode(host, port, command)) return null;
    if (command === 'add') throw new RpcError('nodeAlreadyAdded', 'Error: Node already added');
    throw new RpcError('nodeNotAdded', 'Error: Node has not been added.');
  },
};

/** Methods about the node itself and its peers. */
export const CONTROL_METHODS: readonly Method[] = [stop, getInfo, getPeerInfo, getConnectionCount, addNode];

/** Bytes of swarms and DHT, under the names that twisterd's library has for them; what lies below the sockets is not counted. */
function trafficOf(dht: Traffic, swarms: Traffic): RpcObject {
  return {
    download_rate: dht.received.rate + swarms.received.rate,
    upload_rate: dht.sent.rate + swarms.sent.rate,
    dht_download_rate: dht.received.rate,
    dht_upload_rate: dht.sent.rate,
    ip_overhead_download_rate: 0,
    ip_overhead_upload_rate: 0,
    payload_download_rate: swarms.received.rate,
    payload_upload_rate: swarms.sent.rate,
    total_download: dht.received.total + swarms.received.total,
    total_upload: dht.sent.total + swarms.sent.total,
    total_dht_download: dht.received.total,
    total_dht_upload: dht.sent.total,
    total_ip_overhead_download: 0,
    total_ip_overhead_upload: 0,
    total_payload_download: swarms.received.total,
    total_payload_upload: swarms.sent.total,
  };
}

function describeAddNode(): string {
  return `addnode ${addNode.usage}\n${addNode.summary}`;
}

/** An address or a host name, with or without a port. */
function readNode(text: string, { options }: TwisterNode): { readonly host: string; readonly port: number } {
  const defaultPort = NETWORKS[options.network].port;
  const endpoint = parseEndpoint(text, defaultPort);
  if (endpoint !== undefined) return { host: endpoint.ip, port: endpoint.port };
  const [, host = text, port] = /^([^:]+):([0-9]{1,5})$/.exec(text) ?? [];
  return { host, port: port === undefined ? defaultPort : Math.min(Number(port), 0xffff) };
}

import { availableParallelism } from 'node:os';
import type { Chain } from '@rookery/chain';
import type { CurveBackend } from '@rookery/keys';
import { loadBackend } from './backend.ts';
import { ChainService } from './chain/chain-service.ts';
import type { PeerLink } from './chain/peer-links.ts';
import { seedAddresses } from './chain/seeds.ts';
import { DhtService } from './dht/dht-service.ts';
import { loadDhtStore } from './dht/dht-store.ts';
import { Failure } from './failure.ts';
import { type Listeners, listenAll } from './listen.ts';
import type { Logger } from './log.ts';
import { type NodeOptions, PORT_OFFSET } from './options.ts';
import { Conversations } from './people/conversations.ts';
import { Following } from './people/following.ts';
import { Mentions } from './people/mentions.ts';
import { Wallet, type WalletKey } from './people/wallet.ts';
import { Author } from './posts/author.ts';
import { Inbox } from './posts/inbox.ts';
import { OwnValues } from './posts/own-values.ts';
import { Promotions } from './posts/promotions.ts';
import { METHODS } from './rpc/methods.ts';
import { RpcServer } from './rpc/server.ts';
import type { Store } from './store/store.ts';
import { Neighbours } from './swarm/neighbours.ts';
import { PieceFiles } from './swarm/piece-files.ts';
import { SwarmService } from './swarm/swarm-service.ts';
import { BlockProducer } from './work/block-producer.ts';
import { WorkPool } from './work/work-pool.ts';

/** What a node is started with. */
export interface NodeStart {
  readonly options: NodeOptions;
  readonly store: Store;
  readonly log: Logger;
  /** Called once somebody asks the node over RPC to stop. */
  readonly onStop: () => void;
}

const FRESH_SECONDS = 86_400;
const MOST_THREADS = 16;
const NETWORK_KEY = 'network';

/** A running node: every part that the RPC methods use. */
export class TwisterNode {
  readonly options: NodeOptions;
  readonly store: Store;
  readonly log: Logger;
  readonly backend: CurveBackend;
  readonly pool: WorkPool;
  readonly chain: ChainService;
  readonly dht: DhtService;
  readonly swarms: SwarmService;
  readonly files: PieceFiles;
  readonly neighbours: Neighbours;
  readonly wallet: Wallet;
  readonly following: Following;
  readonly conversations: Conversations;
  readonly mentions: Mentions;
  readonly author: Author;
  readonly inbox: Inbox;
  readonly values: OwnValues;
  readonly promotions: Promotions;
  readonly producer: BlockProducer;
  /** Where the chain network listens. */
  readonly port: number;
  readonly requestStop: () => void;
  #rpc: RpcServer | undefined;

  private constructor(start: NodeStart, parts: Parts) {
    this.options = start.options;
    this.store = start.store;
    this.log = start.log;
    this.requestStop = start.onStop;
    this.backend = parts.backend;
    this.files = parts.files;
    this.neighbours = parts.neighbours;
    this.wallet = parts.wallet;
    this.following = parts.following;
    this.conversations = parts.conversations;
    this.mentions = parts.mentions;
    this.chain = parts.chain;
    this.port = parts.listeners.port;
    this.pool = new WorkPool(Math.max(start.options.mineThreads, Math.min(availableParallelism(), MOST_THREADS)));
    this.producer = new BlockProducer(this);
    this.promotions = new Promotions(this);
    this.values = new OwnValues(this);
    this.author = new Author(this);
    this.inbox = new Inbox(this);
    const { backend, chain, log, options, store } = this;
    const common = { users: chain.chain, tip: chain.chain.tip.height, backend, log, port: this.port + PORT_OFFSET };
    this.swarms = new SwarmService({
      ...common,
      files: this.files,
      server: parts.listeners.swarm,
      isActive: () => this.#isActive(),
      onPiece: (user, k, bytes, flags) => this.inbox.take(user, k, bytes, flags),
    });
    this.dht = new DhtService({
      ...common,
      options,
      store,
      values: parts.values,
      socket: parts.listeners.dht,
      onExternalAddress: (ip) => chain.setExternalIp(ip),
      isInSwarm: (user) => this.swarms.swarm(user) !== undefined,
      onJoinSwarm: (user) => this.#joinAsNeighbour(user),
    });
    this.swarms.use(this.dht);
  }

  /** Starts a node: it listens when this is over. Throws {@link Failure}. */
  static async start(given: NodeStart): Promise<TwisterNode> {
    const { options, store } = given;
    checkNetwork(store, options);
    const listeners = await listenAll(options.port, options.bind);
    const backend = await loadBackend();
    let node: TwisterNode | undefined;
    const chain = await ChainService.start({
      ...given,
      backend,
      server: listeners.chain,
      port: listeners.port,
      events: {
        tip: (height) => node?.onTip(height),
        connected: (id) => node?.promotions.take(id),
        pooled: () => node?.producer.restart(),
        reached: ({ ip, port }: PeerLink) => node?.dht.addContact({ ip, port: port + PORT_OFFSET }),
      },
    });
    node = new TwisterNode(given, {
      listeners,
      backend,
      chain,
      files: await PieceFiles.load(store),
      neighbours: await Neighbours.load(store),
      wallet: await Wallet.load(store, backend),
      following: await Following.load(store),
      conversations: await Conversations.load(store),
      mentions: await Mentions.load(store),
      values: await loadDhtStore(store),
    });
    try {
      node.#rpc = await RpcServer.listen(node, METHODS);
    } catch (error) {
      await node.stop();
      throw error;
    }
    node.#begin();
    return node;
  }

  get clock(): { seconds(): number } {
    return { seconds: () => this.chain.adjustedTime() };
  }

  get users(): Chain {
    return this.chain.chain;
  }

  /**
   * The key with which a user signs: the registered one, even while another is to replace it; undefined where the wallet has none. twisterd takes
   * the new key at once, with which nothing is accepted before its registration is mined.
   */
  signingKey(user: string): WalletKey | undefined {
    const registered = this.users.keyAt(user, Number.MAX_SAFE_INTEGER);
    const matching = this.wallet
      .keys()
      .find(({ publicKey }) => registered !== undefined && Buffer.compare(publicKey, registered) === 0);
    return matching ?? this.wallet.key(user);
  }

  /** Where JSON-RPC listens. */
  get rpcPort(): number {
    return this.#rpc?.port ?? 0;
  }

  /** Stops everything; what was confirmed is on disk already. */
  async stop(): Promise<void> {
    this.producer.stop();
    await Promise.all([this.#rpc?.close(), this.pool.close()]);
    this.swarms.stop();
    this.dht.stop();
    this.chain.stop();
    await this.store.close();
  }

  /** The active chain ends with another block. */
  onTip(height: number): void {
    this.swarms.setTip(height);
    this.dht.setTip(height);
    this.#joinSwarms();
    this.producer.restart();
  }

  #begin(): void {
    this.#joinSwarms();
    this.inbox.resume();
    if (this.options.mineThreads > 0) this.producer.set(this.options.mineThreads);
    if (this.options.seeds) void seedAddresses(this.chain.book, this.log);
  }

  /** Of everybody wanted, of those near whose targets this node is, and of everybody of whom there are posts: whoever is registered by now. */
  #joinSwarms(): void {
    const others = [...this.neighbours.all(), ...this.files.users()];
    for (const user of new Set([...this.#wanted(), ...others])) this.swarms.join(user);
  }

  /** Takes part in the swarm of a user whom nobody here may follow, in the place of another such if need be. */
  #joinAsNeighbour(user: string): void {
    if (!this.swarms.join(user)) return;
    this.log.info({ user }, 'this node is near the swarm of a user, and takes part in it');
    const leaving = this.neighbours.add(user);
    if (leaving !== undefined && !this.#wanted().has(leaving)) this.swarms.leave(leaving);
  }

  /** The own users, and everybody whom one of them follows. */
  #wanted(): Set<string> {
    return new Set([...this.following.all(), ...this.wallet.keys().map(({ label }) => label)]);
  }

  #isActive(): boolean {
    if (this.options.network === 'dev') return true;
    return this.chain.peerCount > 0 && this.chain.chain.tip.time > Date.now() / 1000 - FRESH_SECONDS;
  }
}

interface Parts {
  readonly listeners: Listeners;
  readonly backend: CurveBackend;
  readonly chain: ChainService;
  readonly files: PieceFiles;
  readonly neighbours: Neighbours;
  readonly wallet: Wallet;
  readonly following: Following;
  readonly conversations: Conversations;
  readonly mentions: Mentions;
  readonly values: Awaited<ReturnType<typeof loadDhtStore>>;
}

/** A directory belongs to the network that it was first used for. */
function checkNetwork(store: Store, { dataDir, network }: NodeOptions): void {
  const record = store.get(NETWORK_KEY);
  const known = record === undefined ? undefined : Buffer.from(record).toString('utf8');
  if (known === undefined) store.put(NETWORK_KEY, new Uint8Array(Buffer.from(network, 'utf8')));
  else if (known !== network) throw new Failure(`the data directory ${dataDir} belongs to the network ${known}`);
}

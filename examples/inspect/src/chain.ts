import { type CurrentRegistration, genesisBlock, type ParentBlock, readRegistration } from '@rookery/chain';
import { directoryOf, type Registration, type UserDirectory } from '@rookery/keys';
import { type Block, decodeUtf8, headerId, transactionId } from '@rookery/wire';

/** Blocks before a parent that the rules look at: the median needs 11 times. */
const MEDIAN_WINDOW = 11;

export interface KnownRegistration extends Registration {
  readonly id: Uint8Array;
}

/** The blocks that were accepted so far, and the names they registered. */
export class CapturedChain {
  readonly blocks: Block[] = [];
  readonly histories: Map<string, KnownRegistration[]> = new Map();

  get height(): number {
    return this.blocks.length - 1;
  }

  get tipId(): Uint8Array | undefined {
    const tip = this.blocks.at(-1);
    return tip && headerId(tip.header);
  }

  /** The first blocks of this chain, up to a height. */
  upTo(height: number): CapturedChain {
    const chain = new CapturedChain();
    for (const block of this.blocks.slice(0, height + 1)) chain.add(block);
    return chain;
  }

  add(block: Block): void {
    const { height } = block.header;
    this.blocks.push(block);
    for (const transaction of block.transactions.slice(1)) {
      const { name, publicKey = new Uint8Array() } = readRegistration(transaction);
      if (name === undefined) continue;
      const history = this.histories.get(name) ?? [];
      history.push({ height, publicKey, id: transactionId(transaction) });
      this.histories.set(name, history);
    }
  }

  /** What a header on top of the tip is judged by. */
  parent(): ParentBlock | undefined {
    const tip = this.blocks.at(-1)?.header;
    if (tip === undefined) return undefined;
    const times = this.blocks.slice(-MEDIAN_WINDOW).map(({ header }) => header.time);
    const first = this.blocks[this.height - 2015]?.header.time;
    return { height: this.height, bits: tip.bits, times, firstTime: first };
  }

  readonly current: (name: string) => CurrentRegistration | undefined = (name) => this.histories.get(name)?.at(-1);

  users(tip: number = this.height): UserDirectory {
    return directoryOf(
      [...this.histories].map(([name, keys]) => ({ name, keys })),
      tip,
    );
  }

  /** Height of the best block at a moment, in seconds since the Unix epoch. */
  heightAt(time: number): number {
    let height = 0;
    for (const { header } of this.blocks) if (header.time <= time) height = header.height;
    return height;
  }
}

/** The genesis block of the network that is inspected. */
export function mainGenesis(): Block {
  return genesisBlock('main');
}

/** Bytes of a stranger as text for a table: control characters and what is not UTF-8 become a mark. */
export function showText(bytes: Uint8Array, limit = 60): string {
  const text = decodeUtf8(bytes) ?? `(not UTF-8, ${bytes.length} bytes)`;
  const clean = text.replaceAll(/[\p{Cc}\p{Cf}]/gu, '·');
  return [...clean].length > limit ? `${[...clean].slice(0, limit - 1).join('')}…` : clean;
}

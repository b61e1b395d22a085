import { createInterface } from 'node:readline';
import type { DeliverEffect } from '@rookery/peerster';
import { toEntry } from './entry.ts';
import { type Host, RefusedText } from './host.ts';

const HELP = `Write a line for everybody, or
  /to NAME TEXT    a private message
  /with NAME       the private messages exchanged with somebody
  /names           everybody who has announced a key
  /peers           whom this node talks to
  /add HOST:PORT   add a peer, or remove one that is there
  /me              the names of this node
  /quit            stop`;
const PROGRESS_MS = 200;
const RECENT = 20;

/** What a chat needs of a terminal. */
export interface ChatTerminal {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/** Chats on a terminal until the input ends or somebody types /quit. Texts of others are shown without control characters. */
export async function chat(host: Host, { input, output }: ChatTerminal): Promise<void> {
  const lines = createInterface({ input, output, terminal: output.isTTY ?? false, prompt: '> ' });
  const { node } = host;
  const print = (text: string): void => {
    if (output.isTTY) output.write('\r\u001b[K');
    output.write(`${text}\n`);
    lines.prompt(true);
  };
  const stop = host.onDeliver((effect) => print(lineOf(host, effect)));
  const progress = setInterval(() => {
    const mining = node.mining();
    if (mining === undefined || !output.isTTY) return;
    const share = Math.round((100 * mining.tried) / mining.expected);
    output.write(`\r\u001b[Kworking: ${mining.tried} hashes, ${share} % of what is usual, ${mining.waiting} waiting`);
  }, PROGRESS_MS);
  print(`You are ${node.names().join(', ') || 'a relay without a name'}, at ${host.address}. /help explains.`);
  for (const message of host.store.messages.publicRoom().slice(-RECENT)) {
    print(lineOf(host, { type: 'deliver', kind: message.rumor.id === 0 ? 'announcement' : 'public', message }));
  }
  try {
    for await (const line of lines) {
      const answer = await obey(host, line.trim());
      if (answer === undefined) break;
      if (answer !== '') print(answer);
      else lines.prompt(true);
    }
  } finally {
    clearInterval(progress);
    stop();
    lines.close();
  }
}

/** Carries out one line; what to show, or undefined to stop. */
async function obey(host: Host, line: string): Promise<string | undefined> {
  const [, command = '', rest = ''] = /^\/(\S+)\s*(.*)$/s.exec(line) ?? [];
  try {
    switch (command) {
      case '':
        if (line !== '') await host.publish(line);
        return '';
      case 'to': {
        const [, name = '', text = ''] = /^(\S+)\s+(.*)$/s.exec(rest) ?? [];
        if (name === '') return HELP;
        await host.sendPrivate(name, text);
        return '';
      }
      case 'with':
        return host.node
          .names()
          .flatMap((own) => host.store.messages.between(own, rest))
          .map((message) => lineOf(host, { type: 'deliver', kind: 'private', message }))
          .join('\n');
      case 'names':
        return host.store.messages.origins().join('\n');
      case 'peers':
        return host.node
          .peers()
          .map((peer) => `${peer.address} (${peer.class})`)
          .join('\n');
      case 'add':
        return (await host.togglePeer(rest)) ? '' : `${printable(rest)} is no address of a peer`;
      case 'me':
        return host.node.names().join('\n');
      case 'quit':
        return undefined;
      default:
        return HELP;
    }
  } catch (error) {
    if (error instanceof RefusedText) return error.message;
    throw error;
  }
}

function lineOf(host: Host, { kind, message }: DeliverEffect): string {
  const { Content, FromNode } = toEntry(message, host.node, 0);
  const from = kind === 'private' ? `${FromNode} → ${message.destination} (private)` : FromNode;
  return `${printable(from)}${kind === 'announcement' ? ' ' : ': '}${printable(Content)}`;
}

/** Control characters of others could drive the terminal. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, '·');
}

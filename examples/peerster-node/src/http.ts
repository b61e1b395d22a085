import { randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isName, nameBytes, type StoredMessage } from '@rookery/peerster';
import { splitAddress } from './address.ts';
import { type MessageEntry, toEntry } from './entry.ts';
import { type Host, RefusedText } from './host.ts';

export interface HttpOptions {
  /** What `Authorization: Bearer` must say; undefined switches the check off, for tests. */
  readonly token: string | undefined;
}

const MOST_BODY_BYTES = 16_384;
const MOST_OPENED = 2_000;
const LOCAL_HOST = /^(?:127(?:\.\d{1,3}){3}|localhost|\[::1\])(?::\d{1,5})?$/;
/** Routes of the original that answer OPTIONS. */
const WITH_OPTIONS: readonly string[] = ['/id', '/node', '/routes'];
const STATIC: Readonly<Record<string, readonly [file: string, type: string]>> = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/app.js': ['app.js', 'text/javascript; charset=utf-8'],
  '/style.css': ['style.css', 'text/css; charset=utf-8'],
};
/** Nothing but our own files; no inline script or style, so that markup in a message stays text even if it got in. */
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** An answer: status and what to show as JSON. */
interface Answer {
  readonly status: number;
  readonly json?: unknown;
}
type Handler = (request: IncomingMessage, url: URL) => Promise<Answer> | Answer;

/** A token for one run of the interface. */
export function newToken(): string {
  return randomBytes(24).toString('base64url');
}

/**
 * The HTTP interface of the original (facts section 15) for one node: `/id`, `/node`, `/routes`, `/message`, `/privateMessage`
 * and the page, and `/state` besides. Unlike the original's, it asks for a token, answers no other page, and says what it
 * sends. Listen on a loopback address only.
 */
export function createHttpServer(host: Host, options: HttpOptions): Server {
  const routes = handlers(host);
  return createServer((request, response) => {
    respond(request, response, routes, options).catch(() => end(response, { status: 500 }));
  });
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  routes: Readonly<Record<string, Readonly<Record<string, Handler>>>>,
  { token }: HttpOptions,
): Promise<void> {
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Cache-Control', 'no-store');
  if (token !== undefined && !isLocal(request)) return end(response, { status: 403 });
  const url = new URL(request.url ?? '/', 'http://localhost');
  const method = request.method ?? 'GET';
  const route = Object.hasOwn(routes, url.pathname) ? routes[url.pathname] : undefined;
  if (route === undefined) return page(url.pathname, method, response);
  if (method === 'OPTIONS' && WITH_OPTIONS.includes(url.pathname)) return end(response, { status: 200 });
  const handler = Object.hasOwn(route, method) ? route[method] : undefined;
  if (handler === undefined) return end(response, { status: 405 });
  if (token !== undefined && !isAuthorised(request, token)) {
    response.setHeader('WWW-Authenticate', 'Bearer');
    return end(response, { status: 401 });
  }
  end(response, await handler(request, url));
}

function handlers(host: Host): Readonly<Record<string, Readonly<Record<string, Handler>>>> {
  const { node } = host;
  const { messages } = host.store;
  const port = splitAddress(host.address)?.port ?? 0;
  const opened = new Map<string, MessageEntry>();
  const show = (message: StoredMessage): MessageEntry => {
    const key = `${message.origin}/${message.rumor.id}/${message.arrival}`;
    const entry = opened.get(key) ?? toEntry(message, node, port);
    if (message.destination !== '') {
      if (opened.size >= MOST_OPENED) opened.delete(opened.keys().next().value!);
      opened.set(key, entry);
    }
    return entry;
  };
  return {
    '/id': { GET: () => ({ status: 200, json: node.names()[0] ?? '' }) },
    '/routes': { GET: () => ({ status: 200, json: messages.origins() }) },
    '/node': {
      GET: () => ({
        status: 200,
        json: node.peers().map((peer) => ({ Address: peer.address, Type: peer.class === 'manual' ? 0 : 1 })),
      }),
      POST: async (request) => {
        const address = await readJson(request);
        return { status: typeof address === 'string' && (await host.togglePeer(address)) ? 200 : 400 };
      },
    },
    '/message': {
      GET: () => ({ status: 200, json: messages.publicRoom().map(show) }),
      POST: async (request) => {
        const text = await readJson(request);
        return typeof text === 'string' ? written(host.publish(text)) : { status: 400 };
      },
    },
    '/privateMessage': {
      GET: (_request, url) => {
        const name = url.searchParams.get('name') ?? '';
        const own = node.names();
        const conversation = own.flatMap((identity) => messages.between(identity, name));
        conversation.sort((a, b) => a.arrival - b.arrival);
        return { status: 200, json: [...new Set(conversation)].map(show) };
      },
      POST: async (request) => {
        const body = (await readJson(request)) as { Destination?: unknown; Content?: unknown } | null | undefined;
        const { Destination: destination, Content: content } = body ?? {};
        if (typeof destination !== 'string' || typeof content !== 'string') return { status: 400 };
        return isNameText(destination) ? written(host.sendPrivate(destination, content)) : { status: 500 };
      },
    },
    '/state': {
      GET: () => ({
        status: 200,
        json: { Names: node.names(), Address: host.address, Digest: host.digest(), Mining: node.mining() ?? null },
      }),
    },
  };
}

/** The answer to a text that was handed in, once it is mined and on disk. */
async function written(message: Promise<StoredMessage>): Promise<Answer> {
  try {
    await message;
    return { status: 200 };
  } catch (error) {
    return { status: 500, ...(error instanceof RefusedText && { json: { error: error.code } }) };
  }
}

async function page(path: string, method: string, response: ServerResponse): Promise<void> {
  const file = Object.hasOwn(STATIC, path) ? STATIC[path] : undefined;
  if (file === undefined) return end(response, { status: 404 });
  if (method !== 'GET' && method !== 'HEAD') return end(response, { status: 405 });
  const content = await readFile(new URL(`../web/${file[0]}`, import.meta.url));
  response.setHeader('Content-Security-Policy', PAGE_POLICY);
  response.setHeader('Referrer-Policy', 'no-referrer');
  response.writeHead(200, { 'Content-Type': file[1] });
  response.end(method === 'HEAD' ? undefined : content);
}

function end(response: ServerResponse, { status, json }: Answer): void {
  if (response.headersSent) {
    response.end();
    return;
  }
  if (json === undefined) {
    response.writeHead(status).end();
    return;
  }
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8' }).end(JSON.stringify(json));
}

/** No page of another site may speak to us, under whatever name it found us. */
function isLocal(request: IncomingMessage): boolean {
  const { host, origin } = request.headers;
  if (host === undefined || !LOCAL_HOST.test(host)) return false;
  return origin === undefined || origin === `http://${host}`;
}

function isAuthorised(request: IncomingMessage, token: string): boolean {
  const given = Buffer.from(request.headers.authorization ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

/** The JSON of a body; undefined where it is none or too long. */
async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MOST_BODY_BYTES) chunks.push(chunk);
  }
  if (size > MOST_BODY_BYTES) return undefined;
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return undefined;
  }
}

function isNameText(text: string): boolean {
  return /^[!-~]*$/.test(text) && isName(nameBytes(text));
}

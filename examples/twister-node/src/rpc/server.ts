import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { listenFailure } from '../listen.ts';
import type { TwisterNode } from '../node.ts';
import { type Credentials, createCredentials } from './auth.ts';
import { type Answer, answerRequest, answerToJson, refuse } from './dispatch.ts';
import { RPC_CODES, RpcError } from './errors.ts';
import type { Method } from './method.ts';
import { JsonError, parseJson } from './parse-json.ts';
import { sendFile } from './static-files.ts';
import type { RpcValue } from './value.ts';
import { writeJson } from './write-json.ts';

const MOST_BYTES = 16 * 1024 * 1024;
const MOST_CALLS = 10_000;
/** How long a wrong password waits for its answer, where it is so short that it could be guessed. */
const GUESS_MS = 250;
const SHORT_PASSWORD = 20;
/** Scripts keep a connection and call again after a while; twisterd never ends one that is idle. */
const IDLE_MS = 3_600_000;

/** The JSON-RPC server of a node, and the files of the web interface on the same port. */
export class RpcServer {
  readonly #server: Server;
  readonly #credentials: Credentials;

  private constructor(server: Server, credentials: Credentials) {
    this.#server = server;
    this.#credentials = credentials;
  }

  /** Starts to listen where the options say. Throws `Failure` where that is not possible. */
  static async listen(node: TwisterNode, methods: ReadonlyMap<string, Method>): Promise<RpcServer> {
    const { rpcBind, rpcPort } = node.options;
    let credentials: Credentials | undefined;
    const server = createServer({ keepAliveTimeout: IDLE_MS, requireHostHeader: false }, (request, response) => {
      if (credentials === undefined) return void response.writeHead(503).end();
      handle(request, response, credentials, methods, node).catch((error: unknown) => {
        node.log.debug({ err: error }, 'an HTTP request failed');
        response.destroy();
      });
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error) => reject(listenFailure(error, rpcBind)));
      server.listen({ port: rpcPort, host: rpcBind }, () => resolve());
    });
    try {
      credentials = createCredentials(node.options);
    } catch (error) {
      server.close();
      throw error;
    }
    return new RpcServer(server, credentials);
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  /** Takes no more calls; those that are being answered have until then. */
  async close(): Promise<void> {
    this.#credentials.remove();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeIdleConnections();
      setTimeout(() => this.#server.closeAllConnections(), 500).unref();
    });
  }
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  credentials: Credentials,
  methods: ReadonlyMap<string, Method>,
  node: TwisterNode,
): Promise<void> {
  const { options } = node;
  const header = request.headers.authorization;
  if (!credentials.accepts(header)) {
    if (header !== undefined && options.rpcPassword !== undefined && options.rpcPassword.length < SHORT_PASSWORD)
      await delay(GUESS_MS);
    request.resume();
    response.writeHead(401, { 'www-authenticate': 'Basic realm="jsonrpc"', 'content-type': 'text/html' });
    return void response.end('<html><body><h1>401 Unauthorized.</h1></body></html>\n');
  }
  const path = (request.url ?? '/').replace(/[?#].*/s, '');
  if (request.method === 'GET' || request.method === 'HEAD') return sendFile(options.htmlDir, path, response);
  if (request.method !== 'POST') return void response.writeHead(405, { allow: 'GET, POST' }).end();
  if (path !== '/') return sendFile(undefined, path, response);
  if (isForeign(request) && !options.publicServer) return void response.writeHead(403).end();
  const body = await readBody(request);
  if (body === undefined) return void response.writeHead(413, { connection: 'close' }).end();
  await answer(body, response, methods, node);
}

async function answer(
  body: Uint8Array,
  response: ServerResponse,
  methods: ReadonlyMap<string, Method>,
  node: TwisterNode,
): Promise<void> {
  const request = readRequest(body);
  if (request instanceof RpcError) return send(response, statusOf(refuse(request)), answerToJson(refuse(request)));
  if (!Array.isArray(request)) {
    const one = await answerRequest(request, methods, node);
    return send(response, statusOf(one), answerToJson(one));
  }
  const all: RpcValue[] = [];
  for (const item of request as readonly RpcValue[]) all.push(answerToJson(await answerRequest(item, methods, node)));
  send(response, 200, all);
}

function readRequest(body: Uint8Array): RpcValue | RpcError {
  try {
    const value = parseJson(body);
    if (Array.isArray(value)) {
      if (value.length > MOST_CALLS) return new RpcError('invalidRequest', `more than ${MOST_CALLS} calls`);
      return value as readonly RpcValue[];
    }
    if (value !== null && typeof value === 'object') return value;
    return new RpcError('parse', 'Top-level object parse error');
  } catch (error) {
    if (error instanceof JsonError) return new RpcError('parse', 'Parse error');
    throw error;
  }
}

function statusOf({ error }: Answer): number {
  if (error === null) return 200;
  if (error.code === RPC_CODES.invalidRequest) return 400;
  return error.code === RPC_CODES.methodNotFound ? 404 : 500;
}

function send(response: ServerResponse, status: number, value: RpcValue): void {
  const body = Buffer.concat([writeJson(value), Buffer.from('\n')]);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length }).end(body);
}

/** A page of another site may make a browser that knows the password call, from a sandbox under the origin `null`; twisterd would answer it. */
function isForeign({ headers }: IncomingMessage): boolean {
  const { host, origin } = headers;
  return origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== host);
}

async function readBody(request: IncomingMessage): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > MOST_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

import { createReadStream, statSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css',
  '.png': 'image/png',
  '.gif': 'image/gif',
  '.svg': 'image/svg+xml',
  '.ttf': 'application/x-font-ttf',
  '.woff': 'font/woff',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.mp3': 'audio/mpeg',
  '.ogg': 'audio/ogg',
  '.json': 'application/json',
};
const HOME = '/home.html';

/** Sends a file of the web interface, or 404. `path` is the request's, without its query. */
export function sendFile(htmlDir: string | undefined, path: string, response: ServerResponse): void {
  const file = htmlDir === undefined ? undefined : fileIn(htmlDir, path === '/' ? HOME : path);
  if (file === undefined) {
    response
      .writeHead(404, { 'content-type': 'text/html; charset=utf-8' })
      .end('<html><body>not found</body></html>\n');
    return;
  }
  response.writeHead(200, {
    'content-type': TYPES[extname(file.path).toLowerCase()] ?? 'text/html; charset=utf-8',
    'content-length': file.size,
    'content-security-policy': "script-src 'self' 'unsafe-eval'",
  });
  createReadStream(file.path)
    .on('error', () => response.destroy())
    .pipe(response);
}

function fileIn(directory: string, path: string): { readonly path: string; readonly size: number } | undefined {
  let name: string;
  try {
    name = decodeURIComponent(path);
  } catch {
    return undefined;
  }
  const full = normalize(join(directory, name));
  if (name.includes('\0') || !full.startsWith(directory + sep)) return undefined;
  const stat = statSync(full, { throwIfNoEntry: false });
  return stat?.isFile() === true ? { path: full, size: stat.size } : undefined;
}

/** Serves a folder to browsers, as any web server does. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';

const TYPES: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript' };

export interface StaticFiles {
  origin: string;
  close(): void;
}

export async function serveFiles(folder: string): Promise<StaticFiles> {
  const server = createServer((request, response) => {
    try {
      const path = new URL(request.url!, 'http://localhost').pathname;
      const file = readFileSync(join(folder, path.endsWith('/') ? `${path}index.html` : path));
      response.setHeader('Content-Type', TYPES[extname(path || '.html')] ?? 'text/html').end(file);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => server.close(),
  };
}

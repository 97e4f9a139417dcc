import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { HealthConfig } from './health.config.js';

/**
 * Answers `/health/live` and `/metrics` (Prometheus) on `METRICS_PORT`, for processes that have no other HTTP server.
 * Whoever measures something registers it in `registry`.
 */
@Injectable()
export class Probes implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly registry = new Registry();
  private readonly logger = new Logger(Probes.name);
  private server?: Server;

  constructor(private readonly config: HealthConfig) {}

  async onApplicationBootstrap(): Promise<void> {
    const port = this.config.METRICS_PORT;
    if (port === undefined) return;
    collectDefaultMetrics({ register: this.registry });
    const server = createServer((request, response) => void this.answer(request, response));
    this.server = server;
    await new Promise<void>((done, fail) => server.once('error', fail).listen(port, '0.0.0.0', done));
  }

  onApplicationShutdown(): void {
    this.server?.close();
    this.server?.closeAllConnections();
  }

  private async answer({ url = '' }: IncomingMessage, response: ServerResponse): Promise<void> {
    const [status, type, body] = await this.answerTo(url);
    response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
  }

  private async answerTo(path: string): Promise<[status: number, type: string, body: string]> {
    if (path === '/health/live') return [200, 'application/json', '{"status":"ok"}'];
    if (path !== '/metrics') return [404, 'application/json', '{"status":"not found"}'];
    try {
      return [200, this.registry.contentType, await this.registry.metrics()];
    } catch (error) {
      this.logger.warn(`metrics could not be collected: ${(error as Error).message}`);
      return [503, 'text/plain', ''];
    }
  }
}

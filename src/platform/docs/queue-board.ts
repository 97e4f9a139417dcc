import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { createBullBoard } from '@bull-board/api';
import { FastifyAdapter } from '@bull-board/fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Queue } from 'bullmq';
import type { FastifyInstance } from 'fastify';
import { AppConfig, isDeployed } from '../config/app.config.js';
import { inTime, Queues } from '../queue/queues.js';
import { DOCS_ACCESS, type DocsAccess } from './docs-access.js';
import { letPagesRun, restrictPages } from './browser-pages.js';

const BOARD_PATH = '/admin/queues';
const BOARD_PATHS = /^\/admin\/queues(\/|$)/;

/** A read-only board: tasks are retried and deleted through the API, which knows everything about them. */
class ReadOnlyBoard extends FastifyAdapter {
  override setApiRoutes(routes: Parameters<FastifyAdapter['setApiRoutes']>[0]) {
    return super.setApiRoutes(routes.filter(({ method }) => [method].flat().every((one) => one === 'get')));
  }
}

/**
 * Shows the queues at /admin/queues: to everyone in local, to superusers elsewhere. Call it when the
 * queues are known.
 */
export async function serveBoard(app: NestFastifyApplication): Promise<void> {
  const fastify = app.getHttpAdapter().getInstance();
  letPagesRun(fastify, BOARD_PATHS, 'self');
  if (isDeployed()) restrictPages(fastify, BOARD_PATHS, app.get<DocsAccess>(DOCS_ACCESS, { strict: false }));
  const queues = app.get(Queues, { strict: false }).all;
  letProblemsBeTold(fastify, queues[0]!);
  const serverAdapter = new ReadOnlyBoard().setBasePath(BOARD_PATH);
  createBullBoard({
    queues: queues.map((queue) => new BullMQAdapter(queue, { readOnlyMode: true })),
    serverAdapter,
    options: { uiConfig: { boardTitle: app.get(AppConfig).APP_NAME } },
  });
  await fastify.register(serverAdapter.registerPlugin(), { prefix: BOARD_PATH });
}

/** The board has an error handler of its own, and waits for a Redis that does not answer. */
function letProblemsBeTold(fastify: FastifyInstance, queue: Queue): void {
  fastify.addHook('onRoute', (route) => {
    if (!BOARD_PATHS.test(route.url)) return;
    route.errorHandler = (error, request, reply) => fastify.errorHandler(error, request, reply);
    if (route.url.startsWith(`${BOARD_PATH}/api/`)) route.preHandler = async () => void (await inTime(queue.count()));
  });
}

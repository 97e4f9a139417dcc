/** Prints, as JSON, every route of the built application: what Nest's decorators say, and what Fastify serves. */
import 'reflect-metadata';
import { subscribe } from 'node:diagnostics_channel';
import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { getMetadataStorage } from 'class-validator';

const BODY = '3';
const QUERY = '4';

const served = [];
subscribe('fastify.initialization', ({ fastify }) => {
  fastify.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) served.push({ method: one, path: url });
  });
});
const { createApp } = await import('../../dist/src/create-app.js');
const { routesOf } = await import('../../dist/src/platform/docs/routes.js');
const { createLog } = await import('../../dist/src/platform/runtime/log/log.js');

const app = await createApp(createLog('route-table'));
const routes = routesOf(app).map(({ controller, handler, access, orHolder, answer }) => ({
  method: RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler)],
  path: pathOf(controller, handler),
  handler: `${controller.name}.${handler.name}`,
  access: access?.permission ?? access ?? 'signed in',
  orHolder,
  summary: answer?.summary,
  inputs: inputsOf(controller, handler),
}));
process.stdout.write(JSON.stringify({ routes, served }), () => process.exit(0));

function pathOf(controller, handler) {
  const parts = [controller, handler].map((owner) => Reflect.getMetadata(PATH_METADATA, owner));
  return `/api/v1/${parts.join('/')}`.replace(/\/+/g, '/').replace(/(.)\/$/, '$1');
}

/** The run-time class of each body and query, and how many rules class-validator knows for it. */
function inputsOf(controller, handler) {
  const types = Reflect.getMetadata('design:paramtypes', controller.prototype, handler.name) ?? [];
  const parameters = Object.entries(Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, handler.name) ?? {});
  return parameters
    .filter(([key]) => [BODY, QUERY].includes(key.split(':')[0]))
    .map(([, { index, data }]) => {
      const type = types[index];
      const rules = type ? getMetadataStorage().getTargetValidationMetadatas(type, '', false, false) : [];
      return { type: type?.name ?? null, field: data ?? null, rules: rules.length };
    });
}

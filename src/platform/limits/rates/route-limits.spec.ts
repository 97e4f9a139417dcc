import { isRoutePattern, RouteLimits } from './route-limits.js';

const limits = (...routes: string[]) => new RouteLimits(routes.map((route) => ({ route, limit: 1, period: 60 })));

test.each([
  ['*', true],
  ['POST /tasks', true],
  ['* /users/{username}/posts', true],
  ['GET /users/*', true],
  ['GET *', false],
  ['get /tasks', false],
  ['HEAD /tasks', false],
  ['POST  /tasks', false],
  ['/tasks', false],
  ['POST /tasks?page=1', false],
  ['POST /*/tasks', false],
  ['', false],
  [7, false],
])('%j is a pattern of routes: %j', (text, is) => {
  expect(isRoutePattern(text)).toBe(is);
});

test.each([
  ['POST', '/tasks', ['*', 'POST /tasks', '* /tasks', 'POST /*'], 'POST /tasks'],
  ['GET', '/tasks', ['*', 'POST /tasks', '* /tasks', 'GET /*'], '* /tasks'],
  ['GET', '/tasks/{task_id}', ['* /tasks*', 'GET /*', '*'], '* /tasks*'],
  ['GET', '/tasks/{task_id}', ['GET /tasks/*', '* /tasks/*', '* /tasks/{task_id}'], '* /tasks/{task_id}'],
  ['HEAD', '/users/me', ['GET /users/me', '*'], 'GET /users/me'],
  ['GET', '/users/me', ['* /tasks*', '*'], '*'],
  ['GET', '/users/me', ['POST /*', 'GET /users'], undefined],
])('of %s %s among %j, it is %j that counts', (method, path, routes, chosen) => {
  const own = limits(...routes);
  const url = path.replace(/\{(\w+)\}/g, ':$1');
  for (const _ of ['found', 'known']) expect(own.of(method, url)?.route).toBe(chosen);
});

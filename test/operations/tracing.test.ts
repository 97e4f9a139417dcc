/** What a collector of OpenTelemetry sees of an API and of a worker. */
import { PREFIX } from '../support/api.js';
import type { Span } from '../support/collector.js';
import { until } from '../support/program.js';
import { CLIENT_SPAN, fromClient, named, newTrace, Traced, TRACE_MILLISECONDS, under } from '../support/traced.js';
import { tellsFailures } from './traced-failures.js';

let traced: Traced;
beforeAll(async () => {
  traced = await Traced.start();
});
afterAll(() => traced.stop());

test('one trace leads from the request through SQL and the queue into the worker', async () => {
  const traceId = newTrace();
  const path = await traced.post(traceId, { message: 'traced', seconds: 0 });
  // Each process sends its own.
  await traced.spansOf(traceId, 'run sample');
  const spans = await traced.spansOf(traceId, `POST ${PREFIX}/tasks`);
  const [request, enqueue, run] = [`POST ${PREFIX}/tasks`, 'enqueue sample', 'run sample'].map((name) =>
    named(spans, name),
  ) as [Span, Span, Span];

  expect(request).toMatchObject({
    service: 'tests-api',
    kind: 'server',
    parentSpanId: CLIENT_SPAN,
    isError: false,
    attributes: { 'http.request.method': 'POST', 'http.route': `${PREFIX}/tasks`, 'http.response.status_code': 202 },
  });
  expect(enqueue).toMatchObject({ kind: 'producer', parentSpanId: request.spanId });
  expect(run).toMatchObject({
    service: 'tests-worker',
    kind: 'consumer',
    parentSpanId: enqueue.spanId,
    attributes: { 'messaging.message.id': path.split('/').at(-1), 'messaging.destination.name': 'tasks', attempt: 1 },
  });
  const [insert] = under(spans, enqueue);
  expect(insert!.attributes).toMatchObject({
    'db.system.name': 'postgresql',
    'db.query.text': expect.stringContaining('INSERT INTO task'),
  });
  // Who is signed in is read after the body, whose events know nothing of the request.
  expect(under(spans, request).map(({ name }) => name)).toContain('SELECT');
  expect(await traced.lineOf(traceId, '"request"')).toMatchObject({
    msg: 'request',
    route: `${PREFIX}/tasks`,
    trace_id: traceId,
  });
});

test('statements belong to the request that waits for them, also where many wait for a connection', async () => {
  const traces = Array.from({ length: 40 }, newTrace);
  await Promise.all(
    traces.map((id) => traced.user.agent.get(`${PREFIX}/tasks/999999`).set(fromClient(id)).expect(404)),
  );
  for (const traceId of traces) {
    const spans = await traced.spansOf(traceId, `GET ${PREFIX}/tasks/:task_id`);
    const request = named(spans, `GET ${PREFIX}/tasks/:task_id`);
    const reads = spans.filter(({ attributes }) => String(attributes['db.query.text']).includes('"task"'));
    expect(reads).toMatchObject([{ name: 'SELECT', parentSpanId: request.spanId }]);
  }
});

test('a request without a trace begins one, and probes do not', async () => {
  const { headers } = await traced.api.http.get('/nothing-here?canary').expect(404);
  const id = headers['x-request-id'] as string;
  const own = () => traced.collector.spans.find(({ attributes }) => attributes.request_id === id);
  await traced.api.http.get('/health/ready').expect(200);
  await until(() => own() !== undefined, TRACE_MILLISECONDS);
  expect(own()!.parentSpanId ?? '').toBe('');
  expect(own()!.name).toBe('GET');
  expect(traced.collector.received).not.toContain('/health/');
});

test('of the headers of a client only the traceparent gets to the collector', async () => {
  const traceId = newTrace();
  const canaries = { tracestate: 'vendor=canary-state', baggage: 'key=canary-baggage' };
  await traced.user.agent
    .get(`${PREFIX}/users/me`)
    .set({ ...fromClient(traceId), ...canaries })
    .expect(200);
  await traced.spansOf(traceId, `GET ${PREFIX}/users/me`);
  expect(traced.collector.received).not.toMatch(/canary-(state|baggage)/);
});

test('a trace that was not sampled is not sent', async () => {
  const [traceId, sent] = [newTrace(), newTrace()];
  await traced.user.agent
    .get(`${PREFIX}/users/me`)
    .set({ traceparent: `00-${traceId}-${CLIENT_SPAN}-00` })
    .expect(200);
  await traced.askAsUser(sent);
  await traced.spansOf(sent, `GET ${PREFIX}/users/me`);
  expect(traced.collector.spans.filter((span) => span.traceId === traceId)).toEqual([]);
});

test('an event stream is a span until it begins', async () => {
  const path = await traced.post(newTrace(), { message: 'watched', seconds: 3 });
  const traceId = newTrace();
  const gone = new AbortController();
  const stream = await fetch(`${traced.api.program.url}${path}/events`, {
    headers: { authorization: `Bearer ${traced.user.token}`, ...fromClient(traceId) },
    signal: gone.signal,
  });
  expect(stream.status).toBe(200);
  expect(await traced.spansOf(traceId, `GET ${PREFIX}/tasks/:task_id/events`)).toContainEqual(
    expect.objectContaining({ kind: 'server', isError: false }),
  );
  const { body } = await traced.user.agent.get(path).expect(200);
  expect(body.status).not.toBe('completed');
  gone.abort();
});

test('a task that nobody traced begins a trace of its own', async () => {
  const [row] = await traced.api.database.query<{ id: number }>(
    `INSERT INTO task (name, payload) VALUES ('sample', '{"message":"alone","seconds":0}') RETURNING id`,
  );
  const run = () =>
    traced.collector.spans.find(({ attributes }) => attributes['messaging.message.id'] === String(row!.id));
  await until(() => run() !== undefined, TRACE_MILLISECONDS);
  expect(run()!.parentSpanId ?? '').toBe('');
});

tellsFailures(() => traced);

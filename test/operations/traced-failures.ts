/** What traces tell of failures, what they never tell, and that they are no reason for one. */
import { setTimeout as sleep } from 'node:timers/promises';
import { NAME, PREFIX } from '../support/api.js';
import { until } from '../support/program.js';
import { send } from '../support/raw.js';
import { cookiesOf } from '../support/secrets.js';
import { CLIENT_SPAN, fromClient, named, newTrace, type Traced, TRACE_MILLISECONDS, under } from '../support/traced.js';
import { ended } from '../tasks/watch.js';

export function tellsFailures(traced: () => Traced): void {
  test('a request that fails is told by its kind, and by its line in the log', async () => {
    const { api } = traced();
    const traceId = newTrace();
    await api.database.query('ALTER TABLE "user" RENAME COLUMN profile_image_url TO renamed');
    await api.http.get(`${PREFIX}/users`).set(fromClient(traceId)).expect(500);
    await api.database.query('ALTER TABLE "user" RENAME COLUMN renamed TO profile_image_url');
    const spans = await traced().spansOf(traceId, `GET ${PREFIX}/users`);
    const request = named(spans, `GET ${PREFIX}/users`);
    expect(request).toMatchObject({ isError: true, attributes: { 'error.type': '500' } });
    const failed = under(spans, request).find(({ isError }) => isError);
    expect(failed).toMatchObject({ name: 'SELECT', attributes: { 'error.type': '42703' } });
    expect(await traced().lineOf(traceId, 'request failed')).toMatchObject({ level: 50, trace_id: traceId });
  });

  test('an attempt of a task that fails is told by its kind', async () => {
    const traceId = newTrace();
    await traced().api.database.query(`INSERT INTO task (name, payload, traceparent) VALUES ('sample', '{}', $1)`, [
      fromClient(traceId).traceparent,
    ]);
    const [run] = await traced().spansOf(traceId, 'run sample');
    const attributes = { 'error.type': 'ValidationFailed', attempt: 1 };
    expect(run).toMatchObject({ parentSpanId: CLIENT_SPAN, isError: true, attributes });
  });

  test('secrets are in no log, metric or trace, and passwords and tokens in no task', async () => {
    const payload = 'canary-payload-91be';
    const secrets = await useSecrets(traced(), payload);
    const last = newTrace();
    await traced().askAsUser(last);
    await traced().spansOf(last, `GET ${PREFIX}/users/me`);
    for (const [place, text] of Object.entries(await traced().shown())) {
      expect(text.length).toBeGreaterThan(1_000);
      for (const [what, secret] of Object.entries({ ...secrets, payload })) {
        expect({ place, what, isShown: text.includes(secret) }).toEqual({ place, what, isShown: false });
      }
    }
    const kept = JSON.stringify(
      await traced().api.database.query(
        `SELECT to_jsonb(one) FROM task one UNION ALL SELECT to_jsonb(one) FROM bullmq.job one`,
      ),
    );
    expect(kept).toContain(payload);
    for (const secret of Object.values(secrets)) expect(kept).not.toContain(secret);
  });

  test('a collector that says nothing or is away costs no request anything, and one line', async () => {
    const { collector } = traced();
    const lines = () => traced().linesWith('do not reach the collector');
    const usual = await askOften(traced());
    collector.isSilent = true;
    expect(await askOften(traced())).toBeLessThan(3 * usual + 500);
    await until(() => lines().length > 0, TRACE_MILLISECONDS);
    collector.close();
    expect(await askOften(traced())).toBeLessThan(3 * usual + 500);
    await sleep(1_500);
    expect(lines()).toHaveLength(1);
    collector.isSilent = false;
    await collector.open();
    const traceId = newTrace();
    await traced().askAsUser(traceId);
    await traced().spansOf(traceId, `GET ${PREFIX}/users/me`);
  });
}

/** How long a hundred requests take, in milliseconds. */
async function askOften(traced: Traced): Promise<number> {
  const begun = performance.now();
  for (let asked = 0; asked < 100; asked++) await traced.askAsUser(newTrace());
  return performance.now() - begun;
}

/** Everything that may tell of them, well done and badly: signing in, registering, statements, tasks. */
async function useSecrets(traced: Traced, payload: string): Promise<Record<string, string>> {
  const { api } = traced;
  const password = 'Canary-passw0rd-7f3a';
  const user = await api.signUp({ username: 'canaryname', password });
  const { email, token } = user;
  await user.agent.get(`${PREFIX}/nope?token=${token}&email=${email}`).expect(404);
  await user.agent.get(`${PREFIX}/users/${payload}`).set('cookie', `refresh_token=${payload}`).expect(404);
  const login = { method: 'POST', path: `${PREFIX}/auth/login`, body: { username: email, password } };
  const [cookie] = cookiesOf(await send(api.program.url, login));
  const refresh_token = cookie!.split('=')[1]!;
  const refresh = { ...login, path: `${PREFIX}/auth/refresh`, body: { refresh_token } };
  expect((await send(api.program.url, refresh)).status).toBe(200);
  const wrong = { username: email, password: `${password}-wrong` };
  await api.http.post(`${PREFIX}/auth/login`).send(wrong).expect(401);

  const taken = { name: NAME, username: 'canaryother', email, password };
  await api.http.post(`${PREFIX}/users`).send(taken).expect(409);
  await api.database.query('ALTER TABLE "user" RENAME COLUMN name TO renamed');
  await api.http.post(`${PREFIX}/users`).send(taken).expect(500);
  await api.database.query('ALTER TABLE "user" RENAME COLUMN renamed TO name');

  const [done, failed] = [newTrace(), newTrace()];
  const path = await traced.post(done, { message: payload, seconds: 0 }, user);
  await api.database.query(`INSERT INTO task (name, payload, traceparent) VALUES ('sample', $1, $2)`, [
    { message: [payload], canary: payload },
    fromClient(failed).traceparent,
  ]);
  expect(await ended(user, path)).toMatchObject({ status: 'completed', result: `Task ${payload} is complete!` });
  for (const traceId of [done, failed]) await traced.spansOf(traceId, 'run sample');
  return { password, token, refresh_token, email };
}

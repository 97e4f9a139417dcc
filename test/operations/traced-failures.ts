/** What traces tell of failures, what they never tell, and that they are no reason for one. */
import { setTimeout as sleep } from 'node:timers/promises';
import { NAME, PREFIX } from '../support/api.js';
import { until } from '../support/program.js';
import { CLIENT_SPAN, fromClient, named, newTrace, type Traced, TRACE_MILLISECONDS, under } from '../support/traced.js';
import { ended } from '../tasks/watch.js';

export function tellsFailures(traced: () => Traced): void {
  test('a request that fails is told by its kind, and by its line in the log', async () => {
    const { api, user } = traced();
    const traceId = newTrace();
    await api.database.query('ALTER TABLE post RENAME COLUMN media_url TO renamed');
    await user.agent.get(`${PREFIX}/posts`).set(fromClient(traceId)).expect(500);
    await api.database.query('ALTER TABLE post RENAME COLUMN renamed TO media_url');
    const spans = await traced().spansOf(traceId, `GET ${PREFIX}/posts`);
    const request = named(spans, `GET ${PREFIX}/posts`);
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
    const { api } = traced();
    const password = 'Canary-passw0rd-7f3a';
    const payload = 'canary-payload-91be';
    const user = await api.signUp({ username: 'canaryname', password });
    const { email, token } = user;
    const traceId = newTrace();
    const path = await traced().post(traceId, { message: payload, seconds: 0 }, user);
    await user.agent.get(`${PREFIX}/nope?token=${token}&email=${email}`).expect(404);
    await user.agent.get(`${PREFIX}/users/${payload}`).set('cookie', `refresh_token=${payload}`).expect(404);
    const wrong = { username: email, password: `${password}-wrong` };
    await api.http.post(`${PREFIX}/auth/login`).send(wrong).expect(401);
    const taken = { name: NAME, username: 'canaryother', email, password };
    await api.http.post(`${PREFIX}/users`).send(taken).expect(409);
    const done = { status: 'completed', result: `Task ${payload} is complete!` };
    expect(await ended(user, path)).toMatchObject(done);
    await traced().spansOf(traceId, 'run sample');
    const last = newTrace();
    await traced().askAsUser(last);
    await traced().spansOf(last, `GET ${PREFIX}/users/me`);

    for (const [place, text] of Object.entries(await traced().shown())) {
      expect(text.length).toBeGreaterThan(1_000);
      for (const [what, secret] of Object.entries({ password, token, email, payload })) {
        expect({ place, what, isShown: text.includes(secret) }).toEqual({ place, what, isShown: false });
      }
    }
    const kept = JSON.stringify(
      await api.database.query(`SELECT to_jsonb(one) FROM task one UNION ALL SELECT to_jsonb(one) FROM bullmq.job one`),
    );
    expect(kept).toContain(payload);
    for (const secret of [password, token, email]) expect(kept).not.toContain(secret);
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
  }, 30_000);
}

/** How long a hundred requests take, in milliseconds. */
async function askOften(traced: Traced): Promise<number> {
  const begun = performance.now();
  for (let asked = 0; asked < 100; asked++) await traced.askAsUser(newTrace());
  return performance.now() - begun;
}

import { PASSWORD, PREFIX, refused, type User } from '../support/api.js';
import { holdLocks, waitingForLocks } from '../support/locks.js';
import { until } from '../support/program.js';
import { outcomeOf } from './browser.js';
import { HOME, type Scene, startScene, stranger } from './scene.js';

const LINKS = `${PREFIX}/auth/links`;

let scene: Scene;
let user: User;
beforeAll(async () => {
  scene = await startScene();
});
beforeEach(async () => {
  user = await scene.api.signUp();
});
afterAll(() => scene.stop());

const query = <R extends object>(sql: string, values: unknown[] = [user.id]) =>
  scene.api.database.query<R>(sql, values);
const withoutPassword = () => query('UPDATE "user" SET hashed_password = NULL WHERE id = $1');
const stale = () => query(`UPDATE auth_session SET proved_at = now() - interval '11 minutes' WHERE user_id = $1`);

/** Links somebody whom a provider signs in to the user's account. */
async function link(claims = stranger(), { provider = 'acme', to = user, browser = scene.browser() } = {}) {
  const asked = await browser.leaveToLink(provider, to);
  const iss = scene.issuer.url + (provider === 'acme' ? '' : `/${provider}`);
  const code = scene.issuer.grant({ asked, claims: { iss, ...claims } });
  return outcomeOf(await browser.comeBack(provider, { state: asked.state, code }));
}

async function links(): Promise<{ id: number; provider: string; created_at: string }[]> {
  return (await user.agent.get(LINKS).expect(200)).body.data;
}

describe('linking', () => {
  test('lets the other site sign in to the account, whatever address it knows', async () => {
    const claims = stranger({ email_verified: false });
    expect(await link(claims)).toEqual({ page: HOME });
    expect(await links()).toEqual([{ id: expect.any(Number), provider: 'acme', created_at: expect.any(String) }]);
    const { browser } = await scene.visit({ claims });
    expect((await browser.me()).id).toBe(user.id);
  });

  test('opens no session', async () => {
    const browser = scene.browser();
    await link(stranger(), { browser });
    expect([...browser.cookies.keys()]).toEqual(['social_sign_in']);
  });

  test('happens once, however often it is done', async () => {
    const claims = stranger();
    for (let n = 0; n < 2; n++) expect(await link(claims)).toEqual({ page: HOME });
    expect(await links()).toHaveLength(1);
  });

  test('takes nobody from another account', async () => {
    const claims = stranger();
    await scene.visit({ claims });
    expect(await link(claims)).toEqual({ page: HOME, error: 'linked_elsewhere' });
    expect(await links()).toEqual([]);
  });

  test('is done with one account of a site', async () => {
    await link();
    expect(await link()).toEqual({ page: HOME, error: 'already_linked' });
    expect(await link(stranger(), { provider: 'other' })).toEqual({ page: HOME });
    expect((await links()).map(({ provider }) => provider)).toEqual(['other', 'acme']);
  });

  test('ends with the session that began it', async () => {
    const browser = scene.browser();
    const asked = await browser.leaveToLink('acme', user);
    await user.agent.post(`${PREFIX}/auth/logout-all`).expect(204);
    const code = scene.issuer.grant({ asked, claims: stranger() });
    const answer = await browser.comeBack('acme', { state: asked.state, code });
    expect(outcomeOf(answer)).toEqual({ page: HOME, error: 'sign_in_refused' });
  });

  test('is not done by a browser that only has the address', async () => {
    const { state, ...asked } = await scene.browser().leaveToLink('acme', user);
    const victim = scene.browser();
    await victim.leave('acme');
    const code = scene.issuer.grant({ asked: { state, ...asked }, claims: stranger() });
    expect(outcomeOf(await victim.comeBack('acme', { state, code }))).toMatchObject({ status: 403 });
    expect(await links()).toEqual([]);
  });

  test('takes a fresh proof', async () => {
    await stale();
    const path = `${PREFIX}/auth/oidc/acme/link`;
    await refused(user.agent.post(path).send({}), 403, 'fresh_proof_required');
    await user.agent.post(`${PREFIX}/auth/proof`).send({ password: PASSWORD }).expect(204);
    await user.agent.post(path).send({}).expect(200);
  });

  test.each([
    ['an issuer that is away', 'away', {}, 503, 'issuer_unavailable'],
    ['nobody', 'nobody', {}, 404, 'provider_not_found'],
    ['a way back that leads elsewhere', 'acme', { redirect_to: '//evil.example' }, 422, 'validation_failed'],
    ['what it does not know', 'acme', { user_id: 1 }, 422, 'validation_failed'],
  ])('with %s is refused', async (_, provider, body, status, code) => {
    await refused(user.agent.post(`${PREFIX}/auth/oidc/${provider}/link`).send(body), status, code);
  });

  test('is not begun by pages of other sites', async () => {
    const request = user.agent.post(`${PREFIX}/auth/oidc/acme/link`).set('origin', 'https://evil.example');
    await refused(request.send({}), 403, 'foreign_origin');
  });
});

describe('unlinking', () => {
  test('closes the account to the other site', async () => {
    const claims = stranger();
    await link(claims);
    const { id } = (await links())[0]!;
    await user.agent.delete(`${LINKS}/${id}`).expect(204);
    expect(await links()).toEqual([]);
    const { browser } = await scene.visit({ claims });
    expect((await browser.me()).id).not.toBe(user.id);
  });

  test('takes a fresh proof', async () => {
    await link();
    await stale();
    const { id } = (await links())[0]!;
    await refused(user.agent.delete(`${LINKS}/${id}`), 403, 'fresh_proof_required');
    expect(await links()).toHaveLength(1);
  });

  test('what is not one’s own is not found', async () => {
    await link();
    const { id } = (await links())[0]!;
    const { agent } = await scene.api.signUp();
    await refused(agent.delete(`${LINKS}/${id}`), 404, 'link_not_found');
    await refused(user.agent.delete(`${LINKS}/x`), 404, 'link_not_found');
  });

  test('leaves one way in: the last link stays where there is no password', async () => {
    await link();
    await withoutPassword();
    const { id } = (await links())[0]!;
    await refused(user.agent.delete(`${LINKS}/${id}`), 409, 'last_way_in');
    expect(await links()).toHaveLength(1);
    await link(stranger(), { provider: 'other' });
    await user.agent.delete(`${LINKS}/${id}`).expect(204);
    expect((await links()).map(({ provider }) => provider)).toEqual(['other']);
  });

  test('counts no link by which nobody can sign in any more', async () => {
    await link();
    await link(stranger(), { provider: 'other' });
    await withoutPassword();
    await query(`UPDATE social_link SET provider = 'gone' WHERE user_id = $1 AND provider = 'other'`);
    const acme = (await links()).find(({ provider }) => provider === 'acme')!;
    await refused(user.agent.delete(`${LINKS}/${acme.id}`), 409, 'last_way_in');
  });

  test('of both links at once takes one', async () => {
    await link();
    await link(stranger(), { provider: 'other' });
    await withoutPassword();
    const release = await holdLocks(scene.api.database, `SELECT FROM "user" WHERE id = ${user.id} FOR UPDATE`);
    const both = (await links()).map(({ id }) => user.agent.delete(`${LINKS}/${id}`).then(({ status }) => status));
    await until(async () => (await waitingForLocks(scene.api.database)) === 2);
    await release();
    expect((await Promise.all(both)).toSorted()).toEqual([204, 409]);
    expect(await links()).toHaveLength(1);
  });
});

import { type Api, PREFIX } from '../../support/api.js';
import { startLabApi } from '../../support/lab.js';
import { finish } from '../../support/program.js';

let api: Api;
beforeAll(async () => {
  api = await startLabApi({ CACHE_ENABLED: 'false' });
  const { agent } = await api.signUp();
  const product = { sku: 'house', name: 'Häuser', description: 'Running', price_cents: 1, currency: 'EUR' };
  await agent.post(`${PREFIX}/lab/products`).send(product).expect(201);
});
afterAll(() => api.stop());

const count = async (search: string) =>
  (await api.http.get(`${PREFIX}/lab/products`).query({ search }).expect(200)).body.total_count as number;

test('migrate applies SEARCH_LANGUAGE to what is stored, whenever it changes', async () => {
  const migrate = async (SEARCH_LANGUAGE: string) =>
    (await finish('migrate', { ...api.env, SEARCH_LANGUAGE }, [])).output.includes('searched in another language');
  const found = async () => [await count('Haus'), await count('run'), await count('Häuser')];
  expect(await found()).toEqual([0, 1, 1]);
  expect(await migrate('german')).toBe(true);
  expect(await found()).toEqual([1, 0, 1]);
  expect(await migrate('german')).toBe(false);
  expect(await migrate('simple')).toBe(true);
  expect(await found()).toEqual([0, 0, 1]);
});

test('a language that PostgreSQL does not have is refused by name', async () => {
  const { code, output } = await finish('migrate', { ...api.env, SEARCH_LANGUAGE: 'klingon' }, []);
  expect(code).not.toBe(0);
  expect(output).toContain('SEARCH_LANGUAGE');
});

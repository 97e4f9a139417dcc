/** What is measured with API keys. `keys`: a request that a key lets in, beside one that an access token does. */
import { load, measure } from '../load.mjs';
import { start } from '../programs.mjs';
import { PREFIX, signIn } from '../requests.mjs';

export const modes = { keys };

const [TOKEN, BEARER, HEADER] = ['access token', 'key, bearer', 'key, X-API-Key'];

async function keys(env, _url, options) {
  const program = await start('dist/src/main.js', env);
  const authorization = `Bearer ${await signIn(program.url)}`;
  const key = await createKey(program.url, authorization);
  const target = (headers) => ({ program, paths: [`${PREFIX}/users/me`], headers });
  const targets = {
    [TOKEN]: target({ authorization }),
    [BEARER]: target({ authorization: `Bearer ${key}` }),
    [HEADER]: target({ 'x-api-key': key }),
  };
  // What only the first requests cost is over.
  for (const one of Object.values(targets)) await load(one, { ...options, amount: 1_000 });
  const results = await measure(targets, options);
  await program.stop();
  const ratios = [BEARER, HEADER].map((read) => ({ read, against: TOKEN, figure: 'node_us', atMost: 1.1 }));
  return { ...results, ratios };
}

async function createKey(url, authorization) {
  const answer = await fetch(`${url}${PREFIX}/api-keys`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Bench' }),
  });
  return (await answer.json()).key;
}

/** The client that `npm run client` makes, in a program with a key. */
import { createKey } from '../../api-keys/keys.js';
import { startApi } from '../../support/api.js';
import { Consumer } from '../../support/consumer.js';
import { text } from '../../support/pages.js';

const SAMPLE = /^```js\n([\s\S]*?)^```$/m;

test('a program shows its key as docs/api-keys.md says', async () => {
  const consumer = new Consumer();
  const [api] = await Promise.all([startApi(), consumer.install()]);
  const owner = await api.signUp();
  const { key } = await createKey(owner);
  const code = SAMPLE.exec(text('docs/api-keys.md'))![1]!
    .replace('http://localhost:8000', api.program.url)
    .replace('process.env.API_KEY', `'${key}'`);
  expect(await consumer.run(code)).toBe(`${owner.username}\n`);
  await api.stop();
  consumer.remove();
});

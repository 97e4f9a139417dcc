/** The issuer of oidc-provider, which runs as a program of its own: it says where it listens, and is told who its client is. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

const server = createServer().listen(0, '127.0.0.1');
await once(server, 'listening');
// Of another site than the API, which is at 127.0.0.1.
const issuer = `http://localhost:${server.address().port}`;
process.send({ issuer });
const [client] = await once(process, 'message');

const provider = new Provider(issuer, {
  clients: [{ ...client, response_types: ['code'], grant_types: ['authorization_code'] }],
  pkce: { required: () => true },
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'preferred_username'] },
  findAccount: (_, login) => ({
    accountId: login,
    claims: () => ({
      sub: login,
      email: `${login}@example.com`,
      email_verified: login !== 'mallory',
      name: `The ${login}`,
      preferred_username: login,
    }),
  }),
  cookies: { keys: ['key-of-a-test'] },
});
server.on('request', provider.callback());
process.send({ isReady: true });

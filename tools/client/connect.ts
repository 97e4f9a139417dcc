import { client as shared } from './generated/client.gen.js';
import type { Client } from './generated/client/index.js';
import { type EventRequest, eventsOf } from './events.js';
import { problemOf } from './problems.js';
import { sendUntilAnswered } from './repeats.js';
import { SignIn, type SignInOptions } from './sign-in.js';

export interface Connection extends SignInOptions {
  /** One of `createClient()`, where a program speaks for several users: give it to each operation too. */
  client?: Client;
}

/** Leads all operations to an API. Call it once, before the first one. */
export function connect({ client = shared, ...options }: Connection): Client {
  const baseUrl = options.baseUrl.replace(/\/+$/, '');
  const signIn = new SignIn({ ...options, baseUrl });
  client.setConfig({
    baseUrl,
    fetch: (...sent) => sendUntilAnswered(new Request(...sent), (request) => signIn.send(request)),
    // Marks what needs sign-in; the token is put in when it is sent, and nothing else that would do instead.
    auth: ({ type }) => (type === 'http' ? 'token' : undefined),
  });
  client.interceptors.error.clear();
  client.interceptors.error.use(problemOf);
  const follow = (sent: EventRequest) => Promise.resolve({ stream: eventsOf(client, sent) });
  client.sse.get = follow as Client['sse']['get'];
  return client;
}

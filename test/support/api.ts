/** An API on a database of its own, and the people who use it. */
import request, { type Agent, type Response, type Test } from 'supertest';
import {
  createDatabase,
  type Environment,
  environment,
  type Program,
  SHARED_SETTINGS,
  start,
  type TestDatabase,
} from './program.js';
import { agentFor, keepConnectionsTo, send } from './raw.js';
import { borrowApi, type Shared } from './shared-api.js';
import type { TestConfig } from './test.config.js';

// Checked once for all suites.
const { TEST_NAME, TEST_USERNAME, TEST_EMAIL, TEST_PASSWORD } = JSON.parse(process.env.TEST_ACCOUNT!) as TestConfig;
export const NAME = TEST_NAME;
export const PASSWORD = TEST_PASSWORD;

export interface User {
  id: number;
  username: string;
  email: string;
  token: string;
  /** Requests in the name of the user, to paths under the prefix. */
  agent: Agent;
}

export interface Api {
  database: TestDatabase;
  program: Program;
  env: Environment;
  /** Requests in nobody's name, to any path. */
  http: Agent;
  /** Registers and signs in; what is not given is made up. */
  signUp(fields?: Partial<{ name: string; username: string; email: string; password: string }>): Promise<User>;
  superuser(): Promise<User>;
  stop(): Promise<void>;
}

export const PREFIX = '/api/v1';
let counter = 0;

/** An API of the suite's own, with settings of its own; `stop` it after the suite. `through` leads it to its database. */
export async function startApi(
  overrides: Environment = {},
  through: (url: string) => string | Promise<string> = (url) => url,
  { entry = 'main', template }: { entry?: string; template?: string } = {},
): Promise<Api> {
  const database = await createDatabase(template);
  const env = environment(await through(database.url), overrides);
  return apiOn(await start(entry, env), database, env);
}

/** The usual API, which takes an address from a proxy, for suites that need no other settings; `stop` it after the suite. */
export async function useApi(shared: Shared = { entry: 'main' }): Promise<Api> {
  const { program, database } = await borrowApi(shared);
  keepConnectionsTo(program.url);
  return apiOn(program, database, environment(database.url, SHARED_SETTINGS));
}

/** The same of a program that runs already. */
export function apiOn(program: Program, database: TestDatabase, env: Environment): Api {
  const agentOf = () => request.agent(program.url).use((one: Test) => one.agent(agentFor(program.url)));
  const http = agentOf();

  async function post<T>(path: string, body: object, status: number): Promise<T> {
    const answer = await send(program.url, { method: 'POST', path: PREFIX + path, body });
    expect(answer.status).toBe(status);
    return JSON.parse(answer.text) as T;
  }

  async function signedIn(id: number, username: string, password: string, email: string): Promise<User> {
    const { access_token: token } = await post<{ access_token: string }>('/auth/login', { username, password }, 200);
    return { id, username, email, token, agent: agentOf().auth(token, { type: 'bearer' }) };
  }

  return {
    database,
    program,
    env,
    http,
    async signUp(fields = {}) {
      const username = fields.username ?? `${TEST_USERNAME.slice(0, 14)}${++counter}`;
      const email = TEST_EMAIL.replace(/^[^@]*/, username);
      const account = { name: TEST_NAME, username, email, password: PASSWORD, ...fields };
      const { id } = await post<User>('/users', account, 201);
      return signedIn(id, username, account.password, account.email);
    },
    async superuser() {
      // What create-superuser does, which has a suite of its own, without another process.
      const account = {
        name: 'Admin',
        username: 'rootuser',
        email: 'admin@example.com',
        password: env.ADMIN_PASSWORD!,
      };
      const { id } = await post<User>('/users', account, 201);
      await database.query(`UPDATE "user" SET username = 'admin', is_superuser = true WHERE id = $1`, [id]);
      return signedIn(id, 'admin', env.ADMIN_PASSWORD!, account.email);
    },
    async stop() {
      await program.stop();
      await database.drop();
    },
  };
}

/** Deletes the account of the user, who knows its password. */
export function leave({ agent, username }: Pick<User, 'agent' | 'username'>, current_password = PASSWORD): Test {
  return agent.delete(`${PREFIX}/users/${username}`).send({ current_password });
}

/** Sends a request that must be refused with that status and problem code. */
export async function refused(sent: Test, status: number, code: string): Promise<Response> {
  const response = await sent;
  expect({ status: response.status, code: response.body.code }).toEqual({ status, code });
  return response;
}

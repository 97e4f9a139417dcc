/** Requests that a well-behaved client library would not send, and what every refusal has in common. */
import { Agent, type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import type { Api } from './api.js';

export interface Sent {
  method?: string;
  path: string;
  /** Text and bytes travel as they are; anything else as JSON. */
  body?: unknown;
  /** The content type; null sends none. */
  type?: string | null;
  token?: string;
  headers?: OutgoingHttpHeaders;
  /** By default, as `agentFor` has it. */
  agent?: Agent;
}

export interface Received {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

const ANSWER_MILLISECONDS = 15_000;
// To make a connection costs both sides as much as a small request.
const keeping = new Agent({ keepAlive: true });
const passing = new Agent({ keepAlive: false });
const kept = new Set<string>();

/** Keeps connections to this program from now on, which then counts them, and has all requests in the same process. */
export function keepConnectionsTo(url: string): void {
  kept.add(url);
}

/** For a program that suites share, one that keeps connections; for others, one by which each request has its own. */
export const agentFor = (url: string): Agent => (kept.has(url) ? keeping : passing);

export function send(
  url: string,
  { method = 'GET', path, body, type, token, headers = {}, agent = agentFor(url) }: Sent,
): Promise<Received> {
  const payload = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  const all: OutgoingHttpHeaders = { ...headers };
  if (payload !== undefined) all['content-length'] = Buffer.byteLength(payload);
  if (type !== null && (type !== undefined || payload !== undefined)) all['content-type'] = type ?? 'application/json';
  if (token !== undefined) all.authorization = `Bearer ${token}`;
  return new Promise((done, fail) => {
    const sent = request(url, { method, path, headers: all, agent }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part) => (text += part));
      answer.once('end', () => done({ status: answer.statusCode!, headers: answer.headers, text }));
    });
    // A server may answer and hang up before it has read a body that is too large: the first outcome counts.
    sent.setTimeout(ANSWER_MILLISECONDS, () => sent.destroy(new Error(`${method} ${path} was not answered`)));
    sent.once('error', fail).end(payload);
  });
}

/** Sends bytes, which need not be HTTP, and gives what comes until the other side closes the connection. */
export function sendBytes(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((done, fail) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    socket.setEncoding('utf8').on('data', (part) => (answer += part));
    socket.once('error', fail).once('close', () => done(answer));
  });
}

/** Holds an answer against the contract of errors: problem details that name this request. */
export function expectProblem(received: Received, status: number | number[], code?: string | RegExp): void {
  expect([status].flat()).toContain(received.status);
  expect(received.headers['content-type']).toMatch(/^application\/problem\+json\b/);
  expect(received.headers['cache-control']).toBe('no-store');
  const problem = JSON.parse(received.text) as Record<string, unknown>;
  expect(problem).toMatchObject({
    type: expect.any(String),
    title: expect.stringMatching(/./),
    status: received.status,
    detail: expect.stringMatching(/./),
    instance: expect.stringMatching(/^\//),
    code: expect.stringMatching(/^[a-z]+(_[a-z]+)*$/),
    request_id: received.headers['x-request-id'],
  });
  if (code !== undefined) expect(problem.code).toEqual(code instanceof RegExp ? expect.stringMatching(code) : code);
}

// A refusal may leave behind that somebody has failed to sign in, or was seen.
const LEFT_BY_REFUSALS = ['migration', 'auth_failure', 'auth_session'];
const WRITTEN = "count(*)::text || ' rows by ' || max(xmin::text::bigint)";
// That a row was used may be written down a while later.
const SEEN = "json_agg(to_jsonb(row) - 'last_used_at' ORDER BY id)";
const statements = new WeakMap<Api, Promise<string>>();

/** Of each table, its rows and the last transaction that has left one: whatever writes to it changes either. */
async function statementOf({ database }: Api): Promise<string> {
  const tables = await database.query<{ name: string; is_seen: boolean }>(
    `SELECT table_name AS name, bool_or(column_name = 'last_used_at') AS is_seen FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name <> ALL($1) GROUP BY 1 ORDER BY 1`,
    [LEFT_BY_REFUSALS],
  );
  const columns = tables.map(
    ({ name, is_seen }) => `(SELECT ${is_seen ? SEEN : WRITTEN} FROM "${name}" row) AS "${name}"`,
  );
  return `SELECT (SELECT json_agg(json_build_array(id, revoked_at) ORDER BY id) FROM auth_session), ${columns.join()}`;
}

/** What changes with everything that requests can store. */
export async function stored(api: Api): Promise<object[]> {
  const statement = statements.get(api) ?? statementOf(api);
  statements.set(api, statement);
  return api.database.query({ name: 'stored', text: await statement });
}

/** Sends a request that must be refused without a trace in the database. */
export function expectRefused(api: Api, sent: Sent, status: number | number[], code?: string): Promise<void> {
  return expectAllRefused(api, [['the request', sent]], status, code);
}

// Half of what one client may have answered at once.
const AT_ONCE = 4;

/**
 * Sends requests that must all be refused without a trace in the database, some at once.
 * @param all each after words for it, which a failure names
 */
export async function expectAllRefused(
  api: Api,
  all: readonly (readonly [what: string, sent: Sent | Promise<Sent>])[],
  status: number | number[],
  code?: string | RegExp,
): Promise<void> {
  const made = await Promise.all(all.map(async ([what, sent]) => [what, await sent] as const));
  const before = await stored(api);
  for (let done = 0; done < made.length; done += AT_ONCE) {
    const answers = made
      .slice(done, done + AT_ONCE)
      .map(async ([what, sent]) => [what, await send(api.program.url, sent)] as const);
    for (const [what, answer] of await Promise.all(answers)) expectRefusal(what, answer, status, code);
  }
  expect(await stored(api)).toEqual(before);
}

function expectRefusal(what: string, answer: Received, status: number | number[], code?: string | RegExp): void {
  try {
    expectProblem(answer, status, code);
  } catch (error) {
    throw new Error(`${what} was answered with ${answer.status} ${answer.text}`, { cause: error });
  }
}

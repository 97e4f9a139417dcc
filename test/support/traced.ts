/** An API and a worker that send their traces to a collector, and what is asked of them. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Api, PREFIX, startApi, type User } from './api.js';
import { Collector, type Span } from './collector.js';
import { freePort, type Program, linesWith, start, until } from './program.js';

export const TRACE_MILLISECONDS = 10_000;
const BODY_MILLISECONDS = 100;
export const CLIENT_SPAN = 'c1'.repeat(8);

export const newTrace = () => randomBytes(16).toString('hex');
export const fromClient = (traceId: string) => ({ traceparent: `00-${traceId}-${CLIENT_SPAN}-01` });

export const named = (spans: Span[], name: string) => spans.find((span) => span.name === name)!;
export const under = (spans: Span[], parent: Span) => spans.filter((span) => span.parentSpanId === parent.spanId);

export class Traced {
  private constructor(
    readonly collector: Collector,
    readonly api: Api,
    readonly worker: Program,
    readonly user: User,
    private readonly ports: number[],
  ) {}

  static async start(): Promise<Traced> {
    const collector = new Collector();
    await collector.open();
    const ports = [await freePort(), await freePort()];
    const [apiPort, workerPort] = ports.map((port) => ({ METRICS_PORT: String(port) }));
    const settings = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_EXPORTER_OTLP_TIMEOUT: '500' };
    const api = await startApi({ TRUST_PROXY: '127.0.0.1', ...settings, LOG_LEVEL: 'trace', ...apiPort });
    const worker = await start('worker', { ...api.env, ...workerPort });
    return new Traced(collector, api, worker, await api.signUp(), ports);
  }

  async stop(): Promise<void> {
    const traceId = newTrace();
    await this.askAsUser(traceId);
    expect(await this.api.program.stop()).toBe(0);
    // What was not sent yet was sent at the end.
    expect(this.collector.spans.map((span) => span.traceId)).toContain(traceId);
    this.collector.isSilent = true;
    expect(await this.worker.stop()).toBe(0);
    await this.api.stop();
    this.collector.close();
  }

  async askAsUser(traceId: string): Promise<void> {
    await this.user.agent.get(`${PREFIX}/users/me`).set(fromClient(traceId)).expect(200);
  }

  /** Posts a task, whose body comes a moment after the head, and answers its path. */
  async post(traceId: string, payload: object, { token } = this.user): Promise<string> {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...fromClient(traceId) };
    const sent = request(`${this.api.program.url}${PREFIX}/tasks`, { method: 'POST', headers });
    const answered = once(sent, 'response') as Promise<[IncomingMessage]>;
    sent.flushHeaders();
    await sleep(BODY_MILLISECONDS);
    sent.end(JSON.stringify({ name: 'sample', payload }));
    const [answer] = await answered;
    answer.resume();
    expect(answer.statusCode).toBe(202);
    return answer.headers.location!;
  }

  /** The spans of a trace, once `last` is among them. */
  async spansOf(traceId: string, last: string): Promise<Span[]> {
    const found = () => this.collector.spans.filter((span) => span.traceId === traceId);
    await until(() => found().some(({ name }) => name === last), TRACE_MILLISECONDS, `${last} in ${traceId}`);
    return found();
  }

  /** The only line of the API's log that holds both texts. */
  async lineOf(traceId: string, part: string): Promise<Record<string, unknown>> {
    const lines = () => this.linesWith(part).filter((line) => line.includes(traceId));
    await until(() => lines().length > 0);
    expect(lines()).toHaveLength(1);
    return JSON.parse(lines()[0]!) as Record<string, unknown>;
  }

  linesWith(part: string): string[] {
    return linesWith(this.api.program, part);
  }

  /** Everything that an operator gets to see. */
  async shown(): Promise<Record<'log' | 'metrics' | 'traces', string>> {
    const metrics = this.ports.map(async (port) => (await fetch(`http://127.0.0.1:${port}/metrics`)).text());
    return {
      log: this.api.program.output() + this.worker.output(),
      metrics: (await Promise.all(metrics)).join(),
      traces: this.collector.received,
    };
  }
}

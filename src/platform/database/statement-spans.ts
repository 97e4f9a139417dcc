import { context, SpanKind, trace } from '@opentelemetry/api';
import pg from 'pg';
import { fail, tracer } from '../runtime/tracing/tracing.js';
import { Client } from './client.js';

type Method = (...args: unknown[]) => unknown;
type Answered = (error?: Error | null, ...rest: unknown[]) => void;

/**
 * Traces each statement on a `Client` that a request or a task waits for: its text, never its values. What runs by itself,
 * such as the looks of relay and replicas, belongs to no trace.
 */
export function traceStatements(): void {
  // Else who waits for a connection goes on in the context of who gives it back.
  wrap(pg.Pool, 'connect', (connect, callback) =>
    callback ? connect(context.bind(context.active(), callback)) : connect(),
  );
  wrap(Client, 'query', (query, ...args) => {
    // A cursor answers in its own way. A span that has ended is no parent: connections and timers outlive the request that
    // made them.
    if (isSubmittable(args[0]) || !trace.getActiveSpan()?.isRecording()) return query(...args);
    const end = begin(args[0] as string | pg.QueryConfig);
    const callback = args.at(-1);
    if (typeof callback === 'function') {
      return query(...args.slice(0, -1), (...answer: Parameters<Answered>) => {
        end(answer[0]);
        (callback as Answered)(...answer);
      });
    }
    const answer = query(...args) as Promise<unknown>;
    answer.then(() => end(), end);
    return answer;
  });
}

function isSubmittable(statement: unknown): boolean {
  return typeof (statement as Partial<pg.Submittable> | undefined)?.submit === 'function';
}

/** Puts a method in the place of a class's own, which it gets to call. */
function wrap(owner: { prototype: object }, name: string, method: (own: Method, ...args: unknown[]) => unknown): void {
  const own = Reflect.get(owner.prototype, name) as Method;
  Reflect.set(owner.prototype, name, function (this: unknown, ...args: unknown[]) {
    return method(own.bind(this), ...args);
  });
}

function begin(statement: string | pg.QueryConfig): (error?: Error | null) => void {
  const text = typeof statement === 'string' ? statement : statement.text;
  const operation = /[a-z]+/i.exec(text)?.[0].toUpperCase() ?? 'query';
  const attributes = {
    'db.system.name': 'postgresql',
    'db.operation.name': operation,
    'db.query.text': text,
  };
  const span = tracer().startSpan(operation, { kind: SpanKind.CLIENT, attributes });
  return (error) => {
    if (error) fail(span, error);
    span.end();
  };
}

import { SpanKind, trace } from '@opentelemetry/api';
import { fail, tracer } from '../runtime/tracing/tracing.js';
import { watchStatements } from './watch-statements.js';

/**
 * Traces each statement on a `Client` that a request or a task waits for: its text, never its values. What runs by itself,
 * such as the looks of relay and replicas, belongs to no trace.
 */
export function traceStatements(): void {
  // A span that has ended is no parent: connections and timers outlive the request that made them.
  watchStatements((text) => (trace.getActiveSpan()?.isRecording() ? begin(text) : undefined));
}

function begin(text: string): (error?: Error | null) => void {
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

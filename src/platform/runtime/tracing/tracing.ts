/** Spans of what a process does (https://opentelemetry.io/docs/specs/semconv). While it is off, no SDK is loaded. */
import {
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  type SpanOptions,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import type { Logger } from 'pino';
import { settingsOf } from '../../config/settings.js';
import { outsideLogScopes } from '../log/log-scope.js';
import { TracingConfig } from './tracing.config.js';

// Within the three seconds that a process has for closing what it holds.
const FLUSH_MILLISECONDS = 1_000;

let stop: (() => Promise<void>) | undefined;

export function isTracing(): boolean {
  return stop !== undefined;
}

/** @param name of the process, to tell its spans from those of others */
export async function startTracing(name: string, log: Logger): Promise<void> {
  if (settingsOf(TracingConfig).OTEL_EXPORTER_OTLP_ENDPOINT === undefined) return;
  const { startExporting } = await import('./trace-export.js');
  stop = startExporting(name, log);
}

/** Sends the remaining spans, for at most a second. */
export async function stopTracing(): Promise<void> {
  await Promise.race([stop?.(), new Promise((done) => setTimeout(done, FLUSH_MILLISECONDS))]);
}

export const tracer = () => trace.getTracer('api');

interface InSpan extends SpanOptions {
  /** The W3C `traceparent` of the span that it belongs to, or null for none; the current one unless given. */
  parent?: string | null;
}

/** Runs `work` in a span of its own. */
export function inSpan<T>(name: string, { parent, ...options }: InSpan, work: () => Promise<T>): Promise<T> {
  if (!isTracing()) return work();
  const outer = parent === undefined ? context.active() : propagation.extract(ROOT_CONTEXT, { traceparent: parent });
  return tracer().startActiveSpan(name, options, outer, async (span) => {
    try {
      return await work();
    } catch (error) {
      fail(span, error);
      throw error;
    } finally {
      span.end();
    }
  });
}

/** Only the kind of an error: its message may contain private data, and is in the log. */
export function fail(span: Span, error: unknown): void {
  const { code, name } = Object(error) as { code?: string; name?: string };
  span.setStatus({ code: SpanStatusCode.ERROR }).setAttribute('error.type', String(code ?? name));
}

/** The current span, for another process to go on from (https://www.w3.org/TR/trace-context). */
export function traceparent(): string | undefined {
  if (!isTracing()) return undefined;
  const carrier: { traceparent?: string } = {};
  propagation.inject(context.active(), carrier);
  return carrier.traceparent;
}

/** Runs work for many requests or tasks at once, which belongs to the trace and the log lines of none of them. */
export function untraced<T>(work: () => T): T {
  return context.with(ROOT_CONTEXT, () => outsideLogScopes(work));
}

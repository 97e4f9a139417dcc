import { type Context, context, propagation, ROOT_CONTEXT, type Span, SpanKind, trace } from '@opentelemetry/api';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AnyRequest } from '../access/caller.js';
import { fail, tracer } from '../../runtime/tracing/tracing.js';
import { CLIENT_GONE, isEventStream, statusOf } from './request-log.js';

/**
 * Traces each request, as part of the trace that the `traceparent` of a trusted proxy names, if there is one, under the
 * template of its route: never with its path, query, headers or body. Lines of its log carry the `trace_id`. Call it before other hooks are added.
 */
export function traceRequests(fastify: FastifyInstance, isTrusted: (address: string) => boolean): void {
  fastify.addHook('onRequest', (request: AnyRequest, reply, done) => {
    if (request.routeOptions.config.isProbe) return done();
    const traceparent = isTrusted(request.socket.remoteAddress ?? '') ? request.headers.traceparent : undefined;
    const parent = propagation.extract(ROOT_CONTEXT, { traceparent });
    const span = begin(request, parent);
    request.log = reply.log = request.log.child({ trace_id: (request.trace_id = span.spanContext().traceId) });
    reply.raw.once('close', () => end(span, reply));
    context.with(trace.setSpan(parent, span), done);
  });
  // Otherwise an open stream would be a span of hours, with every read of its state.
  fastify.addHook('onSend', (_request, reply, payload, done) => {
    const span = trace.getActiveSpan();
    if (span && isEventStream(reply)) end(span, reply);
    done(null, payload);
  });
}

function begin({ id, method, routeOptions: { url } }: FastifyRequest, parent: Context): Span {
  const attributes = { 'http.request.method': method, 'http.route': url, request_id: id };
  return tracer().startSpan(url ? `${method} ${url}` : method, { kind: SpanKind.SERVER, attributes }, parent);
}

function end(span: Span, reply: FastifyReply): void {
  if (!span.isRecording()) return;
  const status = statusOf(reply);
  span.setAttribute('http.response.status_code', status);
  if (status >= CLIENT_GONE) fail(span, { code: String(status) });
  span.end();
}

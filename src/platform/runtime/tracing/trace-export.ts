/** Sends spans to a collector. Imported only when there is one. */
import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { ExportResultCode, W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Logger } from 'pino';
import { AppConfig } from '../../config/app.config.js';
import { settingsOf } from '../../config/settings.js';
import { TracingConfig } from './tracing.config.js';

const BATCH_MILLISECONDS = 500;
const QUIET_MILLISECONDS = 60_000;

/** @returns sends the rest, and ends it */
export function startExporting(name: string, log: Logger): () => Promise<void> {
  const { APP_NAME, APP_VERSION, ENVIRONMENT } = settingsOf(AppConfig);
  const { OTEL_SERVICE_NAME = slug(`${APP_NAME} ${name}`), OTEL_TRACES_SAMPLER_ARG } = settingsOf(TracingConfig);
  const resource = resourceFromAttributes({
    'service.name': OTEL_SERVICE_NAME,
    'service.version': APP_VERSION,
    'deployment.environment.name': ENVIRONMENT,
  });
  const exporter = new Exporter(log);
  const provider = new TracerProvider({
    resource: defaultResource()
      .merge(detectResources({ detectors: [envDetector] }))
      .merge(resource),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(OTEL_TRACES_SAMPLER_ARG) }),
    spanProcessors: [new BatchSpanProcessor({ exporter, scheduledDelayMillis: BATCH_MILLISECONDS })],
  });
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  return () => provider.shutdown();
}

/** Logs, once a minute at most, that the collector does not accept spans, which are then lost. */
class Exporter extends OTLPTraceExporter {
  private told = -Infinity;

  constructor(private readonly log: Logger) {
    super();
  }

  override export(...[spans, done]: Parameters<OTLPTraceExporter['export']>): void {
    super.export(spans, (result) => {
      if (result.code === ExportResultCode.FAILED) this.tell(result.error);
      done(result);
    });
  }

  private tell(error?: Error): void {
    if (performance.now() - this.told < QUIET_MILLISECONDS) return;
    this.told = performance.now();
    this.log.warn({ reason: error?.message }, 'traces do not reach the collector');
  }
}

function slug(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z\d]+/g, '-');
}

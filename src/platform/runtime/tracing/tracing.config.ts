import { IsNumber, IsOptional, IsUrl, Length, Max, Min } from 'class-validator';
import { Settings } from '../../config/settings.js';

/** OpenTelemetry itself reads more variables, which docs/operations.md names. */
@Settings()
export class TracingConfig {
  /** Where a collector takes OTLP over HTTP; without it nothing is traced. */
  @IsOptional()
  @IsUrl({ protocols: ['http', 'https'], require_protocol: true, require_tld: false, allow_underscores: true })
  OTEL_EXPORTER_OTLP_ENDPOINT?: string;

  /** Made of the application's name and the process's unless set. */
  @IsOptional() @Length(1, 100) OTEL_SERVICE_NAME?: string;

  /** The share of traces that is kept of those that begin here. */
  @IsNumber() @Min(0) @Max(1) OTEL_TRACES_SAMPLER_ARG = 1;
}

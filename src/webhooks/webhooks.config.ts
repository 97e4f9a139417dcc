import { Resolver } from 'node:dns';
import { IsInt, IsOptional, Max, Min, ValidateBy } from 'class-validator';
import { Settings } from '../platform/config/settings.js';
import { cidrOf, type Network } from './addresses.js';

const PORTS = /^(\d{1,5})(?:-(\d{1,5}))?$/;
const LAST_PORT = 65_535;
const STANDARD_PORTS = new Set([80, 443]);

/** Where webhooks may lead, and how much of them there may be. */
@Settings()
export class WebhooksConfig {
  @IsInt() @Min(1) @Max(1_000) WEBHOOKS_MAX_PER_OWNER = 10;
  /** Deliveries to one webhook that wait: more are dead at once. */
  @IsInt() @Min(1) @Max(1_000_000) WEBHOOK_MAX_PENDING = 5_000;
  /** How many a worker sends at once. At most half of them go to webhooks that fail, or that have never succeeded. */
  @IsInt() @Min(2) @Max(1_000) WEBHOOK_CONCURRENCY = 32;
  /** How many of these go to one webhook. */
  @IsInt() @Min(1) @Max(100) WEBHOOK_CONCURRENCY_PER_ENDPOINT = 4;
  /** For all of an attempt: looking up the name, connecting, the response. */
  @IsInt() @Min(1) @Max(15) WEBHOOK_TIMEOUT_SECONDS = 15;
  @IsInt() @Min(1) @Max(365) WEBHOOK_RETENTION_DAYS = 30;
  /** Networks that webhooks may reach although they are not public. */
  @ListOfTexts('networks such as 10.1.0.0/16,fd00::/8', (text) => cidrOf(text) !== undefined)
  WEBHOOK_ALLOWED_CIDRS?: string;
  /** Ports besides 80 and 443. */
  @ListOfTexts('ports such as 8443,9000-9999', (text) => rangeOf(text) !== undefined)
  WEBHOOK_ALLOWED_PORTS?: string;
  /** Name servers in place of those of the machine. */
  @ListOfTexts('addresses such as 9.9.9.9,[2620:fe::fe]:53', isServer)
  WEBHOOK_DNS_SERVERS?: string;

  get networks(): Network[] {
    return textsOf(this.WEBHOOK_ALLOWED_CIDRS).map((text) => cidrOf(text)!);
  }

  get dnsServers(): string[] {
    return textsOf(this.WEBHOOK_DNS_SERVERS);
  }

  allowsPort(port: number): boolean {
    if (STANDARD_PORTS.has(port)) return true;
    return textsOf(this.WEBHOOK_ALLOWED_PORTS).some((text) => {
      const [from, to] = rangeOf(text)!;
      return from <= port && port <= to;
    });
  }
}

/** A variable with values between commas, or left out. */
function ListOfTexts(what: string, holds: (text: string) => boolean): PropertyDecorator {
  const validate = (texts: unknown) => typeof texts === 'string' && textsOf(texts).every(holds);
  const defaultMessage = (given?: { property: string }) => `${given?.property} must be ${what}`;
  return (target, name) => {
    IsOptional()(target, name);
    ValidateBy({ name: 'texts', validator: { validate, defaultMessage } })(target, name);
  };
}

function textsOf(texts = ''): string[] {
  return texts === '' ? [] : texts.split(',').map((text) => text.trim());
}

function rangeOf(text: string): [from: number, to: number] | undefined {
  const [, first, last = first] = PORTS.exec(text) ?? [];
  const [from, to] = [Number(first), Number(last)];
  return from >= 1 && from <= to && to <= LAST_PORT ? [from, to] : undefined;
}

function isServer(text: string): boolean {
  try {
    new Resolver().setServers([text]);
    return true;
  } catch {
    return false;
  }
}

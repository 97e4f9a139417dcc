import { applyDecorators } from '@nestjs/common';
import { IsOptional, ValidateBy } from 'class-validator';
import type { RedisOptions } from 'ioredis';

const PORT = 6379;
const SENTINEL_PORT = 26379;
const SENTINEL_MILLISECONDS = 2_000;
const KINDS = new Set(['redis', 'rediss'].flatMap((name) => [name, `${name}-cluster`, `${name}-sentinel`]));
const SENTINEL_ACCESS = /(?:\?(?:sentinel_username=([^&]+)&)?sentinel_password=([^&]+))?/;
// Of addresses: 4, 6 or, where a name may have either, 0.
const FAMILY = /(?:[?&]family=([046]))?/;
const FORM = new RegExp(
  `${/^([a-z-]+):\/\/(?:([^:@/?]*):([^@/?]+)@)?([^@/?]+)(?:\/([^/?]*))?/.source}${SENTINEL_ACCESS.source}${FAMILY.source}$`,
);
const HOST = /^(?:\[([\da-f:.]+)\]|([\w.-]+))(?::(\d+))?$/i;

/** A server, a cluster, or what sentinels watch over. */
export interface RedisPlace {
  /** Some of the servers of a cluster, which know the others. Undefined elsewhere. */
  cluster?: { host: string; port: number }[];
  /** What ioredis takes for a connection. */
  options: RedisOptions;
}

/** A variable with the URL of a Redis, see `redisPlace`, or left out. */
export function RedisUrl(): PropertyDecorator {
  const message = ({ property }: { property: string }) =>
    `${property} must be redis://user:password@host:6379/0, redis-cluster://user:password@host:port,host:port or ` +
    'redis-sentinel://user:password@host:port,host:port/master-name, or the same with rediss for TLS; ' +
    'special characters of a password are percent-encoded, and ?family=0, 4 or 6 says which addresses a name may have';
  const validate = (text: unknown) => typeof text === 'string' && parse(text) !== undefined;
  return applyDecorators(
    IsOptional(),
    ValidateBy({ name: 'redisUrl', validator: { validate, defaultMessage: (given) => message(given!) } }),
  );
}

/** Where a Redis is: at its URL if there is one, else at its host and port; undefined without either. */
export function redisPlace(url: string | undefined, host: string | undefined, port = PORT): RedisPlace | undefined {
  if (url === undefined && host === undefined) return undefined;
  return parse(url ?? `redis://${host!.includes(':') ? `[${host}]` : host}:${port}`);
}

/** Undefined for what is no URL of a Redis. */
function parse(url: string): RedisPlace | undefined {
  const [, kind = '', user, secret, hosts = '', name = '', sentinelUser, sentinelSecret, family] = FORM.exec(url) ?? [];
  const sentinelAccess = [sentinelUser, sentinelSecret];
  const isSentinel = kind.endsWith('-sentinel');
  const servers = hosts.split(',').map((one) => serverOf(one, isSentinel ? SENTINEL_PORT : PORT));
  if (!KINDS.has(kind) || !servers.every((one) => one !== undefined)) return undefined;
  if (!isSentinel && sentinelAccess.some(Boolean)) return undefined;
  const access = [user, secret, ...sentinelAccess];
  const decoded = access.map(decode);
  if (access.some((text, index) => text && !decoded[index])) return undefined;
  const [username, password, sentinelUsername, sentinelPassword] = decoded;
  const tls = kind.startsWith('rediss') ? {} : undefined;
  const options: RedisOptions = {
    username: username || undefined,
    password,
    tls,
    ...(family && { family: Number(family) }),
  };
  if (isSentinel) {
    const watched = { sentinels: servers, name: decode(name), sentinelUsername, sentinelPassword, sentinelTLS: tls };
    const how = {
      enableTLSForSentinelMode: true,
      failoverDetector: true,
      sentinelCommandTimeout: SENTINEL_MILLISECONDS,
    };
    return watched.name ? { options: { ...options, ...watched, ...how } } : undefined;
  }
  if (kind.endsWith('-cluster')) return /^0?$/.test(name) ? { cluster: servers, options } : undefined;
  return servers.length === 1 && /^\d{0,4}$/.test(name)
    ? { options: { ...options, ...servers[0], db: Number(name) } }
    : undefined;
}

function serverOf(text: string, standard: number): { host: string; port: number } | undefined {
  const [, address, name, port = standard] = HOST.exec(text.trim()) ?? [];
  const host = address ?? name;
  return host !== undefined && Number(port) >= 1 && Number(port) <= 65_535 ? { host, port: Number(port) } : undefined;
}

/** Undefined also for what nobody has encoded like that. */
function decode(text: string | undefined): string | undefined {
  try {
    return text && decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** What `npm run doctor` looks at in a Redis, wherever its URL leads. */
import { Cluster } from 'ioredis';
import { redisClient } from '../../dist/src/platform/redis/redis-client.js';
import { ok, problem, reasonOf, warning } from './finding.mjs';

const MILLISECONDS = 4_000;
const OLDEST = 7;
const OPTIONS = {
  connectTimeout: MILLISECONDS,
  commandTimeout: MILLISECONDS,
  retryStrategy: null,
  sentinelRetryStrategy: null,
  maxRetriesPerRequest: 0,
};

/** @param place where it is, as the settings of its owner tell */
export async function checkRedis(place, variable, { isQueue = false } = {}) {
  if (!place) return ok(`none, as ${variable}_* is not set`);
  const client = clientOf(place);
  try {
    await client.connect();
    const nodes = client instanceof Cluster ? client.nodes('master') : [client];
    const facts = await Promise.all(nodes.map(async (node) => parseInfo(await node.info())));
    return facts.map((one) => judge(one, isQueue)).find(({ status }) => status !== 'ok') ?? judge(facts[0], isQueue);
  } catch (error) {
    const reason = (await reasonOfOne(place)) ?? client.reason ?? reasonOf(error);
    return problem(`cannot be reached: ${reason}`, `Start it, or correct ${variable}_*.`);
  } finally {
    client.disconnect();
  }
}

function clientOf(place) {
  const options = { ...OPTIONS, lazyConnect: true };
  const client = redisClient(place, options, { lazyConnect: true, clusterRetryStrategy: null });
  return client.on('error', (error) => (client.reason = reasonOf(error)));
}

/** Neither a cluster nor what sentinels watch over tells why it cannot be reached; one server alone does. */
async function reasonOfOne({ cluster, options: { sentinels, sentinelUsername, sentinelPassword, ...options } }) {
  if (!cluster && !sentinels) return undefined;
  const access = sentinels ? { username: sentinelUsername, password: sentinelPassword } : {};
  const client = clientOf({ options: { ...options, ...access, ...(cluster ?? sentinels)[0] } });
  try {
    await client.connect();
    return undefined;
  } catch (error) {
    return client.reason ?? reasonOf(error);
  } finally {
    client.disconnect();
  }
}

function parseInfo(text) {
  return Object.fromEntries(text.split('\r\n').map((line) => line.split(':', 2)));
}

function judge({ redis_version, maxmemory, maxmemory_policy }, isQueue) {
  if (Number.parseInt(redis_version, 10) < OLDEST) {
    return problem(`Redis ${redis_version} is too old`, `Upgrade it to ${OLDEST} or later.`);
  }
  if (isQueue && maxmemory_policy !== 'noeviction') {
    return problem(`Redis ${redis_version} may drop tasks`, `Set its maxmemory-policy to noeviction.`);
  }
  if (!isQueue && maxmemory !== '0' && maxmemory_policy === 'noeviction') {
    return warning(
      `Redis ${redis_version} stores nothing new once it is full`,
      'Set its maxmemory-policy to allkeys-lru.',
    );
  }
  return ok(`Redis ${redis_version}`);
}

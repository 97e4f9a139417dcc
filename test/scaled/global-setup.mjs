import setUp, { endWithUs } from '../support/global-setup.mjs';
import { startCluster } from './redis-cluster.mjs';

/** The usual APIs, on a PostgreSQL with a replica that lags, and with cache and queue in a Redis Cluster. */
export default async (config) => {
  const cluster = await startCluster();
  for (const pid of cluster.pids) endWithUs(pid);
  globalThis.testCluster = cluster;
  Object.assign(process.env, { TEST_REPLICA: '1', TEST_REDIS_URL: cluster.url });
  await setUp(config).catch(async (error) => {
    await cluster.stop();
    throw error;
  });
};

/** A Redis Cluster of three, each with a third of the slots, whose servers can die and come back. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, until } from './program.js';
import { HOST, startRedis, type TestRedis } from './redis.js';

const SIZE = 3;
const SLOTS = 16_384;
const LOG = 'appendonlydir';
const USER = 'app';
// What URLs take only in another form.
const PASSWORD = 'p@ss/w:rd%';

export interface TestCluster {
  /** With the user and the password that it wants. */
  url: string;
  nodes: TestRedis[];
  /** Those that hold something for which this is true, by index. */
  holders(pattern: string): Promise<number[]>;
  /** Waits until those that live have given up one that was killed, and refuse what they are asked. */
  untilDown(killed: number): Promise<void>;
  /** Keeps what all of them know now. */
  remember(): void;
  /** Brings a server back that was killed, with what it knew when that was last kept. */
  revive(index: number): Promise<void>;
  /** Gives a server a replica, and both. */
  follow(index: number): Promise<TestRedis[]>;
  /** The server that has the slot of a key. */
  ownerOf(key: string): Promise<number>;
  /** Begins to move the slot of a key to another server, which takes what is new; call what it gives to leave it where it was. */
  move(key: string, to: number): Promise<() => Promise<void>>;
  stop(): Promise<void>;
}

export async function startCluster(): Promise<TestCluster> {
  const folders = Array.from({ length: SIZE }, () => mkdtempSync(join(tmpdir(), 'api-redis-')));
  const [ports, buses] = [await freePorts(), await freePorts()];
  const start = (index: number) =>
    startRedis(ports[index], folders[index], {
      'cluster-enabled': 'yes',
      'cluster-port': buses[index]!,
      'cluster-node-timeout': 1_000,
      appendfsync: 'everysec',
    });
  const nodes = await Promise.all(ports.map((_, index) => start(index)));
  const replicas: TestRedis[] = [];
  await Promise.all(nodes.map((node, index) => admit(node, index)));
  await until(async () => (await Promise.all(nodes.map(isWhole))).every(Boolean));
  const access = [USER, PASSWORD].map(encodeURIComponent).join(':');
  return {
    url: `redis-cluster://${access}@${ports.map((port) => `${HOST}:${port}`).join(',')}`,
    nodes,
    async holders(pattern) {
      const found = await Promise.all(nodes.map((node) => node.tell(`KEYS ${pattern}`)));
      return found.flatMap((answer, index) => (answer.startsWith('*0') ? [] : [index]));
    },
    async untilDown(killed) {
      const others = nodes.filter((_, index) => index !== killed);
      await until(async () => !(await Promise.all(others.map(isWhole))).some(Boolean));
    },
    remember() {
      for (const folder of folders) cpSync(join(folder, LOG), join(folder, 'kept'), { recursive: true });
    },
    async revive(index) {
      rmSync(join(folders[index]!, LOG), { recursive: true });
      cpSync(join(folders[index]!, 'kept'), join(folders[index]!, LOG), { recursive: true });
      nodes[index] = await start(index);
      await allow(nodes[index]);
      await until(() => isWhole(nodes[index]!));
    },
    async follow(index) {
      const [port, bus] = [await freePort(), await freePort()];
      const settings = { 'cluster-enabled': 'yes', 'cluster-port': bus, 'cluster-node-timeout': 1_000 };
      const replica = await startRedis(port, undefined, { ...settings, 'repl-diskless-sync-delay': 0 });
      replicas.push(replica);
      await allow(replica);
      await replica.tell(`CLUSTER MEET ${HOST} ${ports[0]} ${buses[0]}`);
      const id = await idOf(nodes[index]!);
      await until(async () => (await replica.tell(`CLUSTER REPLICATE ${id}`)).startsWith('+OK'));
      await until(async () => (await replica.tell('INFO replication')).includes('master_link_status:up'));
      for (const node of nodes) await until(async () => (await node.tell('CLUSTER SLOTS')).includes(`:${port}\r`));
      return [nodes[index]!, replica];
    },
    ownerOf,
    async move(key, to) {
      const [slot, from] = [await slotOf(key), await ownerOf(key)];
      await nodes[to]!.tell(`CLUSTER SETSLOT ${slot} IMPORTING ${await idOf(nodes[from]!)}`);
      await nodes[from]!.tell(`CLUSTER SETSLOT ${slot} MIGRATING ${await idOf(nodes[to]!)}`);
      return async () => {
        for (const index of [from, to]) await nodes[index]!.tell(`CLUSTER SETSLOT ${slot} STABLE`);
        await until(async () => (await Promise.all(nodes.map(isWhole))).every(Boolean));
      };
    },
    async stop() {
      await Promise.all([...nodes, ...replicas].map((node) => node.kill()));
      for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    },
  };

  async function slotOf(key: string): Promise<number> {
    return Number((await nodes[0]!.tell(`CLUSTER KEYSLOT ${key}`)).slice(1));
  }

  async function ownerOf(key: string): Promise<number> {
    const slot = await slotOf(key);
    return nodes.findLastIndex((_, index) => firstSlot(index) <= slot);
  }

  async function admit(node: TestRedis, index: number): Promise<void> {
    await allow(node);
    await node.tell(`CLUSTER SET-CONFIG-EPOCH ${index + 1}`);
    await node.tell(`CLUSTER ADDSLOTSRANGE ${firstSlot(index)} ${firstSlot(index + 1) - 1}`);
    if (index > 0) await node.tell(`CLUSTER MEET ${HOST} ${ports[0]} ${buses[0]}`);
  }
}

const firstSlot = (index: number) => Math.floor((index * SLOTS) / SIZE);
const allow = (node: TestRedis) => node.tell(`ACL SETUSER ${USER} on >${PASSWORD} ~* &* +@all`);

const idOf = async (node: TestRedis) => (await node.tell('CLUSTER MYID')).split('\r\n')[1]!;

async function isWhole(node: TestRedis): Promise<boolean> {
  const info = await node.tell('CLUSTER INFO');
  return info.includes('cluster_state:ok') && info.includes(`cluster_size:${SIZE}`);
}

async function freePorts(): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < SIZE) ports.add(await freePort());
  return [...ports];
}

import { validateSync } from 'class-validator';
import { redisPlace, RedisUrl } from './redis-url.js';

class Example {
  @RedisUrl() URL?: string;
}

const isTaken = (url: string) => validateSync(Object.assign(new Example(), { URL: url })).length === 0;
const server = { host: 'one', port: 6379 };

test.each([
  ['redis://one', { options: { ...server, db: 0 } }],
  ['redis://one:7000/2', { options: { host: 'one', port: 7000, db: 2 } }],
  ['redis://:p%40ss%2Fw%3Ard%25@one', { options: { password: 'p@ss/w:rd%' } }],
  ['redis://me:pass@[::1]:7000', { options: { username: 'me', password: 'pass', host: '::1', port: 7000 } }],
  ['rediss://one', { options: { ...server, tls: {} } }],
  ['redis-cluster://one,two:7000', { cluster: [server, { host: 'two', port: 7000 }], options: { tls: undefined } }],
  ['rediss-cluster://me:pass@one/0', { cluster: [server], options: { username: 'me', password: 'pass', tls: {} } }],
  [
    'redis-sentinel://one,two:7000/main',
    {
      options: {
        sentinels: [
          { host: 'one', port: 26379 },
          { host: 'two', port: 7000 },
        ],
        name: 'main',
      },
    },
  ],
  ['redis-sentinel://:pass@one/main', { options: { password: 'pass', sentinelPassword: undefined } }],
  ['redis-sentinel://:a@one/main?sentinel_password=b%26', { options: { password: 'a', sentinelPassword: 'b&' } }],
  [
    'redis-sentinel://one/main?sentinel_username=me%26&sentinel_password=b',
    { options: { username: undefined, sentinelUsername: 'me&', sentinelPassword: 'b' } },
  ],
  ['redis://one?family=0', { options: { ...server, family: 0 } }],
  ['rediss://:p@one:7000/2?family=6', { options: { host: 'one', port: 7000, db: 2, family: 6 } }],
  ['redis-cluster://one?family=4', { cluster: [server], options: { family: 4 } }],
  ['redis-sentinel://one/main?sentinel_password=b&family=0', { options: { sentinelPassword: 'b', family: 0 } }],
  ['rediss-sentinel://one/main', { options: { tls: {}, sentinelTLS: {} } }],
])('%s is understood', (url, place) => {
  expect(isTaken(url)).toBe(true);
  expect(redisPlace(url, 'never', 1)).toMatchObject(place);
});

test.each([
  'one:6379',
  'http://one',
  'redis://',
  'redis://one:0',
  'redis://one:70000',
  'redis://one,two',
  'redis://one/database',
  'redis://one/0/1',
  'redis://me@one',
  'redis://me:pa@ss@one',
  'redis://me:pa%zzss@one',
  'redis://a host',
  'redis://one?sentinel_password=b',
  'redis://one?family=5',
  'redis://one&family=0',
  'redis://one?family=',
  'redis-cluster://one/1',
  'redis-sentinel://one/main?sentinel_username=me',
  'redis-cluster://one,,two',
  'redis-sentinel://one',
  'redis-sentinel://one/',
  'rediss-other://one',
])('%s is refused', (url) => {
  expect(isTaken(url)).toBe(false);
});

test('without a URL the host and port count, and without a host there is none', () => {
  expect(redisPlace(undefined, 'one', 7000)).toMatchObject({ options: { host: 'one', port: 7000, db: 0 } });
  expect(redisPlace(undefined, '::1')).toMatchObject({ options: { host: '::1', port: 6379 } });
  expect(redisPlace(undefined, undefined)).toBeUndefined();
});

/** What every storage does, whatever keeps the files. */
import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { checkAll } from '../../support/checked-settings.js';
import { SETTINGS } from '../../support/program.js';
import { FolderStorage } from '../../../src/platform/storage/folder-storage.js';
import { S3Storage } from '../../../src/platform/storage/s3-storage.js';
import { StorageConfig } from '../../../src/platform/storage/storage.config.js';
import { StorageUnavailable } from '../../../src/platform/storage/storage.errors.js';
import type { Storage } from '../../../src/platform/storage/storage.js';
import { type Backend, describeBackends, describeS3 } from './backends.js';

const LARGE = Buffer.alloc(3 * 1024 * 1024, 'large');

function storageOf({ env }: Backend): Storage {
  const config = Object.assign(new StorageConfig(), env);
  return config.isS3 ? new S3Storage(config) : new FolderStorage(config.STORAGE_FOLDER);
}

async function textAt(storage: Storage, key: string): Promise<string | undefined> {
  const file = await storage.read(key);
  if (!file) return undefined;
  const bytes = await buffer(file.stream);
  expect(file.size).toBe(bytes.length);
  return bytes.toString();
}

async function keysIn(storage: Storage, folder: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key, stored_at } of storage.list(folder)) {
    keys.push(key);
    expect(Math.abs(Date.now() - stored_at.getTime())).toBeLessThan(120_000);
  }
  return keys.toSorted();
}

describeBackends((begin) => {
  let backend: Backend;
  let storage: Storage;
  beforeAll(async () => {
    backend = await begin();
    storage = storageOf(backend);
  });
  afterAll(() => backend.stop());

  test('a file is stored, read, replaced and deleted', async () => {
    await storage.put('notes/a.txt', Buffer.from('first'), 'text/plain');
    expect(await textAt(storage, 'notes/a.txt')).toBe('first');
    await storage.put('notes/a.txt', Buffer.from('second'), 'text/plain');
    expect(await textAt(storage, 'notes/a.txt')).toBe('second');
    await storage.delete('notes/a.txt');
    expect(await textAt(storage, 'notes/a.txt')).toBeUndefined();
    await storage.delete('notes/a.txt');
    expect(backend.keys()).toEqual([]);
  });

  test('a large file comes back as it was, and one that is not read to its end harms nobody', async () => {
    await storage.put('large', LARGE, 'application/octet-stream');
    (await storage.read('large'))!.stream.destroy();
    expect(await textAt(storage, 'large')).toBe(LARGE.toString());
    await storage.delete('large');
  });

  test('a folder is listed in full, and only it', async () => {
    const keys = Array.from({ length: 1_100 }, (_, n) => `many/${1_000 + n}.txt`);
    for (let at = 0; at < keys.length; at += 100)
      await Promise.all(keys.slice(at, at + 100).map((key) => storage.put(key, Buffer.from('x'), 'text/plain')));
    await storage.put('many-others/1', Buffer.from('x'), 'text/plain');
    expect(await keysIn(storage, 'many')).toEqual(keys.toSorted());
    expect(await keysIn(storage, 'nothing')).toEqual([]);
  });
});

test.each(['../x', 'a/../../x', '/etc/passwd', '.hidden', 'a//b', 'a\0b', '', 'a/'])('%j is no key', async (key) => {
  await expect(new FolderStorage('/nowhere').read(key)).rejects.toThrow('is no key');
});

test('a folder that cannot be written to is a storage that cannot be reached', async () => {
  const file = join(process.env.TMPDIR!, 'in-the-way');
  writeFileSync(file, '');
  await expect(new FolderStorage(file).put('a/b', LARGE)).rejects.toThrow(StorageUnavailable);
});

const BASE = { ...SETTINGS, POSTGRES_URL: 'postgres://user:password@localhost/files' };
const WHOLE = { S3_BUCKET: 'files', S3_REGION: 'eu', S3_ACCESS_KEY_ID: 'a', S3_SECRET_ACCESS_KEY: 'b' };
test('S3 that is set in half stops the start', () => {
  const names = Object.keys(WHOLE);
  const halves = names.map((name) => ({ ...BASE, ...WHOLE, [name]: undefined }));
  const [whole, endpoint, ...outcomes] = checkAll(
    [{ ...BASE, ...WHOLE }, { ...BASE, S3_ENDPOINT: 'https://s3.example.com' }, ...halves].map((env) => ({
      env,
    })),
  );
  expect(whole).toEqual({ code: 0, output: '' });
  expect(endpoint!.output.trim().split('\n')).toHaveLength(names.length);
  expect(outcomes.map(({ code }) => code)).toEqual(names.map(() => 1));
  for (const [index, { output }] of outcomes.entries())
    expect(output).toMatch(new RegExp(`^${names[index]}: is needed`));
});

describeS3('a server of S3', (begin) => {
  test('what is wrong with it is a storage that cannot be reached', async () => {
    const backend = await begin();
    for (const wrong of [{ S3_SECRET_ACCESS_KEY: 'wrong' }, { S3_BUCKET: 'nowhere' }]) {
      const storage = storageOf({ ...backend, env: { ...backend.env, ...wrong } });
      await expect(storage.read('a')).rejects.toThrow(StorageUnavailable);
    }
    await backend.stop();
    await expect(storageOf(backend).put('a', LARGE, 'text/plain')).rejects.toThrow(StorageUnavailable);
  });

  test('a form lets one file of its key, kind and size in', async () => {
    const backend = await begin();
    const form = await storageOf(backend).formFor('uploads/1', { type: 'image/', bytes: 100, seconds: 60 });
    const post = async (type: string, bytes: number, changes: Record<string, string> = {}) => {
      const body = new FormData();
      for (const [name, value] of Object.entries({ ...form.fields, ...changes })) body.append(name, value);
      body.append('Content-Type', type);
      body.append('file', new Blob([new Uint8Array(bytes)]));
      return (await fetch(form.url, { method: 'POST', body })).ok;
    };
    expect(await post('text/html', 10)).toBe(false);
    expect(await post('image/png', 101)).toBe(false);
    expect(await post('image/png', 10, { key: 'uploads/2' })).toBe(false);
    expect(backend.keys()).toEqual([]);
    expect(await post('image/png', 10)).toBe(true);
    expect(backend.keys()).toEqual(['uploads/1']);
    await backend.stop();
  });
});

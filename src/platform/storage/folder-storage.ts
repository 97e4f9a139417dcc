import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { NoDirectUploads, StorageUnavailable } from './storage.errors.js';
import { type ListedFile, Storage, type StoredFile, type UploadForm } from './storage.js';

const KEY = /^[\w-][\w.-]*(?:\/[\w-][\w.-]*)*$/;

/** Files in a folder of this machine. */
export class FolderStorage extends Storage {
  private readonly folder: string;

  constructor(folder: string) {
    super();
    this.folder = resolve(folder);
  }

  /** Under another name until it is complete; one that a crash leaves behind is listed like any other. */
  async put(key: string, bytes: Buffer): Promise<void> {
    const path = this.pathOf(key);
    const fresh = `${path}.${randomUUID()}.new`;
    await orUnavailable(async () => {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await write(fresh, bytes).catch(async (error: unknown) => {
        await rm(fresh, { force: true });
        throw error;
      });
      await rename(fresh, path);
      await flush(dirname(path));
    });
  }

  async read(key: string): Promise<StoredFile | undefined> {
    const path = this.pathOf(key);
    return orUnavailable(async () => {
      const file = await orUndefined(open(path));
      return file && { size: (await file.stat()).size, stream: file.createReadStream() };
    });
  }

  async delete(key: string): Promise<void> {
    await orUnavailable(() => rm(this.pathOf(key), { force: true }));
  }

  async *list(folder: string): AsyncGenerator<ListedFile> {
    const entries = await orUnavailable(() => filesIn(this.pathOf(folder)));
    for (const path of entries) {
      const found = await orUnavailable(() => orUndefined(stat(path)));
      if (found) yield { key: relative(this.folder, path).split(sep).join('/'), stored_at: found.mtime };
    }
  }

  formFor(): Promise<UploadForm> {
    return Promise.reject(new NoDirectUploads());
  }

  private pathOf(key: string): string {
    if (!KEY.test(key)) throw new Error(`${key} is no key of a file`);
    return join(this.folder, key);
  }
}

async function write(path: string, bytes: Buffer): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Has the names of a folder outlive a loss of power; Windows can't open one. */
async function flush(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const opened = await open(folder, 'r');
  try {
    await opened.sync();
  } finally {
    await opened.close();
  }
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await orUndefined(readdir(folder, { recursive: true, withFileTypes: true }));
  return (entries ?? []).flatMap((one) => (one.isFile() ? [join(one.parentPath, one.name)] : []));
}

/** Whatever is not there is undefined. */
async function orUndefined<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function orUnavailable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new StorageUnavailable({ cause });
  }
}

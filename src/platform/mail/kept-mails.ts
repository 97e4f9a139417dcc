/** The mails of a developer's machine, which go into a folder instead of to anybody. */
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { RenderedMail } from './mail-layout.js';

const MOST = 200;
const NAME = /^\d{13}-[0-9a-f-]{36}\.json$/;

export interface KeptMail extends RenderedMail {
  message_id: string;
  from: string;
  to: string;
  sent_at: string;
}

export class KeptMails {
  private readonly folder: string;

  constructor(folder: string) {
    this.folder = resolve(folder);
  }

  /** Keeps one, under the same name however often it is sent, and the last ones besides. */
  async keep(mail: KeptMail): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const path = join(this.folder, `${Date.parse(mail.sent_at)}-${mail.message_id}.json`);
    await writeFile(`${path}.new`, JSON.stringify(mail, null, 2), { mode: 0o600 });
    await rename(`${path}.new`, path);
    const older = (await this.names()).slice(MOST);
    await Promise.all(older.map((name) => rm(join(this.folder, name), { force: true })));
  }

  /** Newest first. */
  async all(): Promise<KeptMail[]> {
    const found = await Promise.all((await this.names()).map((name) => this.read(name)));
    return found.filter((mail) => mail !== undefined);
  }

  private async names(): Promise<string[]> {
    const names = await readdir(this.folder).catch(() => []);
    return names
      .filter((name) => NAME.test(name))
      .toSorted()
      .toReversed();
  }

  /** Undefined for one that is gone by now. */
  private async read(name: string): Promise<KeptMail | undefined> {
    const text = await readFile(join(this.folder, name), 'utf8').catch(() => undefined);
    return text === undefined ? undefined : (JSON.parse(text) as KeptMail);
  }
}

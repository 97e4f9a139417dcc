/** A project of somebody else that has installed our client, as `npm pack` makes it. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './pages.js';

// The client has no dependency, so nothing may be asked for.
const OFFLINE = ['--offline', '--no-audit', '--no-fund'];
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');
const STRICT = '--noEmit --strict --target es2022 --module nodenext --lib es2023,dom,dom.asynciterable'.split(' ');

interface Way {
  command?: string;
  cwd?: string;
  hear?: (part: string) => void;
}

export class Consumer {
  readonly folder = mkdtempSync(join(tmpdir(), 'api-consumer-'));
  private files = 0;

  async install(): Promise<void> {
    const made = join(this.folder, 'made');
    await this.finish([join(ROOT, 'scripts/client.mjs'), made], { cwd: ROOT });
    this.write('package.json', '{ "type": "module" }');
    const packed = await this.finish(['pack', made, '--silent'], { command: 'npm' });
    await this.finish(['install', ...OFFLINE, `api-client@file:${packed.trim()}`], { command: 'npm' });
  }

  /** A file of the installed package. */
  read(file: string): string {
    return readFileSync(join(this.folder, 'node_modules/api-client', file), 'utf8');
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.folder, file), text);
  }

  /** Writes a file of another name each time. */
  writeNew(text: string, ending: 'js' | 'ts'): string {
    const file = `written-${++this.files}.${ending}`;
    this.write(file, text);
    return file;
  }

  /** What a module prints; `hear` is given each part of it at once. */
  run(code: string, hear?: (part: string) => void): Promise<string> {
    return this.finish([this.writeNew(code, 'js')], { hear });
  }

  /** Fails with what the compiler says against modules. */
  async compile(...codes: string[]): Promise<void> {
    await this.finish([TSC, ...STRICT, ...codes.map((code) => this.writeNew(code, 'ts'))]);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  private finish(args: string[], { command = process.execPath, cwd = this.folder, hear }: Way = {}): Promise<string> {
    return new Promise((done, fail) => {
      const child = execFile(command, args, { cwd }, (error, stdout, stderr) =>
        error ? fail(new Error(`${command} ${args.join(' ')}: ${stdout}${stderr}`)) : done(stdout),
      );
      if (hear) child.stdout!.on('data', hear);
    });
  }
}

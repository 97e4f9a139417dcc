/** Copies of the project that are repositories of their own, for commands that rewrite it. */
import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const ROOT = join(__dirname, '../..');
const LEFT_OUT = new Set(['.git', '.data', '.env', 'node_modules', 'dist', 'coverage']);
const AUTHOR = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', '-c', 'commit.gpgsign=false'];

interface Ended {
  status: number | null;
  output: string;
}

export class Clone {
  readonly folder = mkdtempSync(join(tmpdir(), 'api-clone-'));

  constructor() {
    for (const name of readdirSync(ROOT).filter((one) => !LEFT_OUT.has(one)))
      cpSync(join(ROOT, name), join(this.folder, name), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(this.folder, 'node_modules'));
    this.git('init', '--quiet');
    appendFileSync(join(this.folder, '.git/info/exclude'), 'node_modules\n');
    this.commit();
  }

  commit(): void {
    this.git('add', '--all');
    this.git(...AUTHOR, 'commit', '--allow-empty', '--quiet', '--no-verify', '--message', 'State');
  }

  /** What git prints; it must succeed. */
  git(...args: string[]): string {
    const { status, output } = this.run('git', args);
    if (status !== 0) throw new Error(`git ${args.join(' ')}: ${output}`);
    return output;
  }

  /** Takes everything back that is not committed. */
  reset(): void {
    this.git('reset', '--quiet', '--hard');
    this.git('clean', '--quiet', '--force', '-d');
  }

  script(name: string, ...args: string[]): Ended {
    return this.run(process.execPath, [`scripts/${name}.mjs`, ...args]);
  }

  run(command: string, args: string[], env: NodeJS.ProcessEnv = {}): Ended {
    const { PATH, HOME } = process.env;
    const options = { cwd: this.folder, env: { PATH, HOME, ...env }, encoding: 'utf8', input: '' } as const;
    const { status, stdout, stderr } = spawnSync(command, args, options);
    return { status, output: stdout + stderr };
  }

  read(file: string): string {
    return readFileSync(join(this.folder, file), 'utf8');
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

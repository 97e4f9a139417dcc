/** The door of `npx nest generate domain notes "title:text:1..80 body:text:optional"`: what `npm run generate` does. */
import { spawnSync } from 'node:child_process';

// @nestjs/cli 12.0 hands the words of the last argument on without quotes, so that only the first becomes the option.
const PASSED = /^--(path=|dry-run$)/;

export function domain({ name }) {
  return () => {
    const given = process.argv.filter((word, at) => PASSED.test(word) || (at > 2 && !word.startsWith('-')));
    const args = given.map((word) => word.replace(/^--path=/, ''));
    const words = ['scripts/generate.mjs', 'domain', ...(name ? [name] : []), ...args];
    const { status } = spawnSync(process.execPath, words, { stdio: 'inherit' });
    if (status !== 0) process.exit(status ?? 1);
  };
}

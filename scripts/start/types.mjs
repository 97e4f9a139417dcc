/** Checks types while `npm run dev` runs: the build itself only strips them. */
import { setPriority } from 'node:os';
import { createInterface } from 'node:readline';
import { launch } from './children.mjs';
import { say } from './program.mjs';

// A restart goes first.
const PRIORITY = 10;
const TSC = ['node_modules/typescript/bin/tsc', '--noEmit', '--watch', '--preserveWatchOutput'];

/** Answers the compiler's process, which shows errors as they come, and says when they are gone. */
export function checkTypes() {
  const pretty = process.stdout.isTTY ? ['--pretty'] : [];
  const child = launch([...TSC, ...pretty], ['ignore', 'pipe', 'inherit']);
  setPriority(child.pid, PRIORITY);
  let hadErrors = false;
  createInterface({ input: child.stdout }).on('line', (line) => {
    const found = /Found (\d+) errors?\. Watching/.exec(line)?.[1];
    if (found === undefined) {
      if (line.trim() && !/(Starting compilation|File change detected)/.test(line)) say('types', line);
      return;
    }
    if (found !== '0') say('types', `${found} error${found === '1' ? '' : 's'}`);
    else if (hadErrors) say('types', 'no errors any more');
    hadErrors = found !== '0';
  });
  return child;
}

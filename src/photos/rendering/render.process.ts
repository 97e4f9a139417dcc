/**
 * Renders one photo and ends. It has a process of its own because native code reads bytes of strangers here: whatever
 * they do to it, time and memory are bounded, and it knows no secret. Threads would share the memory of the API.
 */
import { writeFileSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';
import type { SentFile } from '../../platform/http/requests/file-bodies.js';
import { fileIn } from './form-file.js';
import { render } from './render.js';
import { type Outcome, TOO_COSTLY } from './rendering.js';
import { Refused } from './refused.js';

// A tenth of it is the program itself.
const MEMORY_BYTES = 340 * 1024 * 1024;
const PROCESSOR_MICROSECONDS = 4_000_000;
const LOOK_MILLISECONDS = 10;
// Where processors are short, requests come first.
const NICE = 10;

process.once('message', (sent: SentFile) => void answer(sent));

// Where the API is nicer than that, nobody but root may go back.
setPriority(Math.max(NICE, getPriority()));
beKilledFirst();
setInterval(endIfNeeded, LOOK_MILLISECONDS);

async function answer(sent: SentFile): Promise<void> {
  const outcome = await outcomeOf(sent);
  process.send!(outcome);
}

async function outcomeOf(sent: SentFile): Promise<Outcome> {
  try {
    return { rendered: await render(await fileIn(sent)) };
  } catch (error) {
    return { refused: error instanceof Refused ? error.reason : 'broken' };
  }
}

/** Where a container runs out of memory, Linux ends this process and not the API. */
function beKilledFirst(): void {
  try {
    writeFileSync('/proc/self/oom_score_adj', '1000');
  } catch {
    // Another system.
  }
}

/** Pixels are read in other threads, so this one always gets to look. The API may end before anything is asked of it. */
function endIfNeeded(): void {
  const { user, system } = process.cpuUsage();
  if (!process.connected) process.exit();
  if (process.memoryUsage.rss() > MEMORY_BYTES || user + system > PROCESSOR_MICROSECONDS) process.exit(TOO_COSTLY);
}

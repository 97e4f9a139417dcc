/** What `npm start` prints: each step as it begins, how long it took, and lines of the programs meanwhile. */
const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MILLISECONDS = 100;
const NAME_WIDTH = 11;
const CLEAR_LINE = '\r\u001b[K';

const isTerminal = process.stdout.isTTY;
/** The line of the step that runs, on a terminal. */
let current;

/** Runs one step. On a terminal its line counts the seconds. */
export async function step(name, work) {
  const begun = performance.now();
  const seconds = () => `${((performance.now() - begun) / 1_000).toFixed(1)} s`;
  const end = begin(name, seconds);
  try {
    const result = await work();
    end(`${name.padEnd(NAME_WIDTH)}${seconds()}`);
    return result;
  } catch (error) {
    end(`${name.padEnd(NAME_WIDTH)}failed after ${seconds()}`);
    throw error;
  }
}

/** Writes lines above that of the step that runs. */
export function print(text, to = process.stdout) {
  if (current) process.stdout.write(CLEAR_LINE);
  to.write(`${text}\n`);
  current?.();
}

function begin(name, seconds) {
  if (!isTerminal) {
    print(`${name} …`);
    return print;
  }
  let frame = 0;
  current = () => process.stdout.write(`${CLEAR_LINE}${FRAMES[frame]} ${name.padEnd(NAME_WIDTH)}${seconds()}`);
  const timer = setInterval(() => {
    frame = (frame + 1) % FRAMES.length;
    current();
  }, FRAME_MILLISECONDS);
  current();
  return (line) => {
    clearInterval(timer);
    process.stdout.write(CLEAR_LINE);
    current = undefined;
    print(line);
  };
}

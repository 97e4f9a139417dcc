import { Batches } from './batches.js';

/** A log whose reader takes a batch of lines or does not, in turn. */
function logTo(...takes: boolean[]) {
  const taken: string[] = [];
  const write = (lines: string) => {
    const isTaken = takes.shift() ?? true;
    if (isTaken) taken.push(...lines.trimEnd().split('\n'));
    return isTaken;
  };
  const log: Batches = new Batches({ write, flush: (done) => done() }, (lines) => log.write(`lost ${lines}\n`));
  const batch = (...lines: string[]) => {
    for (const line of lines) log.write(`${line}\n`);
    log.flush(() => undefined);
  };
  return { taken, batch };
}

test.each([
  ['once', [true, false], ['a', 'd', 'lost 2', 'e']],
  ['as soon as there is room', [false], ['b', 'c', 'lost 1', 'd', 'e']],
  ['after the line that told of others was lost too', [false, true, false, false], ['b', 'c', 'lost 3']],
  ['after that line was lost alone', [false, true, false, true, false], ['b', 'c', 'e', 'lost 2']],
  ['never when everything is read', [], ['a', 'b', 'c', 'd', 'e']],
])('how many lines were lost is told %s', (_, takes, expected) => {
  const { taken, batch } = logTo(...takes);
  batch('a');
  batch('b', 'c');
  batch('d');
  batch('e');
  for (let more = 1; more <= 3; more++) batch();
  expect(taken).toEqual(expected);
});

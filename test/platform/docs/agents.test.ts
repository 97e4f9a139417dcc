/** The page for coding assistants is short, and something runs each of its commands. */
import { codeIn, tableRows, text } from '../../support/pages.js';

const LINES = 70;
const scripts = (JSON.parse(text('package.json')) as { scripts: Record<string, string> }).scripts;
const commands = tableRows(text('AGENTS.md')).map(([command, , runner]) => [codeIn(command!)[0]!, codeIn(runner!)[0]!]);

test('it can be read with every task', () => {
  expect(text('AGENTS.md').split('\n').length - 1).toBeLessThanOrEqual(LINES);
  expect(commands.length).toBeGreaterThanOrEqual(10);
});

test.each(commands)('%s is run by %s', (command, runner) => {
  const name = /^np[mx] (?:run )?([\w:-]+)/.exec(command)![1]!;
  const program = /scripts\/[\w-]+\.(?:mjs|sh)$/.exec(scripts[name]!)?.[0] ?? name;
  const parts = [name, program, program.replace(/^scripts\/|\.mjs$/g, '')];
  const source = text(runner);
  expect(parts.some((part) => new RegExp(`\\b${part}\\b`).test(source))).toBe(true);
});

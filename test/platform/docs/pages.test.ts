/** What README and docs say is there: links, commands, files, and the tables that follow from the code. */
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { PREFIX } from '../../support/api.js';
import { codeIn, pages, ROOT, type Sample, samples, tableRows, text } from '../../support/pages.js';
import { DOCUMENT } from '../../support/routes.js';
import { knownSettings } from '../../support/settings.js';

const README_LINES = 120;
const README_BYTES = 12_000;
// A code span or fence has no links, and nothing in a comment is shown.
const HIDDEN = /```[\s\S]*?```|`[^`\n]*`|<!--[\s\S]*?-->/g;
const LINK = /\]\(([^)\s]+)\)/g;
// A suite or a person reads the data; a browser draws the diagram.
const DATA = new Set(['json', 'mermaid', 'text', 'nginx', 'ini']);

const all = samples();
const scripts = (JSON.parse(text('package.json')) as { scripts: Record<string, string> }).scripts;

/** As GitHub makes them of headings. */
function anchorsOf(page: string): string[] {
  const headings = [...text(page).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading!);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function brokenLinks(page: string): string[] {
  const links = [...text(page).replace(HIDDEN, '').matchAll(LINK)].map(([, link]) => link!);
  return links.filter((link) => {
    if (/^https?:/.test(link)) return false;
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? page : normalize(join(dirname(page), path));
    return !existsSync(join(ROOT, target)) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
  });
}

/** Scripts of package.json and files of ours that a page names and that are not there. */
function missing(page: string): string[] {
  const source = text(page);
  const named = [...source.matchAll(/npm run ([a-z][\w:-]*)(?!\*)\b(?!:\*)/g)].map(([, name]) => name!);
  const programs = [...source.matchAll(/dist\/src\/([\w-]+)\.js/g)].map(([, name]) => `src/${name}.ts`);
  const files = codeIn(source).filter((code) =>
    /^(?:src|test|scripts|deploy)\/[\w./-]+\.(?:ts|mjs|sh|json|ya?ml)$/.test(code),
  );
  return [
    ...named.filter((name) => !(name in scripts)).map((name) => `npm run ${name}`),
    ...[...programs, ...files].filter((path) => !existsSync(join(ROOT, path)) && !isOfSample(path)),
  ];
}

/** The domain that a page has one write, in whole or in part. */
const isOfSample = (path: string) => path.includes('/notes/') || all.some(({ file }) => file === path);

test('the README can be read in one go', () => {
  expect(text('README.md').split('\n').length - 1).toBeLessThanOrEqual(README_LINES);
  expect(Buffer.byteLength(text('README.md'))).toBeLessThanOrEqual(README_BYTES);
});

test.each(pages())('the links, commands and files of %s are there', (page) => {
  expect({ links: brokenLinks(page), missing: missing(page) }).toEqual({ links: [], missing: [] });
});

test('every page is linked from the README or from a page that is', () => {
  const linked = new Set(['README.md']);
  for (const page of linked) {
    const links = [...text(page).matchAll(LINK)].map(([, link]) => link!.split('#')[0]!);
    for (const link of links) {
      const target = normalize(join(dirname(page), link));
      if (target.endsWith('.md') && existsSync(join(ROOT, target))) linked.add(target);
    }
  }
  expect(pages().filter((page) => !linked.has(page) && !page.startsWith('docs/decisions/'))).toEqual([]);
});

function isHeld({ language, file, mark }: Sample): boolean {
  if (DATA.has(language) || mark?.kind === 'not run') return true;
  if (mark?.kind === 'run by') return existsSync(join(ROOT, mark.text));
  if (language === 'ts') return file !== undefined || mark?.kind === 'in';
  return ['sh', 'js'].includes(language) && mark?.kind === 'run';
}

test('every sample is run, compiled or data, or its source says why not', () => {
  const loose = all.filter((sample) => !isHeld(sample));
  expect(loose.map(({ page, line, language }) => `${page}:${line} ${language}`)).toEqual([]);
  for (const { language, code } of all) if (language === 'json') JSON.parse(code);
});

test('the page of settings has each one once, with its default', async () => {
  const rows = tableRows(text('docs/settings.md')).map(([name, initial]) => [name!.replaceAll('`', ''), initial]);
  const settings = Object.entries(await knownSettings()).map(([name, value = '–']) => [name, String(value)]);
  expect(rows.toSorted()).toEqual(settings.toSorted());
});

test('the table of routes has each operation once, and whether it is public', () => {
  const [, section] = text('docs/api.md').split('\n## Routes\n');
  // Then come the pages, which have no method.
  const listed = tableRows(section!.split('\n## ')[0]!)
    .map(([route, who]) => [codeIn(route!)[0]!, who === 'anyone'] as const)
    .filter(([route]) => route.includes(' '));
  const known = DOCUMENT.operations().map(({ route, security = [] }) => [
    route.replace(PREFIX, ''),
    security.length === 0,
  ]);
  expect(listed.toSorted()).toEqual(known.toSorted());
});

test('the page of dependencies has each package once, with a reason', () => {
  const { dependencies, devDependencies } = JSON.parse(text('package.json')) as Record<string, object>;
  const [, used = '', developed = ''] = text('docs/dependencies.md').split(/^## /m);
  const listed = (section: string) => tableRows(section).flatMap(([packages]) => codeIn(packages!));
  expect(listed(used).toSorted()).toEqual(Object.keys(dependencies!).toSorted());
  expect(listed(developed).toSorted()).toEqual(Object.keys(devDependencies!).toSorted());
});

test('the rooms of the platform are described, and of the domains none that is not there', () => {
  const page = text('docs/structure.md');
  const folders = (path: string) =>
    readdirSync(join(ROOT, path), { withFileTypes: true }).flatMap((one) => (one.isDirectory() ? [one.name] : []));
  const rooms = [...page.matchAll(/^ {4}(\w+)\/ {2,}/gm)].map(([, room]) => room!);
  const domains = [.../^ {2}((?:\w+\/ )+)… +the domains$/m.exec(page)![1]!.matchAll(/\w+/g)].map(String);
  expect(rooms.toSorted()).toEqual(folders('src/platform').toSorted());
  expect(folders('src')).toEqual(expect.arrayContaining(domains));
  // A README that draws them has the same order, from the highest.
  const [, drawn, inRow] = /"src\/(.*) …: the domains[\s\S]*?\n +(.* --> .*-->.*)\n/.exec(text('README.md')) ?? [];
  expect(drawn ?? domains.join(', ')).toBe(domains.join(', '));
  expect(inRow ?? rooms.toReversed().join(' --> ')).toBe(rooms.toReversed().join(' --> '));
});

/** The pages that people read, and the samples in them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(__dirname, '../..');

/** A fenced block, and what the source says of it. */
export interface Sample {
  page: string;
  line: number;
  language: string;
  code: string;
  /** The file that it is, if the line above it names one. */
  file?: string;
  /** The comment above it: how it is run, the code that it stands in, or why it is not run. */
  mark?: { kind: 'run' | 'run by' | 'in' | 'not run'; text: string };
}

const FENCE = /^```(\w*)\n([\s\S]*?)^```$/gm;
const FILE = /^`([\w./-]+\.ts)`$/;
const MARK = /^<!-- (run|run by|in|not run): ([\s\S]*) -->$/;

export const text = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

export function pages(): string[] {
  const docs = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' });
  const roots = readdirSync(ROOT).filter((name) => name.endsWith('.md'));
  return [...roots, ...docs.filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`)].toSorted();
}

export function samples(): Sample[] {
  return pages().flatMap((page) => {
    const source = text(page);
    return [...source.matchAll(FENCE)].map(({ index, 1: language, 2: code }) => {
      const before = source.slice(0, index).trimEnd();
      const above = before.slice(before.lastIndexOf('\n\n') + 1).trim();
      const [, kind, said] = MARK.exec(above) ?? [];
      const mark = kind ? { kind: kind as never, text: said! } : undefined;
      const line = before.split('\n').length + 2;
      return { page, line, language: language!, code: code!, file: FILE.exec(above)?.[1], mark };
    });
  });
}

/** The rows of every table of a page, cell by cell, without heads. */
export function tableRows(source: string): string[][] {
  const lines = source.split('\n');
  const isRow = (line: string | undefined) => line?.startsWith('|') === true;
  const isHead = (index: number) => !isRow(lines[index - 1]) || !isRow(lines[index - 2]);
  return lines.flatMap((line, index) => (isRow(line) && !isHead(index) ? [cellsOf(line)] : []));
}

export function cellsOf(line: string): string[] {
  const cells = line.slice(1, line.lastIndexOf('|')).split('|');
  return cells.map((cell) => cell.trim());
}

/** What stands in backticks. */
export function codeIn(source: string): string[] {
  return [...source.matchAll(/`([^`]+)`/g)].map(([, code]) => code!);
}

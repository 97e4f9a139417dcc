import { parseEnvFile } from './env-file.js';

const parsed = (text: string) => parseEnvFile(text);

test.each<[string, string, Record<string, string>]>([
  ['a line of blanks before', '  \t \nENVIRONMENT=production', { ENVIRONMENT: 'production' }],
  ['empty lines before', '\n\n\nPORT=1', { PORT: '1' }],
  ['an indented comment before', '   # Where\nPORT=1', { PORT: '1' }],
  ['an indented line', '\t PORT=1', { PORT: '1' }],
  ['line ends of Windows', 'PORT=1\r\n\r\n  \r\nHOST=::\r\n', { PORT: '1', HOST: '::' }],
  ['no line end', 'PORT=1', { PORT: '1' }],
  ['export', 'export PORT=1\n  export  HOST=::', { PORT: '1', HOST: '::' }],
  ['blanks around the sign', 'PORT = 1\nHOST\t=\t::  ', { PORT: '1', HOST: '::' }],
  ['no value', 'PORT=\nHOST= \nTRUST_PROXY= # to be filled in', { PORT: '', HOST: '', TRUST_PROXY: '' }],
  ['quotes', `A='x y'\nB="x y"\nC=\`x y\`\nD=''`, { A: 'x y', B: 'x y', C: 'x y', D: '' }],
  ['a comment behind', `A=x # c\nB='x # y' # c\nC="x"#c\nD=x\t# c`, { A: 'x', B: 'x # y', C: 'x', D: 'x' }],
  ['quotes within', `A=it's\nB='"x"'\nC="it's"`, { A: "it's", B: '"x"', C: "it's" }],
  [
    'signs in the value',
    'A=b=c==\nB=postgres://u:p@h:1/d?sslmode=require',
    {
      A: 'b=c==',
      B: 'postgres://u:p@h:1/d?sslmode=require',
    },
  ],
  [
    'a line break that is written out',
    String.raw`A="x\ny"` + '\n' + String.raw`B='x\ny'`,
    { A: 'x\ny', B: String.raw`x\ny` },
  ],
  ['text beyond ASCII', 'APP_NAME=Grüße 漢字', { APP_NAME: 'Grüße 漢字' }],
  ['only comments', '# PORT=1\n#', {}],
])('%s', (_, text, values) => {
  expect(parsed(text)).toEqual({ values, problems: [] });
});

test.each([
  ['no sign', 'PORT'],
  ['a colon', 'PORT: 1'],
  ['no name', '=1'],
  ['a name with a hyphen', 'MY-PORT=1'],
  ['a name that begins with a digit', '1PORT=1'],
  ['a name with a zero-width space', 'PO\u200bRT=1'],
  ['a byte order mark within', 'A\ufeff=1'],
  ['a quoted name', '"PORT"=1'],
  ['two words', 'set PORT=1'],
  ['quotes left open', 'PORT="1'],
  ['quotes over two lines', 'PORT="1\nHOST=::\nX="'],
  ['more behind quotes', `PORT="1" "2"`],
  ['other quotes at the end', `PORT='1"`],
  ['a # that may begin a comment', 'PASSWORD=canary#1'],
  ['a # at the beginning', 'PASSWORD=#canary'],
  ['a lone carriage return', 'PORT=1\rHOST=::'],
  ['a NUL', 'PORT=1\0'],
  ['UTF-16', 'P\0O\0R\0T\0=\x001\0'],
  ['a name twice', 'PORT=1\nPORT=2'],
  ['a name twice, once without a value', 'PORT=\nPORT=2'],
])('%s is told with its line, and without its value', (_, text) => {
  const { problems } = parsed(`# One\n\n${text}`);
  expect(problems.length).toBeGreaterThan(0);
  for (const problem of problems) {
    expect(problem).toMatch(/^\.env, line [3-6]: \S.{10,}/);
    expect(problem).not.toContain('canary');
  }
});

/** What the generator of domains writes, by what it is asked for, and what it refuses. It is pure: nothing is written here. */
import { samples } from '../../support/pages.js';
import { planAll } from '../../support/planning.js';

const LONG = 'a'.repeat(41);

const REFUSED: [request: string, sentence: string][] = [
  ['', 'Name the domain'],
  ['class', 'class is a reserved word of TypeScript'],
  ['user', 'user is a reserved word of SQL'],
  ['users', 'user is a reserved word of SQL'],
  ['health', 'health is a reserved word of the API'],
  ['1x', '1x is no name of a domain'],
  ['Ünï', 'Ünï is no name of a domain'],
  ['../x', '../x is no name of a domain'],
  ['Gizmos', 'Gizmos is no name of a domain'],
  ['order_lines', 'order_lines is no name of a domain'],
  ['-x', 'Unknown option'],
  [LONG, `${LONG} is no name of a domain`],
  ['tasks', 'There is a folder tasks already'],
  ['task', 'There is a folder tasks already'],
  ['auth-sessions', 'There is a table auth_session already'],
  ['task-events', 'There is a class TaskEventsModule already'],
  ['gizmos price:money', 'price: there is no type money'],
  ['gizmos price:constructor', 'price: there is no type constructor'],
  ['gizmos Price', 'Price is no name of a field'],
  ['gizmos unit-price', 'unit-price is no name of a field'],
  ['gizmos 1st', '1st is no name of a field'],
  ['gizmos class', 'class is a reserved word of TypeScript'],
  ['gizmos order', 'order is a reserved word of SQL'],
  ['gizmos id', 'id is a field that the domain has by itself'],
  ['gizmos created_at:instant', 'created_at is a field that the domain has by itself'],
  ['gizmos part:ref', 'part: a ref names a domain that has facts'],
  ['gizmos part:ref:nothing', 'part: a ref names a domain that has facts'],
  ['gizmos size size:integer', 'There are two fields called size'],
  ['gizmos task:ref:tasks task_id:integer', 'There are two fields called task_id'],
  ['gizmos task task:ref:tasks', 'There are two fields called task'],
  ['gizmos name:text:9..1', 'name: the range goes from'],
  ['gizmos name:text:1..1000000', 'name: the range goes from'],
  ['gizmos size:integer:1..9999999999999999999', 'size: the range goes from'],
  ['gizmos weight:decimal:2.3', 'weight: decimal:8.3 is 8 digits in all'],
  ['gizmos colour:enum', 'colour: an enum names its values'],
  ['gizmos colour:enum:red/red', 'colour: an enum names its values'],
  ['gizmos day:day', 'day: a day is named so that it ends in _date'],
  ['gizmos seen:instant', 'seen: an instant is named so that it ends in _at'],
  ['gizmos size:integer:list:unique', 'size: integer:list cannot be unique'],
  ['gizmos size:boolean:list', 'size: there is no list of boolean'],
  ['gizmos size:integer:often', 'size: integer takes no often'],
  ['gizmos size:integer --filter colour', '--filter names colour, which is no field'],
  ['gizmos size:integer --sort colour', '--sort names colour, which is no field'],
  ['gizmos size:integer --search size', '--search does not take size'],
  ['gizmos data:json --filter data', '--filter does not take data'],
  ['gizmos --owner group', '--owner takes user, not group'],
  ['gizmos --list scroll', '--list takes page or cursor, not scroll'],
  ['gizmos --owner user --permission', '--permission takes --cached with an owner'],
  ['gizmos --colour', 'Unknown option'],
];

const FLAGS = '--owner user --cached --list cursor --soft-delete --admin';

const WRITTEN: [request: string, files: string[], lines: string[]][] = [
  [
    'gizmos',
    ['gizmos.admin.controller.ts', 'gizmos.controller.ts', 'gizmos.module.ts'],
    [
      "src/app.module.ts: import { GizmosModule } from './gizmos/gizmos.module.js';",
      'src/app.module.ts: GizmosModule,',
      'docs/api.md: | `GET /gizmos` | signed in | 200 page of gizmos |',
    ],
  ],
  [
    'order-lines amount:integer --owner user --cached',
    ['order-line.entity.ts', 'order-line-owner.guard.ts', 'order-lines.errors.ts', 'order-lines.tasks.module.ts'],
    [
      'src/worker.module.ts: OrderLinesTasksModule,',
      'docs/api.md: | `DELETE /order-lines/{order_line_id}` | its owner | 204 |',
    ],
  ],
  [
    'gizmos --owner user --cached --permission',
    ['gizmos.permissions.ts'],
    ['docs/api.md: | `PATCH /gizmos/{gizmo_id}` | its owner, or `gizmos.edit_any` | 200 gizmo |'],
  ],
  [
    'order-lines amount:integer --permission',
    ['order-lines.permissions.ts'],
    ['docs/api.md: | `POST /admin/order-lines` | `order_lines.edit_any` | 201 order line |'],
  ],
  ['criterion', ['criterion.entity.ts', 'criteria.module.ts'], []],
  ['gizmo --plural gizmata', ['gizmo.entity.ts', 'gizmata.module.ts'], []],
  [
    `gizmos title:text ${FLAGS}`,
    ['gizmo.entity.ts', 'gizmo-owner.guard.ts'],
    ['docs/api.md: | `POST /admin/gizmos/{gizmo_id}/restore` | superuser | 200 gizmo |'],
  ],
];

const page = samples().filter((one) => one.page === 'docs/adding-a-domain.md');
const commands = page.flatMap(({ code }) => [...code.matchAll(/^npm run generate -- (.*)$/gm)].map(([, one]) => one!));

const [private_, referring, shown, ...all] = planAll([
  ['domain gizmos title --owner user'],
  ['domain gizmos task:ref:tasks'],
  commands,
  ...[...REFUSED, ...WRITTEN].map(([request]) => [`domain ${request}`]),
]);
const nameWith = ([request]: readonly [string, ...unknown[]], index: number) => [request, index] as const;

test.each(REFUSED.map((one, index) => [...one, index] as const))('domain %s is refused: %s', (_, sentence, index) => {
  const { refused } = all[index]!;
  expect(refused).toMatch(/^[^\n]+$/);
  expect(refused!.slice(0, sentence.length)).toBe(sentence);
});

test.each(WRITTEN.map(nameWith))('domain %s has the files and lines that it needs', (_, index) => {
  const [, names, lines] = WRITTEN[index]!;
  const { files, lines: added } = all[REFUSED.length + index]!;
  const written = Object.keys(files).map((path) => path.replace(/.*\//, ''));
  expect(written).toEqual(expect.arrayContaining(names));
  expect(added).toEqual(expect.arrayContaining(lines));
  expect(Object.keys(files).every((path) => /^(src|test)\/[a-z-]+\/[a-z.-]+\.ts$/.test(path))).toBe(true);
});

test('a private domain has no guard, no routes of superusers and nothing cached', () => {
  const { files } = private_!;
  expect(Object.keys(files).filter((path) => /guard|admin/.test(path))).toEqual([]);
  expect(Object.values(files).join()).not.toMatch(/Cached|Invalidates|@Public/);
});

test('what a ref names is imported from where it is', () => {
  const { files } = referring!;
  expect(files['src/gizmos/gizmo.entity.ts']).toContain("import { TaskRecord } from '../tasks/task.entity.js';");
  expect(files['src/gizmos/gizmos.module.ts']).toContain("import { TaskNotFound } from '../tasks/tasks.errors.js';");
});

test('the code of "Adding a domain" is what its commands write', () => {
  const files = page.filter(({ file }) => file !== undefined);
  expect(files.length).toBeGreaterThan(9);
  for (const { file, code } of files)
    expect({ file, code: code.trimEnd() }).toEqual({ file, code: shown!.files[file!]?.trimEnd() });
});

/** What `npm run generate -- task` writes; what it does then is in the drill. */
import { planAll } from '../../support/planning.js';

const TASK = 'task gizmos re-count';

const REFUSED: [request: string, sentence: string][] = [
  ['', 'Name the domain'],
  ['gizmos', 'Name one task'],
  ['gizmos re-count again', 'Name one task'],
  ['gizmos recount --public', 'Unknown option'],
  ['gizmos re_count', 're_count is no name of a task'],
  ['gizmos ../x', '../x is no name of a task'],
  ['gizmos sample', 'There is a task sample already, in src/tasks/sample.task.ts'],
  ['gizmos expired-tasks', 'There is a task expired_tasks already, in src/tasks/'],
  ['gizmos gizmos', 'There is a task gizmos already, in test/gizmos/gizmos.test.ts'],
  ['nothing recount', 'There is no domain nothing that takes tasks; these do: '],
  ['tasks recount', 'There is no domain tasks that takes tasks'],
];

const [alone, private_, second, ...refusals] = planAll([
  ['domain gizmos title --soft-delete --cached', TASK],
  ['domain gizmos title --owner user', TASK],
  ['domain gizmos title', TASK, 'task gizmo archive'],
  ...REFUSED.map(([request]) => ['domain gizmos title', `task ${request}`]),
]);
test('a task has a class, a suite, a module that the API and the worker import, and a row', () => {
  const { files, lines } = alone!;
  expect(files['src/gizmos/re-count.task.ts']).toContain(
    "@Task('re_count', NoPayload)\nexport class ReCountTask implements RunsTask {",
  );
  expect(files['src/gizmos/re-count.task.ts']).toContain("FROM gizmo WHERE NOT is_deleted'");
  expect(files['test/gizmos/re-count.test.ts']).toContain("test('re-count counts gizmos', async () => {");
  expect(files['src/gizmos/gizmos.tasks.module.ts']).toContain('@Module({ providers: [ReCountTask] })');
  expect(files['src/gizmos/gizmos.module.ts']).toMatch(
    /imports: \[\s*CacheModule,\s*GizmosTasksModule,\s*DatabaseModule/,
  );
  expect(lines).toEqual(
    expect.arrayContaining([
      "src/worker.module.ts: import { GizmosTasksModule } from './gizmos/gizmos.tasks.module.js';",
      'src/worker.module.ts: GizmosTasksModule,',
      'docs/tasks.md: | `re_count` | code | counts gizmos |',
    ]),
  );
});

test('a task joins the module that the domain has for its tasks', () => {
  const { files, lines } = private_!;
  expect(files['src/gizmos/gizmos.tasks.module.ts']).toMatch(
    /imports: \[DatabaseModule[^]*providers: \[ReCountTask\],/,
  );
  expect(lines.filter((line) => line === 'src/worker.module.ts: GizmosTasksModule,')).toHaveLength(1);
  expect(second!.files['src/gizmos/gizmos.tasks.module.ts']).toContain('providers: [ReCountTask, ArchiveTask]');
  expect(second!.lines.filter((line) => line === 'src/worker.module.ts: GizmosTasksModule,')).toHaveLength(1);
});

test.each(REFUSED.map((one, at) => [...one, at] as const))('task %s is refused: %s', (_, sentence, at) => {
  const { refused } = refusals[at]!;
  expect(refused).toMatch(/^[^\n]+$/);
  expect(refused!.slice(0, sentence.length)).toBe(sentence);
});

/** What a task of a domain takes: the files that are written or changed, and the lines to add. It touches nothing. */
import { namesIn, sourceAt } from './existing/domains.mjs';
import { decoratorsOf, propertyOf } from './existing/syntax.mjs';
import { withImports, withMoreImports } from './imports.mjs';
import { pascalOf, requireName } from './names.mjs';
import { domainsIn, workerLines } from './plan.mjs';
import { Refusal } from './refusal.mjs';
import { moduleModules } from './wiring.mjs';

/**
 * @param {{ name: string, task: string }} request
 * @param {Map<string, string>} sources the texts of src and test by path
 * @returns {{ names: object, files: Map<string, string>, insertions: { path: string, line: string, before: RegExp }[] }}
 */
export function planTask({ name, task: file }, sources) {
  const names = namesIn(name, sources, hasRows, 'takes tasks');
  requireName(file, 'task');
  const id = file.replaceAll('-', '_');
  const task = { names, file, id, Task: `${pascalOf(id)}Task` };
  const [path, suite] = [`src/${names.plural}/${file}.task.ts`, `test/${names.plural}/${file}.test.ts`];
  refuseTaken(task, [path, suite], sources);
  const isWired = sources.has(modulePath(names));
  return {
    names,
    files: new Map([
      [path, taskFile(task, sources)],
      [suite, suiteFile(task)],
      ...(isWired ? [listed(task, sources)] : [tasksModule(task), importing(names, sources)]),
    ]),
    insertions: [...(isWired ? [] : workerLines(names)), rowOf(task)],
  };
}

const entityPath = ({ plural, singular }) => `src/${plural}/${singular}.entity.ts`;
const modulePath = ({ plural }) => `src/${plural}/${plural}.tasks.module.ts`;

const hasRows = (names, sources) =>
  domainsIn(sources)[names.plural]?.table === names.table &&
  sources.get(entityPath(names)).includes(`class ${names.Entity} `);

function refuseTaken({ id, Task }, paths, sources) {
  const has = (text) => [...sources].find(([one, source]) => one.startsWith('src/') && source.includes(text))?.[0];
  const path = paths.find((one) => sources.has(one));
  const where = path ?? has(`@Task('${id}'`) ?? has(`class ${Task} `);
  if (where) throw new Refusal(`There is a task ${id} already, in ${where}: name it otherwise`);
}

function taskFile({ names, id, Task }, sources) {
  const { table, tables, words, Entity } = names;
  const isSoft = sources.get(entityPath(names)).includes(`class ${Entity} extends SoftDeletable `);
  const body = `const COUNT = 'SELECT count(*)::int AS ${tables} FROM ${table}${isSoft ? ' WHERE NOT is_deleted' : ''}';

/** Counts ${words}. */
@Task('${id}', NoPayload)
export class ${Task} implements RunsTask {
  constructor(private readonly sql: Sql) {}

  async run(): Promise<{ ${tables}: number }> {
    const { rows } = await this.sql.query<{ ${tables}: number }>(COUNT);
    return rows[0]!;
  }
}
`;
  return withImports(body);
}

const SUITE = [
  ['../support/api.js', 'PREFIX useApi', 'Api User'],
  ['../support/program.js', 'start', 'Program'],
  ['../support/scenes.js', 'newScene'],
  ['../tasks/watch.js', 'ended'],
];

function suiteFile({ names: { table, tables, words }, file, id }) {
  const body = `let api: Api;
let root: User;
let worker: Program;
beforeAll(async () => {
  api = await useApi();
  [root, worker] = [await api.superuser(), await start('worker', api.env)];
});
afterAll(async () => {
  await worker.stop();
  await api.stop();
});

test('${file} counts ${words}', async () => {
  await (await newScene(api, root)).value('${table}_id');
  const [task] = await api.database.query<{ id: number }>(
    \`INSERT INTO task (name, payload) VALUES ('${id}', '{}') RETURNING id::int\`,
  );
  const { status, result } = await ended(root, \`\${PREFIX}/tasks/\${task!.id}\`);
  expect({ status, result }).toEqual({ status: 'completed', result: { ${tables}: 1 } });
});
`;
  return withImports(body, [], SUITE);
}

const rowOf = ({ names: { words }, id }) => ({
  path: 'docs/tasks.md',
  line: `| \`${id}\` | code | counts ${words} |`,
  before: /^\| `expired_tasks`/,
});

/** The module of the domain's tasks, with one more. */
function listed({ names, file, Task }, sources) {
  const source = sourceAt(modulePath(names), sources);
  source.appendTo(optionsOf(source, `${names.Entities}TasksModule`), 'providers', [Task], '[]');
  return [source.path, withMoreImports(source.changed, [[`./${file}.task.js`, Task]])];
}

function tasksModule({ names, file, Task }) {
  const body = `@Module({ providers: [${Task}] })\nexport class ${names.Entities}TasksModule {}\n`;
  return [modulePath(names), withImports(body, [[`./${file}.task.js`, Task]])];
}

/** The module of the domain, which imports that of its tasks. */
function importing(names, sources) {
  const { plural, Entities } = names;
  const source = sourceAt(`src/${plural}/${plural}.module.ts`, sources);
  const imports = propertyOf(optionsOf(source, `${Entities}Module`), 'imports') ?? source.refuse('imports');
  const next = imports.elements.find((one) => one.getText().startsWith('DatabaseModule.'));
  if (next) source.insert(next.getStart(), `${Entities}TasksModule, `);
  else source.append(imports, [`${Entities}TasksModule`]);
  return [source.path, withMoreImports(source.changed, moduleModules({ names, fields: [] }))];
}

function optionsOf(source, name) {
  const module = decoratorsOf(source.class(name)).find((one) => one.name === 'Module');
  return module?.args[0] ?? source.refuse(`@Module on ${name}`);
}

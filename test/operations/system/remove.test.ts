/** `npm run remove`: a domain out, with everything that names it and its tables. */
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Clone, ROOT } from '../../support/clone.js';
import { createDatabase, SETTINGS, type TestDatabase } from '../../support/program.js';

const TIMEOUT = 300_000;
const PERMANENT = new Set(['auth', 'platform', 'tasks', 'users']);
const INSTALLED = join(ROOT, 'node_modules/.package-lock.json');
const TASK = /@Task\('(\w+)'/g;
const removable = readdirSync(join(ROOT, 'src'), { withFileTypes: true })
  .filter((one) => one.isDirectory() && !PERMANENT.has(one.name))
  .map(({ name }) => name);

let clone: Clone;
let database: TestDatabase;
beforeAll(() => {
  clone = new Clone();
  // Without its hooks, the package that installs them has no use.
  expect(clone.script('install-hooks').status).toBe(0);
});
beforeEach(async () => {
  // What is there has been released.
  clone.git('update-ref', 'refs/remotes/origin/main', 'HEAD');
  database = await createDatabase();
});
afterEach(async () => {
  clone.reset();
  await database.drop();
});
afterAll(() => clone.remove());

function write(file: string, source: string): void {
  mkdirSync(dirname(join(clone.folder, file)), { recursive: true });
  writeFileSync(join(clone.folder, file), source);
}

const titleOf = (name: string) => name[0]!.toUpperCase() + name.slice(1);

const moduleOf = (name: string) => `import { Module } from '@nestjs/common';

@Module({})
export class ${titleOf(name)}sModule {}
`;

const entityOf = (name: string) => `import { Entity, PrimaryColumn } from 'typeorm';

@Entity('${name}')
export class ${titleOf(name)} {
  @PrimaryColumn('bigint')
  id!: number;
}
`;

const migrationOf = (name: string) => `import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Create${titleOf(name)}4000000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(\`CREATE TABLE "${name}" ("id" bigint NOT NULL, CONSTRAINT "${name}_pkey" PRIMARY KEY ("id"))\`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(\`DROP TABLE "${name}"\`);
  }
}
`;

const npm = (...args: string[]) =>
  clone.run('npm', ['run', '--silent', ...args], { ...SETTINGS, POSTGRES_URL: database.url });

function succeeds(...args: string[]): string {
  const { status, output } = npm(...args);
  expect({ args, status, output: status === 0 ? '' : output }).toEqual({ args, status: 0, output: '' });
  return output;
}

const changed = () => clone.git('status', '--porcelain');

function tasksOf(names: string[]): string[] {
  return names.flatMap((name) =>
    readdirSync(join(ROOT, 'src', name), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) => {
        const source = readFileSync(join(ROOT, 'src', name, file), 'utf8');
        return [...source.matchAll(TASK)].map(([, task]) => task!);
      }),
  );
}

// Each of them alone, and every suite of what is left: `npm run test:removals`.
test(
  'all of them out: code, docs and schema agree, and the way back is there',
  async () => {
    if (removable.length === 0) return;
    const installed = readFileSync(INSTALLED, 'utf8');
    succeeds('migration:run');
    // Whatever waits to be run by nobody would keep the worker from starting.
    for (const task of [...tasksOf(removable), 'sample'])
      await database.query(`INSERT INTO task (name, payload) VALUES ('${task}', '{}')`);
    succeeds('remove', '--', ...removable);
    expect(removable.filter((name) => existsSync(join(clone.folder, 'src', name)))).toEqual([]);
    for (const script of ['format:check', 'typecheck', 'unused', 'openapi:lint']) succeeds(script);
    // Other clones have the same packages.
    expect(readFileSync(INSTALLED, 'utf8') === installed).toBe(true);
    succeeds('openapi', '--', '--check');
    const { status, output } = clone.run('npm', ['test', '--', 'test/platform/docs/pages']);
    expect({ status, output: status === 0 ? '' : output }).toEqual({ status: 0, output: '' });
    // There is a place for the next one.
    succeeds('generate', '--', 'domain', 'notes', 'title:text:1..80', '--owner', 'user', '--dry-run');
    succeeds('migration:run');
    expect(succeeds('migration:check')).toContain('entities and migrations agree');
    expect(await database.query('SELECT name FROM task')).toEqual([{ name: 'sample' }]);
    succeeds('migration:revert');
    clone.reset();
    expect(succeeds('migration:check')).toContain('entities and migrations agree');
  },
  TIMEOUT,
);

test('nothing is installed into packages that are linked', () => {
  const lock = clone.read('package-lock.json');
  write('package-lock.json', lock.replace(/("node_modules\/pg": \{\s*"version": )"[^"]+"/, '$1"1.0.0"'));
  expect(clone.script('ensure-installed')).toEqual({
    status: 1,
    output: expect.stringContaining('node_modules is a link'),
  });
});

/** A domain as the generator begins one, without lines in other files. */
function addPets(): void {
  write('src/pets/pets.module.ts', moduleOf('pet'));
  write('src/pets/pet.entity.ts', entityOf('pet'));
  write('migrations/2099-01-01_create-pet.ts', migrationOf('pet'));
}

test('a domain that has just been made leaves nothing, in the database either', () => {
  addPets();
  succeeds('migration:run');
  expect(succeeds('remove', '--', 'pets')).toContain('reverted CreatePet');
  expect(changed()).toBe('');
  expect(succeeds('migration:check')).toContain('entities and migrations agree');
});

test('nor does one that has been committed, as long as nobody else has the commit', () => {
  addPets();
  clone.commit();
  succeeds('migration:run');
  succeeds('remove', '--', 'pets');
  expect(clone.git('diff', '--stat', 'origin/main')).toBe('');
  clone.git('reset', '--quiet', '--hard', 'origin/main');
});

test('the tables of one that others have are dropped in a migration, and those of other domains stay', async () => {
  const before = clone.git('rev-parse', 'HEAD').trim();
  addPets();
  write(
    'migrations/2099-01-02_create-pet-food.ts',
    migrationOf('pet_food').replaceAll('4000000000000', '4000000000001'),
  );
  write('src/foods/pet-food.entity.ts', entityOf('pet_food').replace('class Pet_food', 'class PetFood'));
  clone.commit();
  clone.git('update-ref', 'refs/remotes/origin/main', 'HEAD');
  succeeds('migration:run');
  await database.query('INSERT INTO pet VALUES (1)');
  await database.query('INSERT INTO pet_food VALUES (1)');
  expect(succeeds('remove', '--', 'pets')).toMatch(/writes {3}migrations\/[\d-]+_drop-pets\.ts/);
  succeeds('migration:run');
  expect(await database.query(`SELECT to_regclass('pet') AS pet, count(*)::int FROM pet_food`)).toEqual([
    { pet: null, count: 1 },
  ]);
  expect(succeeds('migration:check')).toContain('entities and migrations agree');
  succeeds('migration:revert');
  expect(await database.query('SELECT * FROM pet')).toEqual([]);
  clone.git('reset', '--quiet', '--hard', before);
});

/** A domain whose rows count pets: what counts belongs to these. */
function addOwners(): void {
  const entity = entityOf('owner').replace('{ Entity', '{ Column, Entity');
  write(
    'src/owners/owner.entity.ts',
    entity.replace('id!: number;\n', "id!: number;\n\n  @Column('int')\n  pet_count!: number;\n"),
  );
  write('src/owners/owners.dto.ts', 'export class OwnerRead {\n  pet_count!: number;\n  id!: number;\n}\n');
  write('migrations/2098-01-01_create-owner.ts', migrationOf('owner').replaceAll('4000000000000', '3900000000000'));
  write('test/pets/pets.facts.ts', "export const facts = { fields: { owners: ['pet_count'] } };\n");
  const counted = migrationOf('pet')
    .replace(
      'runner.query(`CREATE',
      'runner.query(`ALTER TABLE "owner" ADD "pet_count" integer NOT NULL DEFAULT 0`);\n    await runner.query(`CREATE',
    )
    .replace(
      'runner.query(`DROP',
      'runner.query(`ALTER TABLE "owner" DROP COLUMN "pet_count"`);\n    await runner.query(`DROP',
    );
  write('migrations/2099-01-01_create-pet.ts', counted);
}

test('the fields that it keeps in others go with it, and those can go later', () => {
  const before = clone.git('rev-parse', 'HEAD').trim();
  addPets();
  addOwners();
  clone.commit();
  clone.git('update-ref', 'refs/remotes/origin/main', 'HEAD');
  succeeds('migration:run');
  succeeds('remove', '--', 'pets');
  const [entity, dto] = ['owner.entity.ts', 'owners.dto.ts'].map((file) =>
    readFileSync(join(clone.folder, 'src/owners', file), 'utf8'),
  );
  expect(entity).not.toContain('pet_count');
  expect(dto).toBe('export class OwnerRead {\n  id!: number;\n}\n');
  succeeds('migration:run');
  clone.commit();
  clone.git('update-ref', 'refs/remotes/origin/main', 'HEAD');
  succeeds('remove', '--', 'owners');
  succeeds('migration:run');
  expect(succeeds('migration:check')).toContain('entities and migrations agree');
  succeeds('migration:revert');
  clone.git('reset', '--quiet', '--hard', before);
});

test('what needs it is named, and taken along if that is wanted', () => {
  addPets();
  write('src/visits/visits.service.ts', "export type { Pet } from '../pets/pet.entity.js';\n");
  const { status, output } = npm('remove', '--', 'pets', '--force');
  expect([status, output]).toEqual([
    1,
    expect.stringMatching(/^src\/visits\/visits\.service\.ts needs pets: .*visits/),
  ]);
  expect(existsSync(join(clone.folder, 'src/pets'))).toBe(true);
  succeeds('remove', '--', 'pets', '--force', '--with-dependents');
  expect(changed()).toBe('');
});

test('a dry run tells what would change', () => {
  addPets();
  const before = changed();
  expect(succeeds('remove', '--', 'pets', '--dry-run')).toMatch(/^deletes {2}src\/pets\ndeletes {2}migrations\//);
  expect(changed()).toBe(before);
});

test.each([
  [[], /^npm run remove -- /],
  [['users'], /^users stays: everything else needs it/],
  [['auth'], /^auth stays/],
  [['tasks'], /^tasks stays/],
  [['platform'], /^There is no domain platform/],
  [['../x'], /^There is no domain/],
  [['nothing'], /^There is no domain nothing/],
  [[...removable, 'users'], /^users stays/],
  [['pets', '--colour'], /^npm run remove/],
])('%j is refused with one line, and nothing is written', (args, message) => {
  const { status, output } = npm('remove', '--', ...args);
  expect([status, output]).toEqual([1, expect.stringMatching(message)]);
  expect(output.trim().split('\n')).toHaveLength(1);
  expect(changed()).toBe('');
});

test('what is not committed is not mixed with it, unless that is wanted', () => {
  addPets();
  appendFileSync(join(clone.folder, 'CONTRIBUTING.md'), '\nOurs.\n');
  expect(npm('remove', '--', 'pets').output).toMatch(/^There are changes that are not committed/);
  expect(existsSync(join(clone.folder, 'src/pets'))).toBe(true);
  succeeds('remove', '--', 'pets', '--force');
  expect(changed()).toBe(' M CONTRIBUTING.md\n');
});

/** What `npm run remove` takes out of files that all domains share, and what it leaves there. */
import { join } from 'node:path';
import { ROOT } from '../../support/pages.js';

type Change = (source: string, names: Partial<typeof PETS>) => string;

const PETS = {
  domains: ['pets'],
  routes: ['GET /pets', 'GET /pets/{pet_id}', 'POST /users/{username}/pets', 'PATCH /admin/pets/{pet_id}'],
  settings: ['PETS_MAX'],
  tables: ['pet'],
  tasks: ['groom'],
  terms: ['fed_pets'],
  rooms: ['cages'],
  packages: ['fodder', '@pets/food'],
};

let changes: Record<string, Change>;
beforeAll(async () => {
  changes = (await import(join(ROOT, 'scripts/remove/lines.mjs'))) as Record<string, Change>;
});

test.each([
  ['withoutModules', "import { PetsModule } from './pets/pets.module.js';\nPetsModule,\nUsersModule,", 'UsersModule,'],
  ['withoutModules', "import { PetsModule } from './pets/pets.module.js';\nPetsModule.forRoot({ a: 1 }), A,", 'A,'],
  ['withoutModules', "import {\n  PetsModule,\n  B,\n} from './pets/pets.module.js';\n[PetsModule, B, C]", '[C]'],
  ['withoutModules', "import { PetsModule } from './petshop/a.js';\n[PetsModule]", undefined],
  ['withoutRows', '| `GET /pets` | anyone |\n| `GET /pets/{pet_id}` | anyone |\nrest', 'rest'],
  ['withoutRows', '| `POST /users/{username}/pets` | that user |\n| `PATCH /admin/pets/{pet_id}` | x |\nrest', 'rest'],
  [
    'withoutRows',
    '| `groom` | code | grooms pets |\n| `groom_shops` | code | other |',
    '| `groom_shops` | code | other |',
  ],
  ['withoutRows', '| `GET /pets?page=2` | anyone |\nrest', 'rest'],
  ['withoutRows', '| `GET /petshops` | anyone |', undefined],
  ['withoutRows', '| `POST /pets` | of another domain |', undefined],
  ['withoutRows', '| `GET /pets/{pet_id}/shops` | of another domain |', undefined],
  ['withoutRows', '| `GET /users/me/pets` | of another domain |', undefined],
  ['withoutRows', '| `GET /shops/{shop_id}/pets` | of another domain |', undefined],
  ['withoutRows', '| pets of one user | `PETS_MAX` 10 | 409 | – | `pets/quota` |\nrest', 'rest'],
  ['withoutRows', '| shops | `PETS_MAXIMUM` 10 | 409 | – | `petshops/quota` |', undefined],
  ['withoutRows', '| fed | ever | – | – | `operations/pets/fed` |\nrest', 'rest'],
  [
    'withoutRows',
    '- **1.1** Pets.\n  - `pets/owners` "is fed"\n  - `users/owners` "is fed"',
    '- **1.1** Pets.\n  - `users/owners` "is fed"',
  ],
  ['withoutRows', '| pets, all of them | `pet` | joy |\nrest', 'rest'],
  ['withoutRows', '| `type` | `pet` | of another thing |', undefined],
  ['withoutRows', '| `fed_pets` | every hour | feeds them |\nrest', 'rest'],
  ['withoutRows', '| `fodder` | of pets |\n| `@pets/food` `fodder`     | of pets |\nrest', 'rest'],
  ['withoutRows', '| `fodder` `feet` | of others too |', undefined],
  ['withoutRows', '    cages/      for pets\n    http/       for all', '    http/       for all'],
  ['withoutMention', 'docs --> cages --> http --> database', 'docs --> http --> database'],
  ['withoutRows', '| `fed_pets{kind,food}`     | how many were fed |\nrest', 'rest'],
  ['withoutRows', 'A sentence about `fed_pets` and `PETS_MAX`.', undefined],
  ['withoutRows', '# A\n\n## Pets\n\n| a | b |\n| --- | --- |\n| `PETS_MAX` | 1 |\n\n## B\n', '# A\n\n## B\n'],
  ['withoutMention', '  auth/ pets/ users/ …   the domains', '  auth/ users/ …         the domains'],
  ['withoutMention', '["src/auth, pets, users …: the domains"]', '["src/auth, users …: the domains"]'],
  ['withoutMention', 'the task [`feed`](pets.md#food), or [pets](../pets.md)', 'the task `feed`, or pets'],
  ['withoutMention', '[a](docs/a.md), [pets](docs/pets.md), [b](docs/b.md)', '[a](docs/a.md), [b](docs/b.md)'],
  ['withoutMention', '[petshops](petshops.md)', undefined],
  ['withoutSettings', '## Pets\n\n# How many.\nPETS_MAX=1\n\n## B\n\nB=1\n', '## B\n\nB=1\n'],
  ['withoutSettings', '## A\n\n# All.\n# A=\n# How many.\nPETS_MAX=1\nB=1\n', '## A\n\n# All.\n# A=\nB=1\n'],
  ['withoutSettings', '## Pets\n\n# One.\n# PETS_MAX=\n# Two.\n# PETS_MAX=\n\n## B\n\nB=1\n', '## B\n\nB=1\n'],
  ['withoutSettings', '# More.\nPETS_MAX_AGE=1\n', undefined],
])('%s of %j', (change, source, left) => {
  expect(changes[change]!(source, PETS)).toBe(left ?? source);
  const none = { domains: ['a'], routes: [], settings: [], tables: [], tasks: [], terms: [] };
  expect(changes[change]!(source, none)).toBe(source);
});

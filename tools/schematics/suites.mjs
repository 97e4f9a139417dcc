/** What is written of the tests of a domain: facts and suite. */
import { sampleOf } from './fields.mjs';
import { withImports } from './imports.mjs';
import { withArticle } from './names.mjs';
import { kibibytesOf } from './routes.mjs';

/** What the tests of a domain import. */
export const KNOWN = [
  ['../support/api.js', 'PREFIX refused useApi', 'Api User'],
  ['../support/route-facts.js', 'created', 'DomainFacts'],
  ['../support/scenes.js', 'newScene', 'PlayedScene'],
];

/** What the good body of a domain is called. */
export const variable = ({ singular }) => singular.replace(/-./g, (two) => two[1].toUpperCase());
export const samplesOf = (fields) => fields.map((field) => `${field.column}: ${sampleOf(field)}`);
/** Whether the good body has something that only a suite can fill in. */
export const isPlayed = (fields) => fields.some(({ isUnique, kind }) => isUnique || kind.target);
export const suiteModules = (names) => [[`./${names.plural}.facts.js`, variable(names)]];
export const withSuiteImports = (body, names) => withImports(body, suiteModules(names), KNOWN);

export function factsFile({ names, fields, owner, isPublic, admin, softDelete }) {
  const { plural, table } = names;
  const body = variable(names);
  const [writes, as] = owner ? [`/${plural}`, ''] : [`/admin/${plural}`, `as: 'superuser', `];
  const one = `{${table}_id}`;
  const reader = isPublic ? `as: 'nobody', ` : '';
  const guard = owner && isPublic ? 1 : 0;
  // What drops cached answers tells the other processes.
  const notify = isPublic ? 1 : 0;
  const large = kibibytesOf(fields) ? `, bodyKibibytes: ${kibibytesOf(fields)}` : '';
  const routes = [
    [`POST ${writes}`, `${as}statements: ${1 + notify}, status: 201, body: ${body}${large}`],
    [`GET /${plural}`, `${reader}statements: 2, lists: '${table}_id'`],
    [`GET /${plural}/${one}`, `${reader}statements: 1`],
    [`PATCH ${writes}/${one}`, `${as}statements: ${1 + notify + guard}, body: ${body}${large}`],
    [`DELETE ${writes}/${one}`, `${as}statements: ${1 + notify + guard}, status: 204`],
  ];
  if (admin && owner)
    routes.push([
      `DELETE /admin/${plural}/${one}`,
      `as: 'superuser', statements: ${(softDelete ? 3 : 1) + notify}, status: 204`,
    ]);
  if (admin && softDelete)
    routes.push([`POST /admin/${plural}/${one}/restore`, `as: 'superuser', statements: ${1 + notify}`]);
  return withImports(
    `export const ${body} = { ${samplesOf(fields).join(', ')} };

export const facts: DomainFacts = {
  ${exportedOf({ names, fields, owner })}rows: { ${table}_id: created('${writes}', ${body}) },
  routes: {
    ${routes.map(([route, facts]) => `'${route}': { ${facts} },`).join('\n')}
  },
};
`,
    [],
    KNOWN,
  );
}

/** What the export of an account has of the rows, where they belong to users, by themselves or by what they refer to. */
function exportedOf({ names: { table, tables }, fields, owner }) {
  return owner ? `exported: { ${table}: '${tables}' },\n` : ownerlessOf(table, fields);
}

export function ownerlessOf(table, fields) {
  const whose = fields.find(({ kind }) => kind.target?.isOfUsers)?.kind.target.table;
  return whose ? `exported: { ${table}: { none: 'belongs to nobody, even if its ${whose} does' } },\n` : '';
}

export function testFile(domain) {
  const { names, fields, owner, admin, softDelete, permission } = domain;
  const { word, table, plural } = names;
  const body = variable(names);
  const played = isPlayed(fields);
  const hasRoot = admin || played || permission;
  const PATH = names.tables.toUpperCase();
  const [a, writer] = [withArticle(word), owner ? 'ada' : 'root'];
  const start = [owner ? 'const ada = await api.signUp();' : '', played ? givenOf(body, owner) : '']
    .filter(Boolean)
    .join('\n');
  const given = played ? 'given' : body;
  const to = owner ? PATH : 'ADMIN';
  const create = `const { body: saved } = await ${writer}.agent.post(${to}).send(${given}).expect(201);`;
  const tests = [
    [
      `${a} is created, read, changed, listed and deleted`,
      `${start}
${create}
expect(saved).toMatchObject(${given});
await ${writer}.agent.get(\`\${${PATH}}/\${saved.id}\`).expect(200, saved);
const { body: changed } = await ${writer}.agent.patch(\`\${${to}}/\${saved.id}\`).send(${given}).expect(200);
expect(changed).toMatchObject({ ...${given}, id: saved.id, created_at: saved.created_at });
const { body: page } = await ${writer}.agent.get(${PATH}).expect(200);
expect(page).toMatchObject({ data: expect.arrayContaining([changed]), has_more: false });
await ${writer}.agent.delete(\`\${${to}}/\${saved.id}\`).expect(204);
await refused(${writer}.agent.get(\`\${${PATH}}/\${saved.id}\`), 404, '${table}_not_found');`,
    ],
    [
      `a body with unknown fields makes no ${word}`,
      `${start}
await refused(${writer}.agent.post(${to}).send({ ...${given}, unknown: 1 }), 422, 'validation_failed');`,
    ],
    othersTest({ ...domain, start, create, PATH, to, given, a }),
  ];
  tests.push(...uniqueTests(names, fields, owner));
  if (owner && permission)
    tests.push([
      `${a} of others is changed and deleted by whoever holds ${permission}, as superusers do`,
      `${start}
${create}
await root.agent.patch(\`\${${PATH}}/\${saved.id}\`).send(${given}).expect(200);
await root.agent.delete(\`\${${PATH}}/\${saved.id}\`).expect(204);
await refused(ada.agent.get(\`\${${PATH}}/\${saved.id}\`), 404, '${table}_not_found');`,
    ]);
  if (admin && owner) {
    tests.push([
      `a superuser purges ${a}`,
      `${start}
${create}
await root.agent.delete(\`\${ADMIN}/\${saved.id}\`).expect(204);
await refused(ada.agent.get(\`\${${PATH}}/\${saved.id}\`), 404, '${table}_not_found');`,
    ]);
  }
  if (admin && softDelete) {
    tests.push([
      `a superuser restores a deleted ${word}`,
      `${start}
${create}
await ${writer}.agent.delete(\`\${${to}}/\${saved.id}\`).expect(204);
await root.agent.post(\`\${ADMIN}/\${saved.id}/restore\`).expect(200);
await ${writer}.agent.get(\`\${${PATH}}/\${saved.id}\`).expect(200);`,
    ]);
  }
  return withSuiteImports(
    `const ${PATH} = \`\${PREFIX}/${plural}\`;
${admin ? `const ADMIN = \`\${PREFIX}/admin/${plural}\`;\n` : ''}let api: Api;
${hasRoot ? 'let root: User;\n' : ''}beforeAll(async () => {
  api = await useApi();
  ${hasRoot ? 'root = await api.superuser();' : ''}
});
afterAll(() => api.stop());

${tests.map(testOf).join('\n')}`,
    names,
  );
}

export const testOf = ([name, text]) => `test('${name}', async () => {\n${text}\n});\n`;

/** The good body as a suite sends it, if something is to be filled in. */
export const givenOf = (body, owner) =>
  `const given = await (await newScene(api, root${owner ? ', ada' : ''})).filled(${body});`;

export function uniqueTests(names, fields, owner) {
  const [body, user] = [variable(names), owner ? 'ada' : 'root'];
  const to = owner ? names.tables.toUpperCase() : 'ADMIN';
  return fields
    .filter(({ isUnique }) => isUnique)
    .map(({ column }) => [
      `two ${names.words} cannot have the same ${column.replaceAll('_', ' ')}`,
      `${owner ? 'const ada = await api.signUp();\n' : ''}const scene = await newScene(api, root${owner ? ', ada' : ''});
const [one, other] = [await scene.filled(${body}), await scene.filled(${body})];
await ${user}.agent.post(${to}).send(one).expect(201);
await refused(${user}.agent.post(${to}).send({ ...other, ${column}: one.${column} }), 409, '${names.table}_${column}_taken');`,
    ]);
}

function othersTest({ names: { table }, owner, isPublic, permission, start, create, PATH, to, given, a }) {
  if (!owner) {
    const code = permission ? 'permission_required' : 'superuser_only';
    return [
      permission ? `only a holder of ${permission} writes ${a}` : `only a superuser writes ${a}`,
      `${[start, create].filter(Boolean).join('\n')}
const ada = await api.signUp();
await refused(ada.agent.post(${to}).send(${given}), 403, '${code}');
await refused(ada.agent.delete(\`\${${to}}/\${saved.id}\`), 403, '${code}');
await api.http.get(\`\${${PATH}}/\${saved.id}\`).expect(${isPublic ? 200 : 401});`,
    ];
  }
  return isPublic
    ? [
        `${a} is shown to anyone, and changed by its owner${permission ? '' : ' alone'}`,
        `${start}
${create}
const { agent } = await api.signUp();
await api.http.get(\`\${${PATH}}/\${saved.id}\`).expect(200, saved);
await refused(agent.patch(\`\${${PATH}}/\${saved.id}\`).send(${given}), 403, 'not_your_${table}');
await refused(agent.delete(\`\${${PATH}}/\${saved.id}\`), 403, 'not_your_${table}');`,
      ]
    : [
        `${a} is shown to nobody but its owner`,
        `${start}
${create}
const { agent } = await api.signUp();
await refused(agent.get(\`\${${PATH}}/\${saved.id}\`), 404, '${table}_not_found');
await refused(agent.delete(\`\${${PATH}}/\${saved.id}\`), 404, '${table}_not_found');
await api.http.get(${PATH}).expect(401);`,
      ];
}

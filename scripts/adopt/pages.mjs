/** The pages that are the adopter's own: what they say at first. */

/** The README of a project that begins. Its samples are marked as those of the template, and so are tested. */
export const readme = ({ title, description }, template) => `# ${title}

${description}.

## Run it

You need Node.js 20.19 or later and nothing else.

<!-- run by: test/operations/system/start.test.ts -->

\`\`\`sh
npm start
\`\`\`

builds and runs everything on a PostgreSQL of its own, and prints where the API and its docs are. \`npm run dev\` also restarts on every change. \`npm run check\` is what a commit must pass; \`npm run doctor\` says what is wrong with the machine.

## A first walk

In a second terminal:

<!-- run: 201 200 202 -->

\`\`\`sh
API=http://localhost:8000/api/v1 JSON='Content-Type: application/json'
curl -s $API/users -H "$JSON" -d '{"name":"Ada Lovelace","username":"ada","email":"ada@example.com","password":"Analytical-Engine-1843"}'
ME="Authorization: Bearer $(curl -s $API/auth/login -d username=ada -d password=Analytical-Engine-1843 | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')"
curl -s $API/tasks -H "$ME" -H "$JSON" -d '{"name":"sample","payload":{"message":"hello","seconds":1}}'
\`\`\`

${sectionOf(template, 'In production')}## Read on

- To use the API: [the API](docs/api.md), [signing in](docs/signing-in.md), [front ends](docs/front-ends.md)
- To build on it: [structure](docs/structure.md), [adding a domain](docs/adding-a-domain.md), [tasks](docs/tasks.md), [caching](docs/caching.md)
- To change it: [contributing](CONTRIBUTING.md), [for coding assistants](AGENTS.md), [developing](docs/development.md), [testing](docs/testing.md), [migrations](docs/migrations.md), [decisions](docs/decisions)
- To run it: [settings](docs/settings.md), [deploying](docs/deploying.md), [Kubernetes](docs/kubernetes.md), [operations](docs/operations.md), [scaling](docs/scaling.md), [bounds](docs/bounds.md), [benchmarks](docs/benchmarks.md)
- To judge it: [security](docs/security.md) and [how to report a hole](SECURITY.md), [privacy](docs/privacy.md), [dependencies](docs/dependencies.md), [licences](docs/licences.md), [changelog](CHANGELOG.md)

[Licence](LICENSE)
`;

/** What other pages and suites of the containers refer to stays. */
function sectionOf(page, heading) {
  return new RegExp(`^## ${heading}\n[\\s\\S]*?(?=^## )`, 'm').exec(page)?.[0] ?? '';
}

export const changelog = () => `# Changelog

## Unreleased

## 0.1.0

The beginning.
`;

/** The licence with its holder on top. The licence of the template asks that its own line stays. */
export function licenceOf(source, holder, isFirst) {
  const year = new Date().getFullYear();
  const line = `Copyright (c) ${year} ${holder}\n`;
  return isFirst ? source.replace(/^Copyright/m, `${line}Copyright`) : source.replace(/^Copyright .*\n/m, line);
}

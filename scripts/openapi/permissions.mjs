/** Who may call which route, by the OpenAPI document. */

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];
const PREFIX = /^\/api\/v\d+/;

/**
 * @param {object} operation
 * @returns {{ kind: 'anyone' | 'signed in' | 'owner' | 'permission' | 'superusers', permission?: string,
 *   needsSession: boolean, refusal?: string,
 *   freshProof?: 'session' | 'password' }} `permission` of an owner's route is what opens it to others; `refusal` is
 *   the code of the 403 that others than the owner get, unless what they ask for looks as if it were not there
 */
export function accessOf({ security = [], responses, 'x-permission': permission, 'x-fresh-proof': freshProof }) {
  const codes = Object.keys(responses[403]?.content['application/problem+json'].examples ?? {});
  const needs = { needsSession: codes.includes('session_required'), freshProof };
  const refusal = codes.find((code) => code.startsWith('not_'));
  if (security.length === 0) return { kind: 'anyone', ...needs };
  if (codes.includes('superuser_only')) return { kind: 'superusers', ...needs };
  if (codes.includes('permission_required')) return { kind: 'permission', permission, ...needs };
  if (permission || refusal) return { kind: 'owner', permission, refusal, ...needs };
  return { kind: 'signed in', ...needs };
}

/** A page with every permission and every route. */
export function permissionsPage({ paths }, permissions) {
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => [method, path, item[method]]),
  );
  const routes = operations.map(
    ([method, path, operation]) =>
      `| \`${method.toUpperCase()} ${path.replace(PREFIX, '')}\` | ${wordsOf(accessOf(operation))} |`,
  );
  const rows = permissions.map(({ name, allows, suits = '' }) => `| \`${name}\` | ${allows} | ${suits} |`);
  return `# Permissions

Who may do what? \`npm run openapi\` writes this page from the code. A suite asks every route as everyone, and holds the
answers against it.

## What there is

Superusers hold every permission; others hold what they were given. What suits a role is in it from the beginning.

| permission | whoever holds it may | suits |
| --- | --- | --- |
${rows.join('\n')}

## Who may call what

The owner is the user whom a row belongs to, or whom the path names. Others get 403, or 404 where rows are private. Where
anyone signed in may call a route, it is about the caller's own rows, or about public ones. A proof is fresh within ten
minutes of a sign-in or of \`POST /auth/proof\` ([sign-in](signing-in.md#fresh-proof)).

| route | who |
| --- | --- |
${routes.join('\n')}
`;
}

const PROOFS = { session: ' with a fresh proof', password: ' with the password' };

function wordsOf({ kind, permission, needsSession, freshProof }) {
  const who = kind === 'permission' ? `\`${permission}\`` : kind;
  const others = kind === 'owner' && permission ? ` or \`${permission}\`` : '';
  return `${who}${others}${needsSession ? `, by a session${PROOFS[freshProof] ?? ''}` : ''}`;
}

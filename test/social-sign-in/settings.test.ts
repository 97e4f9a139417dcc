/** What is refused of the settings of issuers before anything starts. */
import { checkAll, type Outcome } from '../support/checked-settings.js';
import { type Environment, environment } from '../support/program.js';

const GOOD = { OIDC_ACME_ISSUER: 'https://accounts.example.com', ...client('ACME') };
const GITHUB = { OIDC_GITHUB_CLIENT_ID: undefined, OIDC_GITHUB_CLIENT_SECRET: undefined };
const DEPLOYED = {
  ENVIRONMENT: 'production',
  SECRET_KEY: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  BCRYPT_COST: '10',
};

function client(name: string): Environment {
  return { [`OIDC_${name}_CLIENT_ID`]: 'client', [`OIDC_${name}_CLIENT_SECRET`]: 'canary' };
}

const many = Array.from({ length: 21 }, (_, n) => ({
  [`OIDC_N${n}_ISSUER`]: 'https://accounts.example.com',
  ...client(`N${n}`),
}));

const CASES: [what: string, settings: Environment, refused: string[]][] = [
  ['nothing', {}, []],
  ['an issuer', GOOD, []],
  ['an issuer with a path', { ...GOOD, OIDC_ACME_ISSUER: 'https://login.microsoftonline.com/common/v2.0' }, []],
  ['other scopes', { ...GOOD, OIDC_ACME_SCOPES: 'openid email' }, []],
  ['GitHub, which has no issuer', client('GITHUB'), []],
  ['GitHub on a server of our own', { OIDC_GITHUB_ISSUER: 'https://git.example.com', ...client('GITHUB') }, []],
  ['plain HTTP on a machine of our own', { ...GOOD, OIDC_ACME_ISSUER: 'http://localhost:9000' }, []],
  ['plain HTTP elsewhere', { ...GOOD, ...DEPLOYED, OIDC_ACME_ISSUER: 'http://localhost:9000' }, ['OIDC_ACME_ISSUER']],
  ['no issuer', client('ACME'), ['OIDC_ACME_ISSUER']],
  ['no client', { OIDC_ACME_ISSUER: GOOD.OIDC_ACME_ISSUER }, ['OIDC_ACME_CLIENT_ID', 'OIDC_ACME_CLIENT_SECRET']],
  ['an issuer that is no address', { ...GOOD, OIDC_ACME_ISSUER: 'accounts' }, ['OIDC_ACME_ISSUER']],
  ['an issuer with a query', { ...GOOD, OIDC_ACME_ISSUER: 'https://a.example.com/?a=b' }, ['OIDC_ACME_ISSUER']],
  ['an issuer with a user', { ...GOOD, OIDC_ACME_ISSUER: 'https://a@b.example.com' }, ['OIDC_ACME_ISSUER']],
  ['scopes without openid', { ...GOOD, OIDC_ACME_SCOPES: 'email' }, ['OIDC_ACME_SCOPES']],
  ['a name that is no word', { OIDC_MY_IDP_ISSUER: GOOD.OIDC_ACME_ISSUER }, ['OIDC_MY_IDP_ISSUER']],
  ['a name in lower case', { OIDC_acme_CLIENT_ID: 'client' }, ['OIDC_acme_ISSUER']],
  ['a line end', { ...GOOD, OIDC_ACME_CLIENT_SECRET: 'canary\r' }, ['OIDC_ACME_CLIENT_SECRET']],
  ['21 names', Object.assign({}, ...many) as Environment, ['OIDC_NAME_ISSUER']],
  ['a patience of nothing', { OIDC_TIMEOUT_SECONDS: '0' }, ['OIDC_TIMEOUT_SECONDS']],
];

let outcomes: Outcome[];
beforeAll(() => {
  const base = (settings: Environment) => environment('postgres://postgres:x@127.0.0.1:1/x', settings);
  outcomes = checkAll(CASES.map(([, settings]) => ({ env: base({ ...GITHUB, ...settings }) })));
});

test.each(CASES.map(([what, , refused], index) => ({ what, refused, index })))(
  '$what: $refused',
  ({ refused, index }) => {
    const { code, output } = outcomes[index]!;
    const lines = output.split('\n').filter(Boolean);
    expect(lines.map((line) => line.replace(/:.*/, ''))).toEqual(refused);
    expect(output).not.toContain('canary');
    expect(code).toBe(refused.length > 0 ? 1 : 0);
  },
);

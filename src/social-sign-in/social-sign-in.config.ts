import { IsInt, Max, Min } from 'class-validator';
import { isDeployed } from '../platform/config/app.config.js';
import { EachNamed, type Named } from '../platform/config/named-settings.js';
import { type Checked, Settings } from '../platform/config/settings.js';

const NAME = /^[A-Z][A-Z0-9]{0,19}$/;
const MOST = 20;
const SCOPES = 'openid email profile';

// Has no OpenID Connect for people: see providers/github.ts.
const GITHUB = 'GITHUB';
const GITHUB_SITE = 'https://github.com';
const GITHUB_SCOPES = 'read:user user:email';

/** Who signs people in for us: an issuer of OpenID Connect, or GitHub. */
export interface ProviderSettings {
  /** As in paths: `google`. */
  name: string;
  isGithub: boolean;
  issuer: URL;
  client_id: string;
  client_secret: string;
  scopes: string;
}

@Settings()
export class SocialSignInConfig implements Checked {
  /** Of GitHub, where it is: itself unless given, or an enterprise's own server. */
  @EachNamed() OIDC_NAME_ISSUER?: Named;
  @EachNamed() OIDC_NAME_CLIENT_ID?: Named;
  @EachNamed() OIDC_NAME_CLIENT_SECRET?: Named;
  @EachNamed() OIDC_NAME_SCOPES?: Named;
  /** For each request to an issuer. */
  @IsInt() @Min(1) @Max(30) OIDC_TIMEOUT_SECONDS = 5;

  get providers(): ProviderSettings[] {
    return this.names.map((name) => ({
      name: name.toLowerCase(),
      isGithub: name === GITHUB,
      issuer: new URL(this.issuerOf(name)!),
      client_id: this.OIDC_NAME_CLIENT_ID![name]!,
      client_secret: this.OIDC_NAME_CLIENT_SECRET![name]!,
      scopes: this.OIDC_NAME_SCOPES?.[name] ?? (name === GITHUB ? GITHUB_SCOPES : SCOPES),
    }));
  }

  problems(): string[] {
    const most = `OIDC_NAME_ISSUER: must be set for at most ${MOST} names`;
    return [...(this.names.length > MOST ? [most] : []), ...this.names.flatMap((name) => this.problemsOf(name))];
  }

  private get names(): string[] {
    const all = [this.OIDC_NAME_ISSUER, this.OIDC_NAME_CLIENT_ID, this.OIDC_NAME_CLIENT_SECRET, this.OIDC_NAME_SCOPES];
    return [...new Set(all.flatMap((named = {}) => Object.keys(named)))].toSorted();
  }

  private issuerOf(name: string): string | undefined {
    return this.OIDC_NAME_ISSUER?.[name] ?? (name === GITHUB ? GITHUB_SITE : undefined);
  }

  private problemsOf(name: string): string[] {
    const issuer = `OIDC_${name}_ISSUER`;
    if (!NAME.test(name)) return [`${issuer}: must have 1 to 20 letters A-Z and digits for a name`];
    const given = 'must be set, as the issuer has given it';
    const checks: [isGood: unknown, problem: string][] = [
      [isIssuer(this.issuerOf(name)), `${issuer}: must be an address such as https://accounts.example.com`],
      [this.OIDC_NAME_CLIENT_ID?.[name], `OIDC_${name}_CLIENT_ID: ${given}`],
      [this.OIDC_NAME_CLIENT_SECRET?.[name], `OIDC_${name}_CLIENT_SECRET: ${given}`],
      [
        name === GITHUB || hasOpenId(this.OIDC_NAME_SCOPES?.[name]),
        `OIDC_${name}_SCOPES: must have openid, as in "${SCOPES}"`,
      ],
    ];
    return checks.flatMap(([isGood, problem]) => (isGood ? [] : [problem]));
  }
}

/** Over plain HTTP, anyone on the way could be the issuer: that is for a developer's own machine. */
function isIssuer(text = ''): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, search, hash, username } = new URL(text);
  return (protocol === 'https:' || (protocol === 'http:' && !isDeployed())) && search + hash + username === '';
}

function hasOpenId(scopes = SCOPES): boolean {
  return scopes.split(' ').includes('openid');
}

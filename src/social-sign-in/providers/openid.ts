import * as oidc from 'openid-client';
import type { ProviderSettings } from '../social-sign-in.config.js';
import { IssuerUnavailable } from '../social-sign-in.errors.js';
import { boundedFetch } from './bounded-fetch.js';
import { failureOf } from './failures.js';
import type { Challenge, Identity, Person, Provider } from './provider.js';

const HOUR_MILLISECONDS = 3_600_000;
/** How long an issuer that did not answer is not asked again: Retry-After says the same. */
const PAUSE_MILLISECONDS = 5_000;

type Claims = Record<string, unknown>;

/** An issuer of OpenID Connect (Core 1.0, 3.1): code flow with PKCE, the ID token verified by its signature. */
export class OpenIdProvider implements Provider {
  private found?: { configuration: Promise<oidc.Configuration>; until: number };

  constructor(
    private readonly settings: ProviderSettings,
    private readonly timeoutSeconds: number,
  ) {}

  get name(): string {
    return this.settings.name;
  }

  async begin({ state, nonce, code_verifier, redirect_uri }: Challenge): Promise<URL> {
    const configuration = await this.configuration();
    return oidc.buildAuthorizationUrl(configuration, {
      redirect_uri,
      scope: this.settings.scopes,
      state,
      nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(code_verifier),
      code_challenge_method: 'S256',
    });
  }

  async finish(query: URLSearchParams, challenge: Challenge): Promise<Identity> {
    const configuration = await this.configuration();
    const { state, nonce, code_verifier, redirect_uri } = challenge;
    const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: code_verifier };
    try {
      const tokens = await oidc.authorizationCodeGrant(
        configuration,
        new URL(`?${query.toString()}`, redirect_uri),
        checks,
      );
      const claims = tokens.claims()!;
      return {
        issuer: claims.iss,
        subject: claims.sub,
        person: () => this.personOf(configuration, tokens.access_token, claims),
      };
    } catch (error) {
      throw failureOf(error);
    }
  }

  /** Many issuers tell it only of those who show the access token. */
  private async personOf(configuration: oidc.Configuration, token: string, claims: oidc.IDToken): Promise<Person> {
    if (claims.email !== undefined || !configuration.serverMetadata().userinfo_endpoint) return personIn(claims);
    try {
      return personIn({ ...claims, ...(await oidc.fetchUserInfo(configuration, token, claims.sub)) });
    } catch (error) {
      throw failureOf(error);
    }
  }

  /** What the issuer says of itself, which is asked for once an hour. */
  private configuration(): Promise<oidc.Configuration> {
    if (this.found && this.found.until > Date.now()) return this.found.configuration;
    const found = { configuration: this.discover(), until: Date.now() + HOUR_MILLISECONDS };
    found.configuration.catch(() => (found.until = Date.now() + PAUSE_MILLISECONDS));
    this.found = found;
    return found.configuration;
  }

  /** An issuer that says something else than one should is as good as away. */
  private async discover(): Promise<oidc.Configuration> {
    const { issuer, client_id, client_secret } = this.settings;
    const options: oidc.DiscoveryRequestOptions = {
      timeout: this.timeoutSeconds,
      [oidc.customFetch]: boundedFetch,
      execute: [oidc.enableNonRepudiationChecks, ...(issuer.protocol === 'http:' ? [oidc.allowInsecureRequests] : [])],
    };
    try {
      return await oidc.discovery(issuer, client_id, client_secret, authenticatedBy(client_secret), options);
    } catch (cause) {
      throw new IssuerUnavailable({ cause });
    }
  }
}

/** As the issuer takes it; where it does not say so, as the specification has it (Discovery 1.0, 3). */
function authenticatedBy(secret: string): oidc.ClientAuth {
  const [inBody, inHeader] = [oidc.ClientSecretPost(secret), oidc.ClientSecretBasic(secret)];
  return (server, ...request) => {
    const isInBody = server.token_endpoint_auth_methods_supported?.includes('client_secret_post');
    (isInBody ? inBody : inHeader)(server, ...request);
  };
}

/** Only what the issuer says in so many words is verified: of some, such as Microsoft, an address may be anyone's. */
function personIn({ email, email_verified, name, preferred_username }: Claims): Person {
  return {
    email: textOf(email),
    is_email_verified: email_verified === true || email_verified === 'true',
    name: textOf(name),
    nickname: textOf(preferred_username),
  };
}

function textOf(claim: unknown): string | undefined {
  return typeof claim === 'string' ? claim : undefined;
}

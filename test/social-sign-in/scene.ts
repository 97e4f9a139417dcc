/** An API that lets people sign in by the issuers of one server. */
import { type Api, startApi } from '../support/api.js';
import { Browser, outcomeOf } from './browser.js';
import { CLIENT, type Grant, type Issuer, startIssuer } from './issuer.js';

export const HOME = 'https://app.example.com/';
export const OTHER_ORIGIN = 'https://other.example.com';

/** By the names of providers, where they are on the server. */
const PATHS = {
  ACME: '',
  OTHER: '/other',
  GITHUB: '',
  SILENT: '/silent',
  HUGE: '/huge',
  GARBAGE: '/garbage',
  BROKEN: '/broken',
  IMPOSTOR: '/impostor',
};

export interface Scene {
  api: Api;
  issuer: Issuer;
  browser(headers?: Record<string, string>): Browser;
  /** Somebody goes to a provider and comes back with what it grants. */
  visit(grant: Partial<Grant>, options?: { provider?: string; browser?: Browser }): Promise<Visit>;
  stop(): Promise<void>;
}

export interface Visit {
  browser: Browser;
  outcome: ReturnType<typeof outcomeOf>;
}

export async function startScene(): Promise<Scene> {
  const issuer = await startIssuer();
  const named = Object.entries({ ...PATHS, AWAY: undefined }).flatMap(([name, path]) => [
    [`OIDC_${name}_ISSUER`, path === undefined ? 'http://127.0.0.1:1' : issuer.url + path],
    [`OIDC_${name}_CLIENT_ID`, CLIENT.id],
    [`OIDC_${name}_CLIENT_SECRET`, CLIENT.secret],
  ]);
  const settings = { OIDC_TIMEOUT_SECONDS: '1', CORS_ORIGINS: OTHER_ORIGIN, TRUST_PROXY: '127.0.0.1' };
  const api = await startApi({ ...settings, ...(Object.fromEntries(named) as Record<string, string>) });
  const browser = (headers?: Record<string, string>) => new Browser(api.program.url, headers);
  return {
    api,
    issuer,
    browser,
    async visit(grant, { provider = 'acme', browser: own = browser() } = {}) {
      const asked = await own.leave(provider);
      const code = issuer.grant({ asked, ...grant });
      return { browser: own, outcome: outcomeOf(await own.comeBack(provider, { state: asked.state, code })) };
    },
    async stop() {
      await api.stop();
      await issuer.stop();
    },
  };
}

let count = 0;

/** What an issuer says of somebody whom nobody has seen before. */
export function stranger(more: Record<string, unknown> = {}) {
  const number = ++count;
  return { sub: `subject-${number}`, email: `stranger${number}@example.com`, email_verified: true, ...more };
}

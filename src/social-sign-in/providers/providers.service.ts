import { Injectable } from '@nestjs/common';
import { SocialSignInConfig } from '../social-sign-in.config.js';
import { ProviderNotFound } from '../social-sign-in.errors.js';
import { GithubProvider } from './github.js';
import { OpenIdProvider } from './openid.js';
import type { Provider } from './provider.js';

/** Those whom the settings name. */
@Injectable()
export class Providers {
  private readonly known: ReadonlyMap<string, Provider>;

  constructor({ providers, OIDC_TIMEOUT_SECONDS }: SocialSignInConfig) {
    const made = providers.map((settings) => {
      const Kind = settings.isGithub ? GithubProvider : OpenIdProvider;
      return [settings.name, new Kind(settings, OIDC_TIMEOUT_SECONDS)] as const;
    });
    this.known = new Map(made);
  }

  get names(): string[] {
    return [...this.known.keys()];
  }

  /** Throws `ProviderNotFound`. */
  named(name: string): Provider {
    const provider = this.known.get(name);
    if (!provider) throw new ProviderNotFound();
    return provider;
  }
}

import { HttpException, Injectable } from '@nestjs/common';
import { FrontendConfig } from '../platform/frontend/frontend.config.js';
import { HttpConfig } from '../platform/http/http.config.js';
import { ValidationFailed } from '../platform/http/problems/http.errors.js';

/** Where browsers may be sent afterwards: pages of our own, so that nobody can lead people elsewhere by way of us. */
@Injectable()
export class Redirects {
  private readonly home: URL;
  private readonly origins: ReadonlySet<string>;

  constructor(frontend: FrontendConfig, http: HttpConfig) {
    this.home = new URL(frontend.pageAt('/'));
    this.origins = new Set([this.home.origin, ...http.origins]);
  }

  /** The address as it will be sent, which is what is checked. A path is one of the front end. Throws `ValidationFailed`. */
  target(redirect_to = this.home.href): string {
    const url = URL.canParse(redirect_to, this.home.href) ? new URL(redirect_to, this.home) : undefined;
    if (!url || !this.origins.has(url.origin) || url.username + url.password !== '') {
      throw new ValidationFailed([{ field: 'redirect_to', message: 'redirect_to must lead to a page of our own' }]);
    }
    return url.href;
  }
}

/**
 * The page, with the code of what has gone wrong. What a problem has besides, such as how to go on, is in the fragment,
 * which browsers send to nobody: each text as it is, all else as JSON.
 */
export function withFailure(page: string, error: HttpException): string {
  const url = new URL(page);
  url.searchParams.set('error', error.errorCode!);
  const members = 'members' in error ? (error.members as Record<string, unknown>) : {};
  const texts = Object.entries(members).map(([name, value]): [string, string] => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  if (texts.length > 0) url.hash = new URLSearchParams(texts).toString();
  return url.href;
}

import { IsOptional, IsUrl } from 'class-validator';
import { isDeployed } from '../config/app.config.js';
import { type Checked, Settings } from '../config/settings.js';

// Where Vite serves a front end that is being developed.
const LOCAL = 'http://localhost:5173';

/** Where the front end is, which people are led to: by links in mails, and after a detour to another site. */
@Settings()
export class FrontendConfig implements Checked {
  @IsOptional()
  @IsUrl(
    { protocols: ['http', 'https'], require_protocol: true, require_tld: false, allow_fragments: false },
    { message: 'FRONTEND_URL must be an address such as https://app.example.com' },
  )
  FRONTEND_URL?: string;

  problems(): string[] {
    if (!isDeployed()) return [];
    if (this.FRONTEND_URL === undefined) return ['FRONTEND_URL: must be the address of the front end'];
    return this.FRONTEND_URL.startsWith('https:') ? [] : ['FRONTEND_URL: must begin with https: outside of local'];
  }

  /**
   * The address of a page of the front end.
   * @param path such as `/reset-password`
   * @param secrets go into the fragment, which browsers send to nobody: neither to servers nor as a referrer
   */
  pageAt(path: string, secrets: Record<string, string> = {}): string {
    const page = new URL((this.FRONTEND_URL ?? LOCAL).replace(/\/+$/, '') + path);
    page.hash = new URLSearchParams(secrets).toString();
    return page.href;
  }
}

/** What the address of a webhook must be, as far as that can be said without looking up its name. */
import { isIP } from 'node:net';
import { ValidateBy } from 'class-validator';
import { isDeployed } from '../platform/config/app.config.js';
import { settingsOf } from '../platform/config/settings.js';
import { mayReach } from './addresses.js';
import { WebhooksConfig } from './webhooks.config.js';

const PORTS: Record<string, number> = { 'http:': 80, 'https:': 443 };

/** What keeps a webhook from being sent there, to be read after "must"; undefined if nothing does. */
export function flawOf(text: string): string | undefined {
  if (!URL.canParse(text)) return 'be an absolute address';
  const url = new URL(text);
  const config = settingsOf(WebhooksConfig);
  if (!(url.protocol in PORTS) || (url.protocol === 'http:' && isDeployed())) return 'begin with https://';
  if (url.username || url.password) return 'not have a user name or a password';
  if (!config.allowsPort(portOf(url))) return 'have the port 443 or 80';
  const address = literalOf(url);
  if (address && !mayReach(address, config.networks)) return 'not lead to an address that is not public';
  return undefined;
}

export function portOf({ port, protocol }: URL): number {
  return port === '' ? PORTS[protocol]! : Number(port);
}

/** The address that stands in place of a name, in whatever form: `URL` has read it. Undefined if there is a name. */
function literalOf({ hostname }: URL): string | undefined {
  const bare = hostname.replace(/^\[|\]$/g, '');
  return isIP(bare) > 0 ? bare : undefined;
}

/** Refuses an address that nothing would ever be sent to. What a name leads to is seen when something is sent. */
export function LeadsOutside(): PropertyDecorator {
  return ValidateBy({
    name: 'leadsOutside',
    validator: {
      validate: (value) => typeof value === 'string' && flawOf(value) === undefined,
      defaultMessage: (field) => `${field?.property} must ${flawOf(String(field?.value)) ?? 'be an address'}`,
    },
  });
}

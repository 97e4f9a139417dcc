/** What may be allowed with the accounts of others. */
import { definePermissions } from '../platform/http/access/permissions.js';

const permissions = definePermissions({
  'users.read_any': { allows: 'read all accounts, deleted ones too, with their e-mail addresses', suits: 'support' },
});

type Declared = typeof permissions;

declare module '../platform/http/access/permissions.js' {
  interface Permissions extends Declared {}
}

/** Who administers roles. */
import { definePermissions } from '../platform/http/access/permissions.js';

const permissions = definePermissions({
  'roles.manage': { allows: 'make, change, delete, give and take roles, as far as they hold what is in them' },
});

type Declared = typeof permissions;

declare module '../platform/http/access/permissions.js' {
  interface Permissions extends Declared {}
}

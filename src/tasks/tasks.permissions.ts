/** What may be allowed with the tasks of others. */
import { definePermissions } from '../platform/http/access/permissions.js';

const permissions = definePermissions({
  'tasks.read_any': { allows: 'read the tasks of all users, with their payloads', suits: 'support' },
  'tasks.cancel_any': { allows: 'cancel the tasks of all users' },
});

type Declared = typeof permissions;

declare module '../platform/http/access/permissions.js' {
  interface Permissions extends Declared {}
}

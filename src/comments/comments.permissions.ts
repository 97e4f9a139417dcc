/** What may be allowed with the comments of others. */
import { definePermissions } from '../platform/http/access/permissions.js';

const permissions = definePermissions({
  'comments.moderate': { allows: 'hide comments on any post, read and dismiss reports', suits: 'editor' },
});

type Declared = typeof permissions;

declare module '../platform/http/access/permissions.js' {
  interface Permissions extends Declared {}
}

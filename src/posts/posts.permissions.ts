/** What may be allowed with the posts of others. */
import { definePermissions } from '../platform/http/access/permissions.js';

const permissions = definePermissions({
  'posts.edit_any': { allows: 'change and delete the posts of others', suits: 'editor' },
  'posts.restore': { allows: 'restore deleted posts', suits: 'editor' },
});

type Declared = typeof permissions;

declare module '../platform/http/access/permissions.js' {
  interface Permissions extends Declared {}
}

import { PREFIX } from '../support/api.js';
import type { DomainFacts, Scene } from '../support/route-facts.js';
import { DOT } from './images.js';

const file = { bytes: DOT, type: 'image/png' };

/** Gives the user of a scene a photo, and tells its name. */
async function put({ user }: Scene): Promise<string> {
  const { body } = await user.agent
    .put(`${PREFIX}/users/${user.username}/photo`)
    .set('content-type', file.type)
    .send(file.bytes)
    .expect(200);
  return (body.profile_image_url as string).split('/').at(-1)!;
}

export const facts: DomainFacts = {
  names: /\/photos?\b|stray_photos|photo_not_found/,
  exported: { photo: 'photos' },
  rows: { photo_name: put },
  routes: {
    'PUT /users/{username}/photo': { statements: 7, file, bodyKibibytes: 8_192 },
    'GET /users/{username}/photo': { statements: 1, as: 'nobody', before: put },
    'DELETE /users/{username}/photo': { statements: 7, status: 204, before: put },
    // Storage in a folder has no uploads of its own.
    'POST /users/{username}/photo/upload': { statements: 0, status: 409 },
    'PUT /users/{username}/photo/upload': { statements: 0, status: 404 },
    'GET /photos/{photo_name}': { statements: 1, as: 'nobody' },
    'DELETE /admin/users/{username}/photo': { statements: 8, as: 'superuser', status: 204, before: put },
  },
};

import { created, type DomainFacts } from '../support/route-facts.js';

const post = { title: 'Compilers', text: 'The first of them.', media_url: 'https://example.com/a.png' };

export const facts: DomainFacts = {
  exported: { post: 'posts', post_usage: { none: 'only counts the posts' } },
  rows: { post_id: created('/users/{username}/posts', post) },
  routes: {
    'POST /users/{username}/posts': { statements: 5, status: 201, body: post, bodyKibibytes: 800 },
    'GET /users/{username}/posts': { statements: 2, as: 'nobody', lists: 'post_id' },
    'GET /users/{username}/posts/{post_id}': { statements: 1, as: 'nobody' },
    'PATCH /users/{username}/posts/{post_id}': { statements: 6, body: post, bodyKibibytes: 800 },
    'DELETE /users/{username}/posts/{post_id}': { statements: 3, status: 204 },
    'GET /posts': { statements: 2, as: 'nobody', lists: 'post_id' },
    'GET /posts/{post_id}': { statements: 1, as: 'nobody' },
    'DELETE /admin/posts/{post_id}': { statements: 4, as: 'superuser', status: 204 },
    'POST /admin/posts/{post_id}/restore': { statements: 2, as: 'superuser' },
  },
};

import { created, type DomainFacts } from '../support/route-facts.js';

export const post = { title: 'Compilers', text: 'The first of them.', media_url: 'https://example.com/a.png' };

// As long as they may be, of words that no other post has: of signs of three bytes or, for every second user, of such that
// JSON escapes.
const LONG_POSTS = `
  INSERT INTO post (title, text, created_by_user_id)
  SELECT 'Post', (
    SELECT string_agg(
      chr(base + (word & 15)) || chr(base + (word >> 4 & 15)) || chr(base + (word >> 8 & 15))
        || chr(base + (word >> 12 & 15)) || chr(base + (word >> 16 & 15)), ' ')
    FROM generate_series(10534 * n, 10534 * n + 10533) word
  ), $1
  FROM generate_series(0, 99) n, (SELECT CASE $1::bigint % 2 WHEN 0 THEN 14 ELSE 19968 END AS base) signs`;

export const facts: DomainFacts = {
  names: /\bposts\b|\bpost_|\b(?:TABLE|FROM|INTO|UPDATE|JOIN) "?post\b/,
  exported: {
    post: {
      list: 'posts',
      row: 'post_id',
      select: `SELECT id, title, text, media_url, created_at, updated_at, is_deleted, deleted_at
        FROM post WHERE created_by_user_id = $1`,
    },
    post_usage: { none: 'only counts the posts' },
  },
  rows: { post_id: created('/users/{username}/posts', post) },
  heavyTasks: { posts_report: { fill: LONG_POSTS, atOnce: 2 } },
  routes: {
    'POST /users/{username}/posts': { statements: 5, publishes: 1, status: 201, body: post, bodyKibibytes: 800 },
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

import { created, type DomainFacts, type Scene } from '../support/route-facts.js';
import { PREFIX } from '../support/api.js';

export const comment = { text: 'A text', parent_id: null };

const report = { reason: 'It is an advertisement.' };
const ONE = '/posts/{post_id}/comments/{comment_id}';

async function reported(scene: Scene): Promise<number> {
  const path = `${PREFIX}/posts/{post_id}/comments/${await created('/posts/{post_id}/comments', comment)(scene)}/reports`;
  const { body } = await scene.user.agent
    .post(await scene.filled(path))
    .send(report)
    .expect(201);
  return body.id as number;
}

export const facts: DomainFacts = {
  names: /\bcomments\b|\bcomment_(?!author)|\b(?:TABLE|FROM|INTO|UPDATE|JOIN) "?comment\b/,
  fields: { posts: ['comment_count'] },
  exported: {
    comment: {
      list: 'comments',
      row: 'comment_id',
      select: `SELECT id, post_id::float8, parent_id, depth, text, is_deleted, is_hidden, created_at, updated_at, deleted_at
        FROM comment WHERE created_by_user_id = $1`,
    },
    comment_report: {
      list: 'comment_reports',
      row: 'report_id',
      select: `SELECT id, comment_id::float8, reason, created_at FROM comment_report WHERE created_by_user_id = $1`,
    },
    comment_usage: { none: 'only counts the comments' },
  },
  rows: { comment_id: created('/posts/{post_id}/comments', comment), report_id: reported },
  adds: {
    'DELETE /users/{username}': 1,
    'DELETE /admin/users/{username}': 1,
  },
  routes: {
    'POST /posts/{post_id}/comments': {
      statements: 9,
      publishes: 1,
      isForOthers: true,
      status: 201,
      body: comment,
      bodyKibibytes: 118,
    },
    'GET /posts/{post_id}/comments': { statements: 3, as: 'nobody', lists: 'comment_id' },
    [`GET ${ONE}`]: { statements: 2, as: 'nobody' },
    [`PATCH ${ONE}`]: { statements: 9, body: { text: 'Another' }, bodyKibibytes: 118 },
    [`DELETE ${ONE}`]: { statements: 7, status: 204 },
    [`POST ${ONE}/hide`]: { statements: 8, publishes: 1, status: 204 },
    [`DELETE ${ONE}/hide`]: { statements: 7, status: 204 },
    [`POST ${ONE}/reports`]: { statements: 6, isForOthers: true, status: 201, body: report },
    'GET /admin/comments/reports': { statements: 2, as: 'superuser', lists: 'report_id' },
    'DELETE /admin/comments/reports/{report_id}': { statements: 3, as: 'superuser', status: 204 },
  },
};

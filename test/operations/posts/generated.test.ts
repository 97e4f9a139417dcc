/** Posts are what a generated domain of their shape is, where they have not grown beyond it. */
import { planAll } from '../../support/planning.js';
import { text } from '../../support/pages.js';

const SHAPE =
  'domain poems title:text:2..30 text:text:1..63206 media_url:url:optional --owner user --cached --soft-delete --admin ' +
  '--sort title --search title,text --permission';

// What posts have otherwise, by role of the file, and why. Controller and service are no match: routes of posts stand
// under their users, and writes within a quota.
const OTHERWISE: Record<string, string[]> = {
  // Users have lists of their posts, which are cached.
  'admin.controller.ts': ["@Invalidates('post:{post_id}', 'posts')"],
  // A post is found under the name of its author.
  'guard.ts': [
    '/** Signed in → the post exists → the caller owns it, or may act for who does. */',
    'const id = parseId((request.params as { post_id: string }).post_id);',
    'const isOwner = (await this.posts.authorOf(id)) === request.user.id;',
    'if (!isOwner && !mayActForOwner(context)) throw new NotYourPost();',
  ],
  // Posts are shown with their author, and written within a quota.
  'module.ts': [
    'DatabaseModule.forFeature(Post, { reads: [PostRead], notFound: PostNotFound }),',
    'controllers: [PostsController, PostsAdminController],',
    'providers: [PostsService, PostOwnerGuard],',
  ],
};
const MATCHED = /\.(?:entity|dto|errors|admin\.controller|guard|module)\.ts$/;

/** In the words of posts, and without examples. */
const inWords = (code: string) =>
  code
    .replaceAll('poem', 'post')
    .replaceAll('Poem', 'Post')
    .replaceAll('POEM', 'POST')
    .replaceAll('owner', 'author')
    .replace(/example: '[^']*'/g, 'example');

const linesOf = (code: string) =>
  inWords(code.replace(/^import .*\n/gm, ''))
    .split('\n')
    .map((line) => line.trim());
const [{ files }] = planAll([[SHAPE]]) as [ReturnType<typeof planAll>[number]];
const ours = Object.entries(files).filter(([path]) => MATCHED.test(path));

test.each(ours)('%s is as posts have it', (path, code) => {
  const known = new Set(linesOf(text(path.replaceAll('poem', 'post'))));
  const missing = linesOf(code).filter((line) => !known.has(line));
  const [, role] = /^[\w-]+(?:\.|-owner\.)(.*)$/.exec(path.replace(/.*\//, ''))!;
  expect([...new Set(missing)]).toEqual(OTHERWISE[role!] ?? []);
});

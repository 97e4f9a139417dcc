/** Writes of posts and of their authors, and the public reads of posts that each changes. */
import { type Post, writePost } from './posts.js';
import { ACCOUNTS, as, type Case, type Matrix, type People, type UserRead } from '../platform/cache/writes.js';

interface Authors extends People {
  adas: Post;
  bobs: Post;
}

type PostRead =
  | 'post under its author'
  | 'post'
  | 'posts of a user'
  | 'posts of a user by cursor'
  | 'posts'
  | 'posts by page'
  | 'posts by cursor'
  | 'post under another'
  | 'post of another'
  | 'posts of another';

const LISTS: PostRead[] = ['posts of a user', 'posts of a user by cursor', 'posts', 'posts by page', 'posts by cursor'];
const POST: PostRead[] = ['post under its author', 'post', ...LISTS];
// Their path does not tell whose post it is.
const ANY_POST: PostRead[] = [...POST, 'posts of another'];
// Any post may show its author.
const PERSON: PostRead[] = [...POST, 'post of another'];

const toPost = ({ ada, adas }: Authors, method: string, status: number, body?: object) =>
  as(ada, method, `/users/${ada.username}/posts/${adas.id}`, status, body);

const WRITES: Case<Authors, UserRead | PostRead>[] = [
  {
    what: 'a new post',
    changes: LISTS,
    make: ({ ada }) => as(ada, 'POST', `/users/${ada.username}/posts`, 201, { title: 'New', text: 'n' }),
  },
  { what: 'a changed post', changes: POST, make: (people) => toPost(people, 'PATCH', 200, { title: 'Changed' }) },
  { what: 'a deleted post', changes: POST, make: (people) => toPost(people, 'DELETE', 204) },
  {
    what: 'a post deleted for good',
    changes: ANY_POST,
    make: ({ root, adas }) => as(root, 'DELETE', `/admin/posts/${adas.id}`, 204),
  },
  {
    what: 'a restored post',
    changes: ANY_POST,
    make: ({ root, adas }) => as(root, 'POST', `/admin/posts/${adas.id}/restore`, 200),
    before: (people) => toPost(people, 'DELETE', 204),
  },
  {
    what: 'a change without a good body',
    changes: [],
    make: (people) => toPost(people, 'PATCH', 422, { title: '' }),
  },
  {
    what: 'a change of what was another change',
    changes: [],
    make: (people) => ({ ...toPost(people, 'PATCH', 412, { title: 'No' }), headers: { 'if-match': '"x"' } }),
  },
  {
    what: 'a change of somebody else’s post',
    changes: [],
    make: ({ bob, ada, adas }) => as(bob, 'PATCH', `/users/${ada.username}/posts/${adas.id}`, 403, { title: 'No' }),
  },
];

// Who is changed is so wherever they are shown.
const ofAuthors = ACCOUNTS.writes.map((one): Case<Authors, UserRead | PostRead> => ({
  ...one,
  changes: one.changes.includes('profile') ? [...one.changes, ...PERSON] : one.changes,
}));

export const POSTS: Matrix<Authors, UserRead | PostRead> = {
  reads: {
    ...ACCOUNTS.reads,
    'post under its author': ({ ada, adas }) => `/users/${ada.username}/posts/${adas.id}`,
    post: ({ adas }) => `/posts/${adas.id}`,
    'posts of a user': ({ ada }) => `/users/${ada.username}/posts`,
    'posts of a user by cursor': ({ ada }) => `/users/${ada.username}/posts?after=`,
    posts: () => '/posts',
    'posts by page': () => '/posts?page=1&items_per_page=5',
    'posts by cursor': () => '/posts?after=&items_per_page=5',
    'post under another': ({ bob, bobs }) => `/users/${bob.username}/posts/${bobs.id}`,
    'post of another': ({ bobs }) => `/posts/${bobs.id}`,
    'posts of another': ({ bob }) => `/users/${bob.username}/posts`,
  },
  writes: [...WRITES, ...ofAuthors],
  gather: async (api, root) => {
    const people = await ACCOUNTS.gather(api, root);
    return { ...people, adas: await writePost(people.ada), bobs: await writePost(people.bob) };
  },
};

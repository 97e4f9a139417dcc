/** Writes of comments and of those who write them, and the public reads that each changes. */
import { as, type Case, type Matrix, type People } from '../platform/cache/writes.js';
import { type Post, writePost } from '../posts/posts.js';
import { PASSWORD, type User } from '../support/api.js';
import { type CommentRead, say } from './comments.js';

interface Commenters extends People {
  carol: User;
  adas: Post;
  bobs: Post;
  carols: CommentRead;
}

type CommentsRead =
  | 'comments'
  | 'comments by cursor'
  | 'replies'
  | 'comment'
  | 'post'
  | 'post under its author'
  | 'posts'
  | 'posts of the author'
  | 'post of another'
  | 'posts of another'
  | 'comments on another';

// All comments on a post are under one key.
const COMMENTS: CommentsRead[] = ['comments', 'comments by cursor', 'comment'];
const COUNTS: CommentsRead[] = ['post', 'post under its author', 'posts', 'posts of the author'];
const SEEN: CommentsRead[] = [...COMMENTS, 'replies', ...COUNTS];
// Any comment and any post may show the person.
const PERSON: CommentsRead[] = [...COMMENTS, 'post', 'posts', 'post of another', 'comments on another'];
const PERSON_SEEN: CommentsRead[] = [...new Set([...SEEN, ...PERSON])];

const to = (by: User, { adas, carols }: Commenters, method: string, status: number, body?: object, more = '') =>
  as(by, method, `/posts/${adas.id}/comments/${carols.id}${more}`, status, body);

const WRITES: Case<Commenters, CommentsRead>[] = [
  {
    what: 'a new comment',
    changes: [...COMMENTS, ...COUNTS],
    make: ({ bob, adas }) => as(bob, 'POST', `/posts/${adas.id}/comments`, 201, { text: 'New' }),
  },
  {
    what: 'a new reply',
    changes: SEEN,
    make: ({ bob, adas, carols }) =>
      as(bob, 'POST', `/posts/${adas.id}/comments`, 201, { text: 'New', parent_id: carols.id }),
  },
  {
    what: 'a changed comment',
    changes: COMMENTS,
    make: (people) => to(people.carol, people, 'PATCH', 200, { text: 'Changed' }),
  },
  {
    what: 'a deleted comment',
    changes: SEEN,
    make: (people) => to(people.carol, people, 'DELETE', 204),
  },
  {
    what: 'a hidden comment',
    changes: SEEN,
    make: (people) => to(people.ada, people, 'POST', 204, undefined, '/hide'),
  },
  {
    what: 'a comment that is shown again',
    changes: SEEN,
    make: (people) => to(people.ada, people, 'DELETE', 204, undefined, '/hide'),
    before: (people) => to(people.ada, people, 'POST', 204, undefined, '/hide'),
  },
  {
    what: 'a comment that is refused',
    changes: [],
    make: ({ bob, adas }) => as(bob, 'POST', `/posts/${adas.id}/comments`, 422, { text: '' }),
  },
  {
    what: 'a report',
    changes: [],
    make: (people) => to(people.bob, people, 'POST', 201, { reason: 'No' }, '/reports'),
  },
  {
    what: 'the changed name of a commenter',
    changes: PERSON,
    make: ({ carol }) => as(carol, 'PATCH', `/users/${carol.username}`, 200, { name: 'Caroline' }),
  },
  {
    what: 'the deleted account of a commenter',
    changes: PERSON_SEEN,
    make: ({ carol }) => as(carol, 'DELETE', `/users/${carol.username}`, 204, { current_password: PASSWORD }),
  },
  {
    what: 'the purged account of a commenter',
    changes: PERSON_SEEN,
    make: ({ root, carol }) => as(root, 'DELETE', `/admin/users/${carol.username}`, 204),
  },
  {
    what: 'the restored account of a commenter',
    changes: PERSON_SEEN,
    make: ({ root, carol }) => as(root, 'POST', `/admin/users/${carol.username}/restore`, 200),
    before: ({ carol }) => as(carol, 'DELETE', `/users/${carol.username}`, 204, { current_password: PASSWORD }),
  },
  {
    what: 'a deleted post',
    changes: SEEN,
    make: ({ ada, adas }) => as(ada, 'DELETE', `/users/${ada.username}/posts/${adas.id}`, 204),
  },
];

export const COMMENTED: Matrix<Commenters, CommentsRead> = {
  reads: {
    comments: ({ adas }) => `/posts/${adas.id}/comments`,
    'comments by cursor': ({ adas }) => `/posts/${adas.id}/comments?after=`,
    replies: ({ adas, carols }) => `/posts/${adas.id}/comments?parent_id=${carols.id}`,
    comment: ({ adas, carols }) => `/posts/${adas.id}/comments/${carols.id}`,
    post: ({ adas }) => `/posts/${adas.id}`,
    'post under its author': ({ ada, adas }) => `/users/${ada.username}/posts/${adas.id}`,
    posts: () => '/posts',
    'posts of the author': ({ ada }) => `/users/${ada.username}/posts`,
    'post of another': ({ bobs }) => `/posts/${bobs.id}`,
    'posts of another': ({ bob }) => `/users/${bob.username}/posts`,
    'comments on another': ({ bobs }) => `/posts/${bobs.id}/comments`,
  },
  writes: WRITES,
  gather: async (api, root) => {
    const [ada, bob, carol] = [await api.signUp(), await api.signUp(), await api.signUp()];
    const [adas, bobs] = [await writePost(ada), await writePost(bob)];
    await say(ada, bobs);
    return { ada, bob, carol, root, adas, bobs, carols: await say(carol, adas) };
  },
};

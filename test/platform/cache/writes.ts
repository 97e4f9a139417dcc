/** Writes, and the public reads that each of them changes. */
import { type Api, PASSWORD, type Post, PREFIX, type User, writePost } from '../../support/api.js';
import { send, type Sent } from '../../support/raw.js';

export interface People {
  ada: User;
  bob: User;
  root: User;
  adas: Post;
  bobs: Post;
}

type Paths = (people: People) => string;

/** Reads by what they are of. */
export const READS = {
  profile: ({ ada }) => `/users/${ada.username}`,
  'post under its author': ({ ada, adas }) => `/users/${ada.username}/posts/${adas.id}`,
  post: ({ adas }) => `/posts/${adas.id}`,
  'posts of a user': ({ ada }) => `/users/${ada.username}/posts`,
  'posts of a user by cursor': ({ ada }) => `/users/${ada.username}/posts?after=`,
  posts: () => '/posts',
  'posts by page': () => '/posts?page=1&items_per_page=5',
  'posts by cursor': () => '/posts?after=&items_per_page=5',
  users: () => '/users',
  'users by page': () => '/users?page=1&items_per_page=5',
  'profile of another': ({ bob }) => `/users/${bob.username}`,
  'post under another': ({ bob, bobs }) => `/users/${bob.username}/posts/${bobs.id}`,
  'post of another': ({ bobs }) => `/posts/${bobs.id}`,
  'posts of another': ({ bob }) => `/users/${bob.username}/posts`,
} satisfies Record<string, Paths>;

export type Read = keyof typeof READS;
export const NAMES = Object.keys(READS) as Read[];

const LISTS: Read[] = ['posts of a user', 'posts of a user by cursor', 'posts', 'posts by page', 'posts by cursor'];
const POST: Read[] = ['post under its author', 'post', ...LISTS];
// Their path does not tell whose post it is.
const ANY_POST: Read[] = [...POST, 'posts of another'];
const USERS: Read[] = ['users', 'users by page'];
// Any post may show its author.
const PERSON: Read[] = ['profile', ...POST, ...USERS, 'post of another'];

interface Write extends Sent {
  status: number;
}

const as = ({ token }: User, method: string, path: string, status: number, body?: object): Write => ({
  method,
  path: PREFIX + path,
  token,
  body,
  status,
});
const asAda = ({ ada }: People, method: string, status: number, body?: object) =>
  as(ada, method, `/users/${ada.username}`, status, body);
const asRoot = ({ root, ada }: People, method: string, status: number, body?: object) =>
  as(root, method, `/admin/users/${ada.username}`, status, body);
const toPost = ({ ada, adas }: People, method: string, status: number, body?: object) =>
  as(ada, method, `/users/${ada.username}/posts/${adas.id}`, status, body);
const account = (username: string) => ({
  name: 'Carol',
  username,
  email: `${username}@example.com`,
  password: PASSWORD,
});

type Make = (people: People) => Write;

interface Case {
  what: string;
  changes: Read[];
  make: Make;
  /** What has to be done before. */
  before?: Make;
}

export const WRITES: Case[] = [
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
    what: 'a new user',
    changes: USERS,
    make: ({ ada }) => as(ada, 'POST', '/users', 201, account(`${ada.username}c`)),
  },
  { what: 'a changed name', changes: PERSON, make: (people) => asAda(people, 'PATCH', 200, { name: 'Augusta' }) },
  {
    what: 'a changed user name',
    changes: PERSON,
    make: (people) => asAda(people, 'PATCH', 200, { username: `${people.ada.username}x` }),
  },
  {
    what: 'another picture',
    changes: PERSON,
    make: (people) => asAda(people, 'PATCH', 200, { profile_image_url: 'https://example.com/a' }),
  },
  {
    what: 'a deleted account',
    changes: PERSON,
    make: (people) => asAda(people, 'DELETE', 204, { current_password: PASSWORD }),
  },
  {
    what: 'a name changed by a superuser',
    changes: PERSON,
    make: (people) => asRoot(people, 'PATCH', 200, { name: 'Augusta' }),
  },
  {
    what: 'a user name changed by a superuser',
    changes: PERSON,
    make: (people) => asRoot(people, 'PATCH', 200, { username: `${people.ada.username}y` }),
  },
  { what: 'an account deleted for good', changes: PERSON, make: (people) => asRoot(people, 'DELETE', 204) },
  {
    what: 'a restored account',
    changes: PERSON,
    make: ({ root, ada }) => as(root, 'POST', `/admin/users/${ada.username}/restore`, 200),
    before: (people) => asAda(people, 'DELETE', 204, { current_password: PASSWORD }),
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
  {
    what: 'a user name that is taken',
    changes: [],
    make: (people) => asAda(people, 'PATCH', 409, { username: people.bob.username }),
  },
];

/** Two authors with a post each. */
export async function gather(api: Api, root: User): Promise<People> {
  const [ada, bob] = [await api.signUp(), await api.signUp()];
  const [adas, bobs] = [await writePost(ada), await writePost(bob)];
  return { ada, bob, root, adas, bobs };
}

/** Makes a write, which must have the outcome that it names. */
export async function write(url: string, { status, ...sent }: Write): Promise<void> {
  expect(await send(url, sent)).toMatchObject({ status });
}

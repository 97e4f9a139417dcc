/** Writes of accounts, and the public reads of them that each changes. */
import { type Api, PASSWORD, PREFIX, type User } from '../../support/api.js';
import { send, type Sent } from '../../support/raw.js';

export interface People {
  ada: User;
  bob: User;
  root: User;
}

export interface Write extends Sent {
  status: number;
}

/** A write, and which of the reads it changes. */
export interface Case<P, R extends string> {
  what: string;
  changes: R[];
  make: (people: P) => Write;
  /** What has to be done before. */
  before?: (people: P) => Write;
}

/** Reads by what they are of, writes, and whoever makes them. */
export interface Matrix<P extends People, R extends string> {
  reads: Record<R, (people: P) => string>;
  writes: Case<P, R>[];
  gather: (api: Api, root: User) => Promise<P>;
}

export const as = ({ token }: User, method: string, path: string, status: number, body?: object): Write => ({
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
const account = (username: string) => ({
  name: 'Carol',
  username,
  email: `${username}@example.com`,
  password: PASSWORD,
});

/** What is told of a person by the domain of accounts. */
export type UserRead = 'profile' | 'users' | 'users by page' | 'profile of another';
const USERS: UserRead[] = ['users', 'users by page'];
const PERSON: UserRead[] = ['profile', ...USERS];

const WRITES: Case<People, UserRead>[] = [
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
    make: (people) => asAda(people, 'PATCH', 422, { name: '' }),
  },
  {
    what: 'a change of what was another change',
    changes: [],
    make: (people) => ({ ...asAda(people, 'PATCH', 412, { name: 'Augusta' }), headers: { 'if-match': '"x"' } }),
  },
  {
    what: 'a change of somebody else',
    changes: [],
    make: ({ bob, ada }) => as(bob, 'PATCH', `/users/${ada.username}`, 403, { name: 'No' }),
  },
  {
    what: 'a user name that is taken',
    changes: [],
    make: (people) => asAda(people, 'PATCH', 409, { username: people.bob.username }),
  },
];

export const ACCOUNTS: Matrix<People, UserRead> = {
  reads: {
    profile: ({ ada }) => `/users/${ada.username}`,
    users: () => '/users',
    'users by page': () => '/users?page=1&items_per_page=5',
    'profile of another': ({ bob }) => `/users/${bob.username}`,
  },
  writes: WRITES,
  gather: async (api, root) => ({ ada: await api.signUp(), bob: await api.signUp(), root }),
};

/** Makes a write, which must have the outcome that it names. */
export async function write(url: string, { status, ...sent }: Write): Promise<void> {
  expect(await send(url, sent)).toMatchObject({ status });
}

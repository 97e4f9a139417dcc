/** What a domain tells of its routes in test/<domain>/<domain>.facts.ts, for the suites that hold all routes: see routes.ts. */
import { type Api, PREFIX, type User } from './api.js';

/** What a suite has made: somebody who is signed in, a superuser, and rows as they are asked for. */
export interface Scene {
  api: Api;
  user: User;
  root: User;
  /** What a placeholder stands for, whose row is made when it is first asked for. */
  value(name: string): Promise<string | number>;
  /** The same with every placeholder filled, also within objects and lists. */
  filled<T>(given: T): Promise<T>;
  /** A scene of the same users, with rows of its own. */
  apart(): Scene;
}

/** Somebody who asks every route, and what they have. What is left out, they have not. */
export interface Actor {
  token?: string;
  /** Whether the rows of the scene are theirs. */
  isOwner?: boolean;
  isSuperuser?: boolean;
  /** Whether they have signed in, with a password. */
  hasSession?: boolean;
  permissions?: readonly string[];
}

/**
 * Paths, bodies and SQL may hold placeholders such as `{note_id}` or `{username}`: rows that some domain tells how to
 * make. `{unique}` is a number of four digits that no other text of the suite has, `{uuid}` a new UUID. A text that is
 * one placeholder and nothing else becomes the value itself: a number where that is one.
 */
export interface RouteFacts {
  /** Who may call it; by default the user of the scene. */
  as?: 'nobody' | 'user' | 'superuser';
  /**
   * How many SQL statements it costs, uncached, for a caller who is known: BEGIN, COMMIT and NOTIFY count too. Of a list,
   * a page that others follow.
   */
  statements: number;
  /** How many events it publishes: each costs what domains that hear of events say, besides these statements. */
  publishes?: number;
  /** How many notices it tells owners of accounts: each costs what domains that hear of notices say, besides. */
  tells?: number;
  /** Whether it signs somebody in: that costs what domains that hear of it say, besides. */
  signsIn?: boolean;
  /** Whether others than the owner of what its path names may call it, though it is no public read. */
  isForOthers?: boolean;
  /** What others are answered than the owner of what its body names: status and code. */
  refusesOthers?: string;
  /** What it answers; by default 200. */
  status?: number;
  /** One that it takes, with as many fields as it can have. */
  body?: Record<string, unknown>;
  /** A file that it takes, instead of JSON. */
  file?: { bytes: Buffer; type: string };
  /** The largest body that it reads; by default 32. */
  bodyKibibytes?: number;
  /** Of a POST that creates something and takes no `Idempotency-Key`: why. */
  withoutIdempotency?: string;
  /** What has to happen before it is called: SQL, or something else. */
  before?: string | ((scene: Scene) => Promise<unknown>);
  /** Of a list, which is whatever takes `items_per_page`: what it lists, by its name in `rows`. */
  lists?: string;
}

export interface DomainFacts {
  /** Of a domain that the template can do without: the words by which suites of others would name it, which none does. */
  names?: RegExp;
  /** What it keeps in other domains, by their names: `npm run remove` takes these fields along. */
  fields?: Record<string, string[]>;
  /**
   * What the export of an account has of each table that belongs to users: the name of its list, perhaps with SQL that
   * reads what that has of the user `$1` and the name in `rows` of what it lists, or else `none`: why not.
   */
  exported?: Record<string, string | { list: string; row: string; select: string } | { none: string }>;
  /** How many SQL statements it costs that this domain hears of an event. */
  statementsOfEvent?: number;
  /** How many SQL statements it costs that this domain hears of a notice to an owner. */
  statementsOfNotice?: number;
  /** How many SQL statements it costs that this domain hears of a sign-in. */
  statementsOfSignIn?: number;
  /** How to make one more of what a placeholder stands for, in the name of the user of the scene. */
  rows?: Record<string, (scene: Scene) => Promise<string | number>>;
  /** Who asks every route, by what they are called: those whom other domains do not know of. */
  actors?: Record<string, (scene: Scene) => Promise<Actor>>;
  /**
   * Its tasks that clients may post and that cost most: SQL that gives the user `$1` much to do, and how many of them a
   * worker runs at once.
   */
  heavyTasks?: Record<string, { fill: string; atOnce: number }>;
  /** How many statements more it makes a route of another domain cost, by listening to what happens there. */
  adds?: Record<string, number>;
  /** The same, of every route that takes the password as a fresh proof. */
  addsToPasswords?: number;
  /** By method and path as in the OpenAPI document, without the prefix. */
  routes: Record<`${'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} /${string}`, RouteFacts>;
}

/**
 * Makes a row by a POST in the name of the user, or of the superuser for a path under /admin, and gives its id. What its
 * body refers to is its own, so that the row of a placeholder can be deleted whatever else there is.
 */
export function created(path: string, body: Record<string, unknown>): (scene: Scene) => Promise<number> {
  return async (scene) => {
    const { agent } = path.startsWith('/admin/') ? scene.root : scene.user;
    const answer = await agent.post(PREFIX + (await scene.filled(path))).send(await scene.apart().filled(body));
    if (answer.status >= 300) throw new Error(`POST ${path} was answered with ${answer.status}: ${answer.text}`);
    return answer.body.id as number;
  };
}

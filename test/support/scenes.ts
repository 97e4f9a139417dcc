/** Users with rows of everything, which suites of all routes ask by name. */
import { randomUUID } from 'node:crypto';
import { type Api, PREFIX, type User } from './api.js';
import type { Sent } from './raw.js';
import type { DomainFacts, Scene } from './route-facts.js';
import { FACTS, type Route } from './routes.js';

const ROWS = Object.assign({}, ...Object.values(FACTS).map(({ rows }) => rows)) as NonNullable<DomainFacts['rows']>;
const PLACEHOLDER = /\{(\w+)\}/g;
// Has four digits, so that it can be a year.
let unique = 1_000;

/** Makes one more of what a placeholder stands for. */
export function makeRow(name: string, scene: Scene): Promise<string | number> {
  const make = ROWS[name];
  if (!make) throw new Error(`No \`rows\` in any test/<domain>/<domain>.facts.ts tell how to make a {${name}}`);
  return make(scene);
}

/** A user of its own, with whatever rows are asked for. */
export async function newScene(api: Api, root: User, user?: User): Promise<PlayedScene> {
  return new PlayedScene(api, root, user ?? (await api.signUp()));
}

export class PlayedScene implements Scene {
  readonly #values = new Map<string, Promise<string | number>>();

  constructor(
    readonly api: Api,
    readonly root: User,
    readonly user: User,
  ) {}

  value(name: string): Promise<string | number> {
    if (name === 'unique') return Promise.resolve(++unique);
    if (name === 'uuid') return Promise.resolve(randomUUID());
    const value = this.#values.get(name) ?? makeRow(name, this);
    this.#values.set(name, value);
    return value;
  }

  async filled<T>(given: T): Promise<T> {
    if (typeof given === 'string') return (await this.#text(given)) as T;
    if (Array.isArray(given)) return (await Promise.all(given.map((item) => this.filled<unknown>(item)))) as T;
    if (typeof given !== 'object' || given === null) return given;
    const entries = Object.entries(given).map(
      async ([name, value]) => [name, await this.filled<unknown>(value)] as const,
    );
    return Object.fromEntries(await Promise.all(entries)) as T;
  }

  apart(): PlayedScene {
    return new PlayedScene(this.api, this.root, this.user);
  }

  async #text(text: string): Promise<string | number> {
    const names = [...text.matchAll(PLACEHOLDER)].map(([, name]) => name!);
    if (text === `{${names[0]}}`) return this.value(names[0]!);
    const values: (string | number)[] = [];
    for (const name of names) values.push(await this.value(name));
    return text.replace(PLACEHOLDER, () => String(values.shift()));
  }

  token(as: Route['as']): string | undefined {
    return { nobody: undefined, user: this.user.token, superuser: this.root.token }[as];
  }

  /** The request in the name of whoever may send it, with its good body unless another one is given. */
  async request({ method, template, as, body: good, file }: Route, more: Partial<Sent> = {}): Promise<Sent> {
    const path = PREFIX + (await this.filled(template));
    const body = 'body' in more ? more.body : (file?.bytes ?? good);
    const isRaw = typeof body === 'string' || Buffer.isBuffer(body);
    return {
      method,
      path,
      token: this.token(as),
      type: file?.type,
      ...more,
      body: isRaw ? body : await this.filled(body),
    };
  }

  /** Its request, once what has to happen before has happened. */
  async ready(route: Route): Promise<Sent> {
    const sent = await this.request(route);
    const { before } = route;
    if (typeof before === 'function') await before(this);
    else if (before) await this.api.database.query(await this.filled(before));
    return sent;
  }
}

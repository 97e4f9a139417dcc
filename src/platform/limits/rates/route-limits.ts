/** A pattern of routes: a method or `*`, and a path of the document, which may end in `*`; `*` alone is every route. */
export const ROUTE_PATTERN = /^(?:\*|(?:\*|GET|POST|PUT|PATCH|DELETE) \/[\w{}/-]*\*?)$/;

/** How many requests of the routes that a pattern names, together, in how many seconds. */
export interface RouteLimit {
  route: string;
  limit: number;
  period: number;
}

declare module '../../http/access/caller.js' {
  interface Caller {
    /** What the account may ask for, where that is not what all may. */
    limits?: RouteLimits;
  }
}

export const isRoutePattern = (text: unknown): text is string => typeof text === 'string' && ROUTE_PATTERN.test(text);

interface Counted extends RouteLimit {
  /** What the keys begin with under which its requests are counted: others when the period is another. */
  scope: string;
}

/** Limits of one's own, by route: of those whose pattern fits, the one that says most. */
export class RouteLimits {
  private readonly limits: Counted[];
  private readonly known = new Map<string, Counted | undefined>();

  constructor(limits: readonly RouteLimit[]) {
    const ranked = limits.toSorted((one, other) => rank(other.route) - rank(one.route));
    this.limits = ranked.map((one) => ({ ...one, scope: `${one.route} in ${one.period}:` }));
  }

  /** @param url of the route as Fastify has it; there are no more of them than routes */
  of(method: string, url: string): Counted | undefined {
    const route = `${method} ${url}`;
    if (!this.known.has(route)) this.known.set(route, this.find(method, url.replace(/:(\w+)/g, '{$1}')));
    return this.known.get(route);
  }

  private find(method: string, path: string): Counted | undefined {
    return this.limits.find(({ route }) => fits(route, method === 'HEAD' ? 'GET' : method, path));
  }
}

function fits(pattern: string, method: string, path: string): boolean {
  if (pattern === '*') return true;
  const [wantedMethod, wantedPath] = pattern.split(' ') as [string, string];
  if (wantedMethod !== '*' && wantedMethod !== method) return false;
  return wantedPath.endsWith('*') ? path.startsWith(wantedPath.slice(0, -1)) : path === wantedPath;
}

// More than any part has characters.
const WHOLE = 1_000;

/** A whole path says more than a part of one, a longer part more than a shorter one, and then a method more than none. */
function rank(pattern: string): number {
  const [method, path = ''] = pattern.split(' ') as [string, string | undefined];
  const length = path.endsWith('*') || path === '' ? path.length : WHOLE;
  return length * 2 + (method === '*' ? 0 : 1);
}

/** An issuer of OpenID Connect, and a GitHub, over real HTTP, that say whatever a suite makes them say. */
import { createHash, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export const CLIENT = { id: 'client', secret: 's3cret:of/the client' };
export const AUDIENCE = CLIENT.id;

type Claims = Record<string, unknown>;

/** What an authorization request asks for, as the browser carries it there. */
export type Asked = Record<'redirect_uri' | 'state' | 'nonce' | 'code_challenge', string>;

/** What a code is exchanged for. */
export interface Grant {
  asked: Asked;
  /** Of the ID token, besides those that it has in any case. */
  claims?: Claims;
  /** Of its header. */
  header?: Claims;
  /** What signs it instead of the key of the issuer: nothing, another key, or a text for HMAC. */
  signedBy?: 'nobody' | 'another';
  /** What the issuer tells only of those who show the access token. */
  userinfo?: Claims;
  /** What happens instead of an answer. */
  instead?: 'error' | 'silence' | 'flood' | 'garbage' | 'refusal';
  /** What GitHub says. */
  github?: { user: Claims; emails: Claims[] };
}

const [KEY, OTHER_KEY] = [0, 1].map(() => generateKeyPairSync('rsa', { modulusLength: 2048 }));
const KID = 'key-1';
const FLOOD = Buffer.alloc(300 * 1024, 0x20);
const SOON = 300;

export interface Issuer {
  url: string;
  /** A code that is good once, for whatever the grant says. */
  grant(grant: Grant): string;
  /** How many requests there were of a path. */
  countOf(path: string): number;
  stop(): Promise<void>;
}

export async function startIssuer(): Promise<Issuer> {
  const grants = new Map<string, Grant>();
  const counts = new Map<string, number>();
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url!, url);
    counts.set(pathname, (counts.get(pathname) ?? 0) + 1);
    void answer(request, response, { url, pathname, grants });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    grant(grant) {
      const code = randomUUID();
      grants.set(code, grant);
      return code;
    },
    countOf: (path) => counts.get(path) ?? 0,
    async stop() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

interface Scene {
  url: string;
  pathname: string;
  grants: Map<string, Grant>;
}

async function answer(request: IncomingMessage, response: ServerResponse, scene: Scene): Promise<void> {
  const body = await text(request);
  const { pathname, url, grants } = scene;
  const json = (value: unknown, status = 200) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  const token = request.headers.authorization?.replace(/^Bearer /i, '') ?? '';
  const held = grants.get(token);
  if (pathname.endsWith('/token') || pathname.endsWith('/access_token'))
    return exchange(body, request, response, scene);
  if (pathname === '/jwks') return void json({ keys: [{ ...KEY!.publicKey.export({ format: 'jwk' }), kid: KID }] });
  if (pathname === '/userinfo') return void (held ? json({ sub: subjectOf(held), ...held.userinfo }) : json({}, 401));
  if (pathname === '/api/v3/user') return void (held?.github ? json(held.github.user) : json({}, 401));
  if (pathname === '/api/v3/user/emails') return void (held?.github ? json(held.github.emails) : json({}, 401));
  const [, path] = /^(.*)\/\.well-known\/openid-configuration$/.exec(pathname) ?? [];
  if (path === '/silent') return;
  if (path === '/huge') return void response.writeHead(200, { 'content-type': 'application/json' }).end(FLOOD);
  if (path === '/garbage') return void response.end('<html>');
  if (path === '/broken') return void json({}, 500);
  if (path === '/impostor') return void json(metadataOf(url, 'https://accounts.example.com'));
  if (path !== undefined) return void json(metadataOf(url, url + path));
  json({}, 404);
}

const metadataOf = (url: string, issuer: string) => ({
  issuer,
  authorization_endpoint: `${url}/authorize`,
  token_endpoint: `${url}/token`,
  userinfo_endpoint: `${url}/userinfo`,
  jwks_uri: `${url}/jwks`,
  response_types_supported: ['code'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['RS256'],
});

async function exchange(
  body: string,
  { headers, url: path = '' }: IncomingMessage,
  response: ServerResponse,
  { url, grants }: Scene,
): Promise<void> {
  const json = (value: unknown, status = 200) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  const sent = new URLSearchParams(body);
  const code = sent.get('code') ?? '';
  const grant = grants.get(code);
  grants.delete(code);
  if (!isClient(sent, headers.authorization)) return void json({ error: 'invalid_client' }, 401);
  if (!grant || !isProved(grant, sent)) return void json({ error: 'invalid_grant' }, 400);
  const { instead } = grant;
  if (instead === 'silence') return;
  if (instead === 'error') return void json({ error: 'server_error' }, 503);
  if (instead === 'garbage') return void response.end('<html>');
  if (instead === 'refusal') return void json({ error: 'invalid_grant' }, 400);
  if (instead === 'flood') return void response.writeHead(200, { 'content-type': 'application/json' }).end(FLOOD);
  const access_token = randomUUID();
  grants.set(access_token, grant);
  const tokens = { access_token, token_type: 'bearer', refresh_token: 'canary-of-tokens' };
  json(path.includes('/login/oauth/') ? tokens : { ...tokens, id_token: idToken(grant, url) });
}

/** In the header or in the body, as the specification and GitHub have it. */
function isClient(sent: URLSearchParams, authorization = ''): boolean {
  if (sent.has('client_secret'))
    return sent.get('client_id') === CLIENT.id && sent.get('client_secret') === CLIENT.secret;
  const [id, secret] = Buffer.from(authorization.replace(/^Basic /, ''), 'base64')
    .toString()
    .split(':');
  const plain = (part = '') => decodeURIComponent(part.replaceAll('+', ' '));
  return plain(id) === CLIENT.id && plain(secret) === CLIENT.secret;
}

function isProved({ asked }: Grant, sent: URLSearchParams): boolean {
  const challenge = createHash('sha256')
    .update(sent.get('code_verifier') ?? '')
    .digest('base64url');
  return challenge === asked.code_challenge && sent.get('redirect_uri') === asked.redirect_uri;
}

function subjectOf({ claims }: Grant): unknown {
  return claims?.sub ?? 'somebody';
}

function idToken(grant: Grant, iss: string): string {
  const now = Math.floor(Date.now() / 1000);
  const { asked, claims, header, signedBy } = grant;
  const usual = { iss, sub: 'somebody', aud: AUDIENCE, iat: now, exp: now + SOON, nonce: asked.nonce };
  const parts = [
    { alg: 'RS256', kid: KID, ...header },
    { ...usual, ...claims },
  ]
    .map(encoded)
    .join('.');
  return `${parts}.${signedBy === 'nobody' ? '' : signature(parts, signedBy ? OTHER_KEY!.privateKey : KEY!.privateKey)}`;
}

const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
const signature = (parts: string, key: KeyObject) => sign('sha256', Buffer.from(parts), key).toString('base64url');

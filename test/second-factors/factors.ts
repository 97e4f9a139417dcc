/** People with second factors. */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Secret, TOTP } from 'otpauth';
import { type Api, PASSWORD, PREFIX, type User } from '../support/api.js';
import { type Received, send, type Sent } from '../support/raw.js';
import { Passkey } from './authenticator.js';

export const AUTH = `${PREFIX}/auth`;
const STEP_MILLISECONDS = 30_000;
const ANSWER_MILLISECONDS = 3_000;

export const hashOf = (text: string) => createHash('sha256').update(text).digest('base64url');

/** The code of an app, so many steps from now. */
export function codeOf(secret: string, steps = 0): string {
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({
    timestamp: Date.now() + steps * STEP_MILLISECONDS,
  });
}

/** Waits for the next step of codes, if this one may end before an answer is there. */
export async function earlyInAStep(): Promise<void> {
  const left = STEP_MILLISECONDS - (Date.now() % STEP_MILLISECONDS);
  if (left < ANSWER_MILLISECONDS) await sleep(left);
}

/** Adds an authenticator app, and gives its secret. */
export async function addApp({ agent }: User, name = 'Phone'): Promise<{ id: number; secret: string }> {
  const { body } = await agent.post(`${AUTH}/totp`).send({ name }).expect(201);
  const { id, secret } = body as { id: number; secret: string };
  await earlyInAStep();
  // The code that confirms it is used: the next one is still to come.
  await agent
    .post(`${AUTH}/totp/${id}/confirm`)
    .send({ code: codeOf(secret, -1) })
    .expect(200);
  return { id, secret };
}

export async function addPasskey({ agent }: User, name = 'Laptop'): Promise<Passkey & { factor_id: number }> {
  const { body } = await agent.post(`${AUTH}/passkeys/options`).expect(200);
  const passkey = new Passkey();
  const sent = { name, challenge: body.token as string, passkey: passkey.create(body.options) };
  const { body: factor } = await agent.post(`${AUTH}/passkeys`).send(sent).expect(201);
  return Object.assign(passkey, { factor_id: factor.id as number });
}

export async function recoveryCodesOf({ agent }: User): Promise<string[]> {
  return (await agent.post(`${AUTH}/recovery-codes`).expect(201)).body.codes as string[];
}

export interface Challenge {
  token: string;
  kinds: string[];
  expires_in: number;
  passkey_options: { challenge: string; rpId: string; allowCredentials: { id: string }[] } | null;
}

const COOKIE = /^((?:__Secure-)?challenge=[\w-]{43});/;

/** What `second_factor_required` has given, with the cookie of the client. */
export function challengeOf({ headers, text }: Received): { challenge: Challenge; cookie: string } {
  const { challenge } = JSON.parse(text) as { challenge: Challenge };
  const [cookie] = headers['set-cookie']!.flatMap((one) => COOKIE.exec(one)?.[1] ?? []);
  return { challenge, cookie: cookie! };
}

export class Client {
  constructor(
    private readonly api: Api,
    /** Where it is. */
    readonly address = '203.0.113.7',
  ) {}

  post(path: string, body?: object, more: Partial<Sent> = {}): Promise<Received> {
    const { headers, ...rest } = more;
    const all = { 'x-forwarded-for': this.address, ...headers };
    return send(this.api.program.url, { method: 'POST', path: `${AUTH}${path}`, body, ...rest, headers: all });
  }

  login(username: string, password = PASSWORD, more: Partial<Sent> = {}): Promise<Received> {
    return this.post('/login', { username, password }, more);
  }

  /** Shows the password, and gives what comes next. */
  async begin(username: string): Promise<{ challenge: Challenge; cookie: string }> {
    return challengeOf(await this.login(username));
  }

  answer({ challenge, cookie }: Awaited<ReturnType<Client['begin']>>, shown: object): Promise<Received> {
    return this.post('/login/second-factor', { challenge: challenge.token, ...shown }, { headers: { cookie } });
  }
}

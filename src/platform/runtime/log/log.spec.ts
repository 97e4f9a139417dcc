import { pino } from 'pino';
import { LOG_OPTIONS, NestLogger } from './log.js';

/** What a line of the log holds of what is logged. */
function lineOf(logged: object): string {
  let line = '';
  pino(LOG_OPTIONS, { write: (text) => (line += text) }).info(logged);
  return line;
}

const SECRETS = ['password', 'hashed_password', 'refresh_token', 'Authorization', 'cookie', 'set-cookie'];
const PLACES = ['body', 'headers', 'payload', 'req', 'res', 'user'];

test.each(SECRETS)('what is named %s is not logged, nor in what is usually logged with it', (name) => {
  const secret = { [name]: 'canary' };
  for (const logged of [secret, ...PLACES.flatMap((place) => [{ [place]: secret }, { [place]: { inner: secret } }])]) {
    expect(lineOf({ ...logged, user_id: 7 })).toContain('"user_id":7');
    expect(lineOf(logged)).not.toContain('canary');
  }
});

test.each(['err', 'error', 'e', 'reason', 'context'])(
  'of an error in %s only what tells where it comes from is logged',
  (name) => {
    const below = Object.assign(new Error('Below'), { detail: 'canary' });
    const error = Object.assign(new Error('No luck', { cause: below }), { code: 'X', parameters: ['canary'] });
    const line = lineOf({ [name]: error });
    expect(JSON.parse(line)).toMatchObject({
      [name]: { type: 'Error', message: 'No luck', code: 'X', cause: { message: 'Below' } },
    });
    expect(line).not.toContain('canary');
  },
);

test.each([
  ['itself', (error: Error) => error],
  ['something without a text', () => Object.create(null) as object],
])('an error that %s has caused is logged', (_, causeOf) => {
  const error = new Error('No luck');
  error.cause = causeOf(error);
  expect(lineOf({ err: error })).toContain('No luck');
});

test('what Nest hands over with a message is logged like anything else', () => {
  let line = '';
  const nest = new NestLogger(pino(LOG_OPTIONS, { write: (text) => (line += text) }));
  nest.warn('Look', Object.assign(new Error('No luck'), { parameters: ['canary'] }));
  expect(JSON.parse(line)).toMatchObject({ msg: 'Look', context: { message: 'No luck' } });
  expect(line).not.toContain('canary');
});

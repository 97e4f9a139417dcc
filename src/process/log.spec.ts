import { pino } from 'pino';
import { LOG_OPTIONS } from './log.js';

/** What a line of the log holds of what is logged. */
function lineOf(logged: object): string {
  let line = '';
  pino(LOG_OPTIONS, { write: (text) => (line += text) }).info(logged);
  return line;
}

test.each([
  { password: 'canary' },
  { body: { new_password: 'canary', current_password: 'canary' } },
  { headers: { authorization: 'Bearer canary', cookie: 'canary' } },
  { req: { headers: { cookie: 'canary' } } },
  { access_token: 'canary', refresh_token: 'canary' },
])('what is named like a secret is not logged: %j', (logged) => {
  expect(lineOf({ ...logged, user_id: 7 })).toContain('"user_id":7');
  expect(lineOf(logged)).not.toContain('canary');
});

test('of an error only what tells where it comes from is logged', () => {
  const error = Object.assign(new Error('No luck', { cause: new Error('Below') }), {
    code: 'X',
    parameters: ['canary'],
  });
  const line = lineOf({ err: error });
  expect(JSON.parse(line)).toMatchObject({
    err: { type: 'Error', message: 'No luck', code: 'X', cause: { message: 'Below' } },
  });
  expect(line).not.toContain('canary');
});

import { environment, finish } from '../../support/program.js';

const STRONG = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
const DEPLOYED = { ENVIRONMENT: 'production', SECRET_KEY: STRONG, BCRYPT_COST: '10' };

test.each(['main', 'worker'])('in production %s does not start without a server for mail', async (program) => {
  const env = environment('postgres://postgres:x@127.0.0.1:1/x', { ...DEPLOYED, SMTP_URL: undefined });
  const { code, output } = await finish(program, env);
  expect({ code, output }).toEqual({ code: 1, output: expect.stringMatching(/^SMTP_URL: is needed by recovery,/m) });
});

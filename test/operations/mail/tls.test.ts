/** What a connection to a mail server has to be, before anything secret goes over it. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PREFIX } from '../../support/api.js';
import { type Certificates, certify } from '../../support/certificates.js';
import { LAB_WORKER, type Lab, startLab } from '../../support/lab.js';
import { type Environment, linesWith, type Program, start, until } from '../../support/program.js';
import { describeWith, hasProgram } from '../../support/programs.js';
import { MailServer } from './mail-server.js';

const DEPLOYED = { ENVIRONMENT: 'production' };

describeWith('openssl', hasProgram('openssl', 'version'), 'a mail server', () => {
  const folder = mkdtempSync(join(tmpdir(), 'api-smtp-'));
  let lab: Lab;
  let ours: Certificates;
  let [plain, starttls, tls, stranger]: MailServer[] = [];
  beforeAll(async () => {
    ours = certifiedIn('ours');
    const [known, unknown] = [ours, certifiedIn('theirs')].map(({ cert, key }) => ({
      cert: readFileSync(cert),
      key: readFileSync(key),
    }));
    plain = await MailServer.start();
    starttls = await MailServer.start(known);
    tls = await MailServer.start({ ...known!, secure: true });
    stranger = await MailServer.start(unknown);
    lab = await startLab();
  });
  afterAll(async () => {
    await lab.stop();
    await Promise.all([plain, starttls, tls, stranger].map((one) => one!.close()));
    rmSync(folder, { recursive: true });
  });

  function certifiedIn(name: string): Certificates {
    mkdirSync(join(folder, name));
    return certify(join(folder, name));
  }

  let count = 0;
  async function sent(env: Environment): Promise<{ to: string; worker: Program }> {
    await lab.api.database.query('DELETE FROM mail');
    const worker = await start(LAB_WORKER, {
      ...lab.api.env,
      NODE_EXTRA_CA_CERTS: ours.ca,
      MAIL_FROM: 'a@example.com',
      ...env,
    });
    const to = `tls${++count}@example.com`;
    const fields = { to, subject: 'A', text: 'B', url: 'https://app.example.com' };
    await lab.user.agent.post(`${PREFIX}/lab/mails`).send(fields).expect(204);
    return { to, worker };
  }

  const urlOf = (server: MailServer, rest = '', user = '', protocol = 'smtp') =>
    `${protocol}://${user}127.0.0.1:${server.port}${rest}`;

  test.each<[string, () => Environment, () => MailServer, { isSecure: boolean; user?: string }]>([
    ['with STARTTLS', () => ({ ...DEPLOYED, SMTP_URL: urlOf(starttls!) }), () => starttls!, { isSecure: true }],
    [
      'with STARTTLS and a password',
      () => ({ ...DEPLOYED, SMTP_URL: urlOf(starttls!, '', 'me:right@') }),
      () => starttls!,
      { isSecure: true, user: 'me' },
    ],
    [
      'with TLS from the first byte',
      () => ({ ...DEPLOYED, SMTP_URL: urlOf(tls!, '', '', 'smtps') }),
      () => tls!,
      { isSecure: true },
    ],
    [
      'without TLS where the URL allows it',
      () => ({ ...DEPLOYED, SMTP_URL: urlOf(plain!, '?starttls=optional') }),
      () => plain!,
      { isSecure: false },
    ],
    [
      'without TLS where the URL wants none',
      () => ({ ...DEPLOYED, SMTP_URL: urlOf(starttls!, '?starttls=never') }),
      () => starttls!,
      { isSecure: false },
    ],
    ['without TLS in local', () => ({ SMTP_URL: urlOf(plain!) }), () => plain!, { isSecure: false }],
  ])('is handed mail %s', async (_, env, server, expected) => {
    const { to, worker } = await sent(env());
    await until(() => server().to(to).length === 1);
    expect(server().to(to)[0]).toMatchObject(expected);
    await worker.stop();
  });

  test.each<[string, () => Environment, () => MailServer, string]>([
    ['has no STARTTLS', () => ({ ...DEPLOYED, SMTP_URL: urlOf(plain!) }), () => plain!, 'STARTTLS'],
    ['nobody vouches for', () => ({ ...DEPLOYED, SMTP_URL: urlOf(stranger!) }), () => stranger!, ''],
    ['nobody vouches for, also in local', () => ({ SMTP_URL: urlOf(stranger!) }), () => stranger!, ''],
    [
      'does not know the password',
      () => ({ ...DEPLOYED, SMTP_URL: urlOf(starttls!, '', 'me:canary@') }),
      () => starttls!,
      'EAUTH',
    ],
  ])('that %s is handed nothing, and the log says so without a secret', async (_, env, server, word) => {
    const { to, worker } = await sent(env());
    await until(() => linesWith(worker, 'mail cannot be sent').length === 1);
    expect(linesWith(worker, 'mail cannot be sent')[0]).toContain(word);
    expect(server().to(to)).toEqual([]);
    expect(worker.output()).not.toMatch(/canary|tls\d+@example/);
    const rows = await lab.api.database.query('SELECT FROM mail WHERE recipient = $1', [to]);
    expect(rows).toHaveLength(1);
    await worker.stop();
  });
});

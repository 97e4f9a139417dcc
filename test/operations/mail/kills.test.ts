/** Workers that are killed while they send mail: none is lost, and a server that knows ids of messages keeps none twice. */
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { PREFIX } from '../../support/api.js';
import { LAB_WORKER, type Lab, startLab } from '../../support/lab.js';
import { begin, until } from '../../support/program.js';
import { headerOf, MailServer } from './mail-server.js';

// Each takes a start of the worker: MAIL_KILLS=100 takes several minutes.
const KILLS = Number(process.env.MAIL_KILLS ?? 5);
const PER_KILL = 8;
// Of each worker: MAIL_CONCURRENCY.
const AT_ONCE = 4;
const TIMEOUT = 60_000 + KILLS * 10_000;

let lab: Lab;
let server: MailServer;
beforeAll(async () => {
  server = await MailServer.start();
  lab = await startLab({ SMTP_URL: server.url, MAIL_FROM: 'a@example.com', MAIL_TIMEOUT_SECONDS: '1' });
});
afterAll(async () => {
  await lab.stop();
  await server.close();
});

async function send(to: string): Promise<void> {
  const fields = { to, subject: 'A', text: 'B', url: 'https://app.example.com' };
  await lab.user.agent.post(`${PREFIX}/lab/mails`).send(fields).expect(204);
}

const waiting = async () => (await lab.api.database.query('SELECT FROM mail')).length;

test(
  `${KILLS} workers that are killed while they send lose no mail, and double none`,
  async () => {
    const all: string[] = [];
    for (let kill = 0; kill < KILLS; kill++) {
      const worker = begin(LAB_WORKER, lab.api.env);
      await worker.listening;
      const some = Array.from({ length: PER_KILL }, (_, n) => `kill${kill}n${n}@example.com`);
      all.push(...some);
      const before = server.received.length;
      // The first of them is being sent, or has just been.
      const sent = Promise.all(some.map(send));
      await until(() => server.received.length > before || server.isBusy);
      await sleep(randomInt(20));
      await worker.stop('SIGKILL');
      await sent;
    }
    await lab.startWorker();
    await until(async () => (await waiting()) === 0);
    const ids = (to: string) => new Set(server.to(to).flatMap((mail) => headerOf(mail, 'message-id')));
    expect(all.filter((to) => ids(to).size !== 1)).toEqual([]);
    const again = server.received.length - all.length;
    process.stdout.write(`${KILLS} kills, ${all.length} mails, ${again} of them handed over once more\n`);
    expect(again).toBeLessThanOrEqual(KILLS * AT_ONCE);
  },
  TIMEOUT,
);

/**
 * Keeps a URL under load by clients that keep their connections alive, each until its connection is refused. Says
 * "loading" when all have been answered, and in the end, as JSON, how many requests were answered and which were lost.
 */
import { Agent, request } from 'node:http';

const CLIENTS = 32;
const PAUSE_MILLISECONDS = 20;
// What one gets who comes when nobody listens any more, or when the container is gone.
const REFUSED = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENOTFOUND', 'EAI_AGAIN']);

const url = process.argv[2];
const lost = [];
let answered = 0;
let refused = 0;

await Promise.all(Array.from({ length: CLIENTS }, keepAsking));
process.stdout.write(`${JSON.stringify({ answered, refused, lost })}\n`);

async function keepAsking() {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  for (;;) {
    let outcome = await ask(agent);
    // The kernel makes connections before the program takes them, and resets those when the door closes: refused as well.
    if (outcome === 'reset unread' && (await ask(agent)) === 'refused') outcome = 'refused';
    if (outcome === 'refused') break;
    if (outcome !== 200) lost.push(outcome);
    else if (++answered === CLIENTS) process.stdout.write('loading\n');
    await new Promise((done) => setTimeout(done, PAUSE_MILLISECONDS));
  }
  refused++;
  agent.destroy();
}

/** The status, `refused`, `reset unread` of a connection just made, or what else went wrong. */
function ask(agent) {
  return new Promise((done) => {
    const sent = request(url, { agent, timeout: 10_000 }, (response) => {
      response.resume();
      response.once('close', () => done(response.complete ? response.statusCode : 'cut short'));
    });
    sent.once('timeout', () => sent.destroy(new Error('no answer in 10 s')));
    sent.once('error', ({ code, message }) => {
      if (code === 'ECONNRESET' && !sent.reusedSocket && !sent.res) done('reset unread');
      else done(REFUSED.has(code) ? 'refused' : message);
    });
    sent.end();
  });
}

/** The report on what a user's posts consist of. */
import { type Lab, post, run, startLab } from '../../support/lab.js';
import { expectOnceBelow, freePort } from '../../support/program.js';
import { fillPosts, writePost } from '../../posts/posts.js';
import { ended } from '../../tasks/watch.js';

const WORDS = 'Lorem ipsum dolor sit amet '.repeat(2_300);
// Its whole time where the loop does the work.
const MOST_OF_REPORT = 1 / 6;

let lab: Lab;
let metrics: string;
beforeAll(async () => {
  lab = await startLab();
  const METRICS_PORT = String(await freePort());
  metrics = `http://127.0.0.1:${METRICS_PORT}`;
  await lab.startWorker({ METRICS_PORT });
});
afterAll(() => lab.stop());

test('a report without posts is all zeros', async () => {
  const user = await lab.api.signUp();
  const none = { posts: 0, characters: 0, words: 0, distinct_words: 0, uncounted_words: 0 };
  const result = { ...none, longest_post_id: null, most_used_words: [] };
  expect(await run(user, 'posts_report')).toMatchObject({ status: 'completed', result });
});

test('a report counts words of any script, in whatever case', async () => {
  const user = await lab.api.signUp();
  await writePost(user, { text: 'Äpfel, äpfel & don’t!' });
  const { id } = await writePost(user, { text: '語 Ёж ёж 🔑 äpfel it’s 42 don’t' });
  const { result } = await run(user, 'posts_report');
  expect(result).toEqual({
    posts: 2,
    characters: 'Äpfel, äpfel & don’t!'.length + '語 Ёж ёж 🔑 äpfel it’s 42 don’t'.length,
    words: 10,
    distinct_words: 6,
    uncounted_words: 0,
    longest_post_id: id,
    most_used_words: [
      { word: 'äpfel', count: 3 },
      { word: 'don’t', count: 2 },
      { word: 'ёж', count: 2 },
      { word: '42', count: 1 },
      { word: 'it’s', count: 1 },
      { word: '語', count: 1 },
    ],
  });
});

test('a report has bounds: 100,000 different words, of 64 characters', async () => {
  const user = await lab.api.signUp();
  await lab.api.database.query(
    `INSERT INTO post (title, text, created_by_user_id)
     SELECT 'Words', (SELECT string_agg((5000 * n + word)::text, ' ') FROM generate_series(1, 5000) word), $1
     FROM generate_series(0, 20) n`,
    [user.id],
  );
  const { id } = await writePost(user, { text: `${'x'.repeat(63_000)} ${'y'.repeat(64)} 1` });
  const { result } = await run(user, 'posts_report');
  expect(result).toMatchObject({ posts: 22, words: 105_003, distinct_words: 100_000, uncounted_words: 5_002 });
  expect(result).toMatchObject({
    longest_post_id: id,
    most_used_words: [{ word: '1', count: 2 }, ...Array.from({ length: 19 }, () => ({ count: 1 }))],
  });
});

test('a report over many long posts keeps the worker’s loop free for other tasks', async () => {
  const user = await lab.api.signUp();
  await fillPosts(lab.api, user, 350, WORDS);
  const longest = async () => {
    const text = await (await fetch(`${metrics}/metrics`)).text();
    return Number(/^nodejs_eventloop_lag_max_seconds (\S+)/m.exec(text)![1]);
  };
  await expectOnceBelow(MOST_OF_REPORT, async () => {
    await longest();
    const path = await post(user, 'posts_report');
    const others: string[] = [];
    for (let status = ''; status !== 'completed'; status = (await user.agent.get(path)).body.status) {
      const other = await post(user, 'lab_urgent');
      await ended(user, other);
      others.push(other);
    }
    const lag = await longest();
    const { result, started_at, finished_at } = await ended(user, path);
    expect(result).toMatchObject({ posts: 300, words: 300 * (5 * 2_300 + 1), distinct_words: 5 + 300 });
    const seconds = (Date.parse(finished_at!) - Date.parse(started_at!)) / 1_000;
    expect(others.length).toBeGreaterThan(3);
    return lag / seconds;
  });
});

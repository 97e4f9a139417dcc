/** What becomes of mail in the API that sends it: it waits, as it will be read, until a worker hands it over. */
import { type Api, PREFIX, refused, type User } from '../../support/api.js';
import { useLabApi } from '../../support/lab.js';
import { mailsTo, mailTo } from '../../support/mails.js';

const MAILS = `${PREFIX}/lab/mails`;
const URL = 'https://app.example.com/do?a=1&b=2';
let api: Api;
let ada: User;
beforeAll(async () => {
  api = await useLabApi();
  ada = await api.signUp();
});
afterAll(() => api.stop());

const sending = (fields: object) =>
  ada.agent.post(MAILS).send({ to: 'grace@example.com', subject: 'Hello', text: 'A text', url: URL, ...fields });

test.each([
  ['with the transaction that sends it', 'commit', 1],
  ['by itself, where no transaction is open', undefined, 1],
  ['not at all, if that is rolled back', 'rollback', 0],
])('mail is queued %s', async (_, end, count) => {
  const to = `${end ?? 'none'}@example.com`;
  await sending({ to, end }).expect(204);
  expect(await mailsTo(api, to)).toHaveLength(count);
});

test('text and HTML say the same, and nothing that was said becomes markup', async () => {
  const text = `<b>"Tom" & 'Jerry'</b>`;
  await sending({ to: 'markup@example.com', subject: text, text }).expect(204);
  const mail = await mailTo(api, 'markup@example.com', 'lab_mail');
  expect(mail).toMatchObject({ subject: text, text: `${text}\n\n${text}:\n${URL}\n\n-- \nTests\n`, links: [URL] });
  const escaped = '&lt;b&gt;&quot;Tom&quot; &amp; &#39;Jerry&#39;&lt;/b&gt;';
  expect(mail.html.split(escaped)).toHaveLength(4);
  expect(mail.html).toContain(`href="${URL.replace('&', '&amp;')}"`);
  expect(mail.html).not.toContain('<b>');
});

test.each([
  ['line ends', 'one\r\nBcc: eve@example.com', 'one Bcc: eve@example.com'],
  ['separators of lines', 'one\u2028two\u2029three', 'one two three'],
  ['what turns its direction', 'one\u202etwo\u2066three', 'one two three'],
  ['escapes of a terminal', 'one\u001b[31mtwo', 'one [31mtwo'],
])('a subject with %s is one line that anybody can read', async (_, subject, expected) => {
  await sending({ to: 'subject@example.com', subject }).expect(204);
  expect((await mailTo(api, 'subject@example.com')).subject).toBe(expected);
});

test('a long subject is cut between characters', async () => {
  await sending({ to: 'long@example.com', subject: '😀'.repeat(400) }).expect(204);
  expect((await mailTo(api, 'long@example.com')).subject).toBe('😀'.repeat(150));
});

test.each([
  'grace@example.com\r\nBcc: eve@example.com',
  'grace@example.com, eve@example.com',
  'grace@example.com;eve@example.com',
  'Grace <grace@example.com>',
  'grace@example.com\u0000',
  'grace@exa\u202emple.com',
  '<grace@example.com>',
  'grace@example.com>',
])('%j is no address that mail is sent to', async (to) => {
  await refused(sending({ to }), 422, 'validation_failed');
});

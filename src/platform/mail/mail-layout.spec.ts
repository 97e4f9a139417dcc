import { rendered } from './mail-layout.js';

test('halves of characters and line ends are never said, in no place', () => {
  const text = 'one\ud800\r\ntwo';
  const link = { label: text, url: 'https://app.example.com/' };
  const mail = rendered({ subject: text, body: [text, link] }, text);
  expect(mail.subject).toBe('one\ufffd two');
  expect(mail.text).toBe('one\ufffd two\n\none\ufffd two:\nhttps://app.example.com/\n\n-- \none\ufffd two\n');
  expect(mail.html.split('one\ufffd two')).toHaveLength(5);
  expect(mail.html.isWellFormed()).toBe(true);
});

test.each(['javascript:alert(1)', 'app.example.com', 'data:text/html,x', 'https://', ' https://app.example.com'])(
  '%j is no link',
  (url) => {
    expect(() => rendered({ subject: 'A', body: [{ label: 'B', url }] }, 'C')).toThrow('http or https');
  },
);

import { smtpServerOf } from './smtp-url.js';

const server = { host: 'mail.example.com', port: 587, isSecure: false, starttls: undefined, auth: undefined };

test.each([
  ['smtp://mail.example.com', server],
  ['smtps://mail.example.com', { ...server, port: 465, isSecure: true }],
  ['smtp://mail.example.com:25/?starttls=never', { ...server, port: 25, starttls: 'never' }],
  ['smtp://[::1]:2525?starttls=optional', { ...server, host: '::1', port: 2525, starttls: 'optional' }],
  ['smtp://a%40b:p%2Fw%C3%A9@mail.example.com', { ...server, auth: { user: 'a@b', pass: 'p/wé' } }],
])('%s', (text, expected) => {
  expect(smtpServerOf(text)).toEqual(expected);
});

test.each([
  'mail.example.com',
  'mail.example.com:25',
  'http://mail.example.com',
  'smtp://',
  'smtp://mail.example.com/inbox',
  'smtp://mail.example.com?starttls=maybe',
  'smtp://mail.example.com?tls.rejectUnauthorized=false',
  'smtp://mail.example.com?starttls=never&starttls=required',
  'smtps://mail.example.com?starttls=never',
  'smtp://user:%C3%28@mail.example.com',
  'smtp://mail.example.com#x',
])('%s is no server', (text) => {
  expect(smtpServerOf(text)).toBeUndefined();
});

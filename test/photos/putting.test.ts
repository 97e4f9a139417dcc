/** A photo that is sent, and what is refused. */
import { Agent } from 'node:http';
import type { Test } from 'supertest';
import { type Api, PREFIX, refused, useApi, type User } from '../support/api.js';
import { expectProblem, send } from '../support/raw.js';
import { DOT } from './images.js';
import { pathOf, put } from './photos.js';

const MEBIBYTE = 1024 * 1024;

let api: Api;
let ada: User;
beforeAll(async () => {
  api = await useApi();
  ada = await api.signUp();
});
afterAll(() => api.stop());

test('the type of a file does not matter, nor whether it comes in a form', async () => {
  await put(ada, DOT, 'image/svg+xml').expect(200);
  await put(ada, DOT, 'application/octet-stream').expect(200);
  await ada.agent.put(pathOf(ada)).attach('photo', DOT, { filename: '../../x.html' }).expect(200);
  const sent = { method: 'PUT', path: pathOf(ada), token: ada.token, body: DOT, type: null };
  expect((await send(api.program.url, sent)).status).toBe(200);
});

const MULTIPART = 'multipart/form-data';
test.each<[string, (request: Test) => Test]>([
  ['two files', (request) => request.attach('file', DOT, 'a.png').attach('file', DOT, 'b.png')],
  ['a file and a field', (request) => request.attach('file', DOT, 'a.png').field('name', 'Ada')],
  ['a field alone', (request) => request.field('file', 'Ada')],
  ['no boundary', (request) => request.set('content-type', MULTIPART).send('--x--\r\n')],
  ['another boundary', (request) => request.set('content-type', `${MULTIPART}; boundary=y`).send('--x--\r\n')],
])('a form with %s is 400', async (_, made) => {
  await refused(made(ada.agent.put(pathOf(ada))), 400, 'malformed_request');
});

test.each([
  ['application/json', '{}'],
  ['text/html', '<p>'],
  ['application/x-www-form-urlencoded', 'a=b'],
])('%s is no photo', async (type, text) => {
  const { headers } = await refused(put(ada, Buffer.from(text), type), 415, 'unsupported_media_type');
  expect(headers.accept).toBe('multipart/form-data, image/*');
});

test('a form with a file is refused everywhere else', async () => {
  const sent = ada.agent.patch(`${PREFIX}/users/${ada.username}`).attach('file', DOT, 'a.png');
  await refused(sent, 415, 'unsupported_media_type');
});

test('a body of more than 8 MiB is 413, and a compressed one 415', async () => {
  const sent = { method: 'PUT', path: pathOf(ada), token: ada.token, type: 'image/png' };
  const agent = new Agent({ keepAlive: true });
  const large = await send(api.program.url, { ...sent, agent, body: Buffer.alloc(12 * MEBIBYTE) });
  agent.destroy();
  expectProblem(large, 413, 'body_too_large');
  const packed = await send(api.program.url, { ...sent, body: DOT, headers: { 'content-encoding': 'gzip' } });
  expectProblem(packed, 415, 'unsupported_content_encoding');
});

test('nothing is no photo', async () => {
  await refused(put(ada, Buffer.alloc(0)), 415, 'no_photo');
});

test('a photo is put by its owner alone', async () => {
  const { agent } = await api.signUp();
  await refused(agent.put(pathOf(ada)).set('content-type', 'image/png').send(DOT), 403, 'not_your_account');
  await api.http.put(pathOf(ada)).set('content-type', 'image/png').send(DOT).expect(401);
});

test('without S3, there are no uploads past the API', async () => {
  await refused(ada.agent.post(`${pathOf(ada)}/upload`), 409, 'no_direct_uploads');
  await refused(ada.agent.put(`${pathOf(ada)}/upload`), 404, 'upload_not_found');
  const { agent } = await api.signUp();
  await refused(agent.post(`${pathOf(ada)}/upload`), 403, 'not_your_account');
});

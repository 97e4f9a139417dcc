/** What the image can do with photos: native code renders them, and both programs see the files. */
import assert from 'node:assert/strict';
import { PREFIX, SIGN_IN } from '../containers/use.mjs';

// A PNG of one pixel.
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

export const what = 'a photo is rendered, served, and kept where both programs find it';

/** Puts a photo in the name of the user of `mainJob`. */
export async function check(stack) {
  const { access_token: token } = await stack.ask('POST', `${PREFIX}/auth/login`, { body: SIGN_IN }, 200);
  const path = `${stack.url}${PREFIX}/users/${SIGN_IN.username}/photo`;
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'image/png' };
  const put = await fetch(path, { method: 'PUT', headers, body: PIXEL });
  assert.equal(put.status, 200, await put.text());
  const got = await fetch(`${path}?size=64`);
  assert.equal(got.headers.get('content-type'), 'image/webp');
  assert.equal(Buffer.from(await got.arrayBuffer()).toString('latin1', 8, 12), 'WEBP');
  const files = (service) => stack.within(service, 'find /app/.data/files -type f | sort');
  assert.equal((await files('web')).split('\n').length, 3);
  assert.equal(await files('worker'), await files('web'));
}

/** Files that come past the API, by a form of S3, and a storage that is away. */
import { type Api, refused, startApi, type User } from '../../support/api.js';
import { plain } from '../../photos/images.js';
import { pathOf, put, read } from '../../photos/photos.js';
import { type Backend, describeS3 } from '../storage/backends.js';

const MEBIBYTE = 1024 * 1024;

describeS3('uploads past the API', (begin) => {
  let backend: Backend;
  let api: Api;
  let ada: User;
  beforeAll(async () => {
    backend = await begin();
    api = await startApi(backend.env);
    ada = await api.signUp();
  });
  afterAll(() => api.stop());

  const uploadOf = (user: User) => `${pathOf(user)}/upload`;

  async function upload(user: User, bytes: Buffer): Promise<boolean> {
    const { body } = await user.agent.post(uploadOf(user)).expect(200);
    expect(body).toEqual({ url: expect.any(String), fields: expect.any(Object), expires_in: 600 });
    const form = new FormData();
    for (const [name, value] of Object.entries(body.fields as Record<string, string>)) form.append(name, value);
    form.append('Content-Type', 'image/png');
    form.append('file', new Blob([new Uint8Array(bytes)]));
    return (await fetch(body.url as string, { method: 'POST', body: form })).ok;
  }

  test('a file of more than the API takes becomes the photo, and nothing else is left', async () => {
    const large = await plain(2_000, 2_000).png({ compressionLevel: 0 }).toBuffer();
    expect(large.length).toBeGreaterThan(8 * MEBIBYTE);
    expect(await upload(ada, large)).toBe(true);
    const { body } = await ada.agent.put(uploadOf(ada)).expect(200);
    expect(body).toMatchObject({ width: 1_024, height: 1_024 });
    await read(api, pathOf(ada));
    expect(backend.keys()).toHaveLength(3);
    await refused(ada.agent.put(uploadOf(ada)), 404, 'upload_not_found');
  });

  test('what is no photo is refused and deleted, whatever the form said', async () => {
    expect(await upload(ada, Buffer.from('<svg/>'))).toBe(true);
    await refused(ada.agent.put(uploadOf(ada)), 415, 'no_photo');
    await refused(ada.agent.put(uploadOf(ada)), 404, 'upload_not_found');
  });

  test('a file of more than 16 MiB does not come in', async () => {
    expect(await upload(ada, Buffer.alloc(16 * MEBIBYTE + 1))).toBe(false);
  });

  test('nobody confirms the file of another user', async () => {
    const bob = await api.signUp();
    expect(await upload(ada, await plain(9, 9).png().toBuffer())).toBe(true);
    await refused(bob.agent.put(uploadOf(bob)), 404, 'upload_not_found');
    await refused(bob.agent.put(uploadOf(ada)), 403, 'not_your_account');
    await ada.agent.put(uploadOf(ada)).expect(200);
  });

  test('without its storage, the API goes on without photos', async () => {
    await backend.stop();
    await refused(put(ada, await plain(9, 9).png().toBuffer()), 503, 'storage_unavailable');
    await refused(api.http.get(pathOf(ada)), 503, 'storage_unavailable');
    await api.http.get(`/api/v1/users/${ada.username}`).expect(200);
  });
});

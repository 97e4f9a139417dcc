/** How suites send photos, and read them. */
import { type Api, PREFIX, type User } from '../support/api.js';

export const pathOf = ({ username }: Pick<User, 'username'>) => `${PREFIX}/users/${username}/photo`;

export const put = (user: User, bytes: Buffer, type = 'image/png') =>
  user.agent.put(pathOf(user)).set('content-type', type).send(bytes);

/** The bytes at a path, as a client reads them. */
export async function read({ http }: Pick<Api, 'http'>, path: string): Promise<Buffer> {
  const { body } = await http.get(path).buffer(true).parse(binary).expect(200).expect('content-type', 'image/webp');
  return body as Buffer;
}

function binary(response: object, done: (error: null, bytes: Buffer) => void): void {
  const parts: Buffer[] = [];
  (response as NodeJS.ReadableStream)
    .on('data', (part: Buffer) => parts.push(part))
    .on('end', () => done(null, Buffer.concat(parts)));
}

/** The path within the API that a profile's picture leads to. */
export const pathIn = ({ profile_image_url }: { profile_image_url: string }) => new URL(profile_image_url).pathname;

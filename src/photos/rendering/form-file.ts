import type { SentFile } from '../../platform/http/requests/file-bodies.js';
import { MULTIPART } from '../../platform/http/requests/media-types.js';
import { Refused } from './refused.js';

/** The bytes of the only file of a form, whatever its field is called, or of a body that is the file itself. */
export async function fileIn({ bytes, type }: SentFile): Promise<Buffer> {
  if (!type.toLowerCase().startsWith(MULTIPART)) return bytes;
  const parts = await partsOf(bytes, type);
  const [part] = parts;
  if (parts.length !== 1 || !(part instanceof File)) throw new Refused('form');
  return Buffer.from(await part.arrayBuffer());
}

async function partsOf(bytes: Buffer, type: string): Promise<(File | string)[]> {
  try {
    const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData();
    return [...form.values()] as (File | string)[];
  } catch {
    throw new Refused('form');
  }
}

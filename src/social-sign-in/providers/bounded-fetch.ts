/** Requests to issuers, which read no more of an answer than one of theirs can have. */
import type { CustomFetch } from 'openid-client';

const MOST_BYTES = 256 * 1024;

export class AnswerTooLarge extends Error {}

/** Ends, with the answer read, when the signal of openid-client says so. */
export const boundedFetch: CustomFetch = async (url, options) => {
  const response = await fetch(url, options);
  const { status, statusText, headers } = response;
  const bytes = await bytesOf(response);
  return new Response(bytes.length > 0 ? bytes : null, { status, statusText, headers });
};

async function bytesOf({ body }: Response): Promise<Buffer<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > MOST_BYTES) throw new AnswerTooLarge(`more than ${MOST_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

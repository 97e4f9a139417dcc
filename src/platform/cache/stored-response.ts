/** An answer as it goes over the wire. */
export interface StoredResponse {
  body: string | Buffer;
  etag: string;
}

// Node cuts smaller buffers out of slabs, and a cached one would keep its whole slab in memory.
const LARGE_BYTES = 8 * 1024;

/** The body to keep: what is large as bytes, which all sockets share; each makes a copy of a text. */
export function storable(text: string): string | Buffer {
  return text.length < LARGE_BYTES ? text : Buffer.from(text);
}

/** Makes what is kept unreadable for whoever has only the database. There is one in programs that answer requests. */
export abstract class ResponseSeal {
  /** @param name what has to be given again to open it */
  abstract seal(text: string, name: Buffer): Buffer;

  /** Undefined for what cannot be opened any more. */
  abstract open(sealed: Buffer, name: Buffer): string | undefined;
}

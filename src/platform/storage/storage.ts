import type { Readable } from 'node:stream';

export interface StoredFile {
  stream: Readable;
  /** How many bytes it has. */
  size: number;
}

export interface ListedFile {
  key: string;
  stored_at: Date;
}

/** A form that a browser posts to the storage itself, with the file as its last part, `file`. */
export interface UploadForm {
  url: string;
  fields: Record<string, string>;
}

export interface UploadBounds {
  /** Beginning with `image/`, for example: what the client says, which proves nothing. */
  type: string;
  /** The most bytes. */
  bytes: number;
  /** How long the form can be used, in seconds. */
  seconds: number;
}

/**
 * Keeps files under keys such as `photos/9f1c-64.webp`: letters, digits, `.`, `_` and `-` between slashes. All processes
 * see the same files if they have the same bucket, or the same folder. Throws `StorageUnavailable`.
 */
export abstract class Storage {
  /** Stores a file, whole or not at all, in the place of one that has the key; it outlives a loss of power. */
  abstract put(key: string, bytes: Buffer, type: string): Promise<void>;

  /** Undefined where no file has the key. Read the stream to its end, or destroy it. */
  abstract read(key: string): Promise<StoredFile | undefined>;

  /** Nothing happens where no file has the key. */
  abstract delete(key: string): Promise<void>;

  /** All files whose key begins with the folder, such as `photos`, in no order. */
  abstract list(folder: string): AsyncIterable<ListedFile>;

  /** A form for an upload past the API. Throws `NoDirectUploads` where the storage has none. */
  abstract formFor(key: string, bounds: UploadBounds): Promise<UploadForm>;
}

import type { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import type { StorageConfig } from './storage.config.js';
import { StorageUnavailable } from './storage.errors.js';
import { type ListedFile, Storage, type StoredFile, type UploadBounds, type UploadForm } from './storage.js';

const CONNECT_MILLISECONDS = 2_000;
const ANSWER_MILLISECONDS = 10_000;

type Sdk = typeof import('@aws-sdk/client-s3');
interface Bucket {
  client: S3Client;
  sdk: Sdk;
}

/** Files in a bucket that speaks the protocol of Amazon S3. The SDK is loaded with the first file. */
export class S3Storage extends Storage {
  private opened?: Promise<Bucket>;

  constructor(private readonly config: StorageConfig) {
    super();
  }

  async put(key: string, bytes: Buffer, type: string): Promise<void> {
    await this.ask(({ client, sdk }) =>
      client.send(new sdk.PutObjectCommand({ ...this.at(key), Body: bytes, ContentType: type })),
    );
  }

  read(key: string): Promise<StoredFile | undefined> {
    return this.ask(async ({ client, sdk }) => {
      try {
        const { Body, ContentLength = 0 } = await client.send(new sdk.GetObjectCommand(this.at(key)));
        return { stream: Body as Readable, size: ContentLength };
      } catch (error) {
        if (error instanceof sdk.NoSuchKey) return undefined;
        throw error;
      }
    });
  }

  async delete(key: string): Promise<void> {
    await this.ask(({ client, sdk }) => client.send(new sdk.DeleteObjectCommand(this.at(key))));
  }

  async *list(folder: string): AsyncGenerator<ListedFile> {
    let ContinuationToken: string | undefined;
    do {
      const from = { Bucket: this.config.S3_BUCKET, Prefix: `${folder}/`, ContinuationToken };
      const page = await this.ask(({ client, sdk }) => client.send(new sdk.ListObjectsV2Command(from)));
      for (const { Key, LastModified } of page.Contents ?? []) yield { key: Key!, stored_at: LastModified! };
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken);
  }

  async formFor(key: string, { type, bytes, seconds }: UploadBounds): Promise<UploadForm> {
    const { createPresignedPost } = await import('@aws-sdk/s3-presigned-post');
    return this.ask(({ client }) =>
      createPresignedPost(client, {
        ...this.at(key),
        Conditions: [
          ['content-length-range', 1, bytes],
          ['starts-with', '$Content-Type', type],
        ],
        Expires: seconds,
      }),
    );
  }

  private at(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.config.S3_BUCKET!, Key: key };
  }

  private async ask<T>(work: (bucket: Bucket) => Promise<T>): Promise<T> {
    try {
      return await work(await (this.opened ??= this.open()));
    } catch (cause) {
      throw new StorageUnavailable({ cause });
    }
  }

  private async open(): Promise<Bucket> {
    const sdk = await import('@aws-sdk/client-s3');
    const { S3_ENDPOINT: endpoint, S3_REGION: region, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY } = this.config;
    const client = new sdk.S3Client({
      endpoint,
      region,
      credentials: { accessKeyId: S3_ACCESS_KEY_ID!, secretAccessKey: S3_SECRET_ACCESS_KEY! },
      // Others than Amazon's own know buckets by path, and no checksums beyond the protocol's first ones.
      forcePathStyle: endpoint !== undefined,
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      maxAttempts: 2,
      requestHandler: {
        connectionTimeout: CONNECT_MILLISECONDS,
        requestTimeout: ANSWER_MILLISECONDS,
        throwOnRequestTimeout: true,
      },
    });
    return { client, sdk };
  }
}

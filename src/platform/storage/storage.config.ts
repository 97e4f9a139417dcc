import { IsOptional, IsString, IsUrl, Length, Matches } from 'class-validator';
import { type Checked, Settings } from '../config/settings.js';

const NEEDED = ['S3_BUCKET', 'S3_REGION', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'] as const;

/** Where files are kept: in a bucket if one is named, otherwise in a folder. */
@Settings()
export class StorageConfig implements Checked {
  @IsString() @Length(1, 1024) STORAGE_FOLDER = '.data/files';

  /** Without it, Amazon's own. */
  @IsOptional()
  @IsUrl(
    { protocols: ['http', 'https'], require_protocol: true, require_tld: false },
    { message: 'S3_ENDPOINT must be an address such as https://s3.example.com' },
  )
  S3_ENDPOINT?: string;
  @IsOptional()
  @Matches(/^[a-z0-9-]+$/, { message: 'S3_REGION must be a region such as eu-central-1' })
  S3_REGION?: string;
  @IsOptional()
  @Matches(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, { message: 'S3_BUCKET must be the name of a bucket' })
  S3_BUCKET?: string;
  @IsOptional() @IsString() S3_ACCESS_KEY_ID?: string;
  @IsOptional() @IsString() S3_SECRET_ACCESS_KEY?: string;

  problems(): string[] {
    const isWanted = this.S3_ENDPOINT !== undefined || NEEDED.some((name) => this[name] !== undefined);
    const missing = isWanted ? NEEDED.filter((name) => this[name] === undefined) : [];
    return missing.map((name) => `${name}: is needed for storage in S3, of which other variables are set`);
  }

  get isS3(): boolean {
    return this.S3_BUCKET !== undefined;
  }
}

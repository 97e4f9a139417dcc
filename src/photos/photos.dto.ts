import { ApiProperty } from '@nestjs/swagger';
import { Optional } from '../platform/http/validation/fields.js';
import { Enum } from '../platform/http/validation/values.js';
import { type Size, SIZES } from './rendering/rendering.js';

const DEFAULT_SIZE = 256;

export class PhotoQuery {
  @Optional()
  @Enum(SIZES.map(String), {
    required: false,
    default: String(DEFAULT_SIZE),
    description: 'The longer side, in pixels',
  })
  size?: string;
}

export function sizeOf({ size }: PhotoQuery): Size {
  return size === undefined ? DEFAULT_SIZE : (Number(size) as Size);
}

export class PhotoRead {
  @ApiProperty({ example: 'https://api.example.com/api/v1/photos/9f1c2d3e4a5b6c7d8e9f0a1b2c3d4e5f' })
  profile_image_url!: string;

  @ApiProperty({ type: 'integer', example: 1024, description: 'Of the largest picture' }) width!: number;
  @ApiProperty({ type: 'integer', example: 768 }) height!: number;
  @ApiProperty({ type: 'integer', example: 81_920, description: 'Of all pictures' }) bytes!: number;
  @ApiProperty({ type: Date }) created_at!: string;
  @ApiProperty({ type: Date }) updated_at!: string;
}

export class PhotoUploadForm {
  @ApiProperty({ example: 'https://s3.example.com/photos' }) url!: string;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' }, description: 'Come before the file' })
  fields!: Record<string, string>;

  @ApiProperty({ type: 'integer', example: 600, description: 'In seconds' }) expires_in!: number;
}

/** A photo in the export of its owner. */
export class ExportedPhoto {
  @ApiProperty({ type: 'integer', example: 1 }) id!: number;
  @ApiProperty({ example: '9f1c2d3e4a5b6c7d8e9f0a1b2c3d4e5f' }) name!: string;
  @ApiProperty({ type: 'integer', example: 81_920 }) bytes!: number;
  @ApiProperty({ type: 'integer', example: 1024 }) width!: number;
  @ApiProperty({ type: 'integer', example: 768 }) height!: number;
  @ApiProperty({ type: Date }) created_at!: string;
  @ApiProperty({ type: Date }) updated_at!: string;
}

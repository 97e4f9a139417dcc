import { ApiProperty, OmitType, PartialType } from '@nestjs/swagger';
import { ListQuery } from '../platform/http/lists/list-query.js';
import { Nullable, Text, WebAddress } from '../platform/http/validation/fields.js';
import { Post } from './post.entity.js';

export class PostCreate {
  @Text(2, 30, { example: 'On computable numbers' })
  title!: string;

  @Text(1, 63206, { example: 'The first of a series.' })
  text!: string;

  @Nullable()
  @WebAddress({ type: String, required: false, nullable: true, example: 'https://example.com/engine.png' })
  media_url?: string | null;
}

export class PostUpdate extends PartialType(PostCreate, { skipNullProperties: false }) {}

export class PostRead {
  @ApiProperty({ type: 'integer', example: 1 }) id!: number;
  @ApiProperty({ example: 'On computable numbers' }) title!: string;
  @ApiProperty({ example: 'The first of a series.' }) text!: string;
  @ApiProperty({ type: String, nullable: true, example: 'https://example.com/engine.png' }) media_url!: string | null;
  @ApiProperty({ type: 'integer', example: 0 }) comment_count!: number;
  @ApiProperty({ type: 'integer', example: 1 }) created_by_user_id!: number;
  @ApiProperty({ type: Date }) created_at!: string;
  @ApiProperty({ type: Date }) updated_at!: string;
}

/** A post in the export of its author. */
export class ExportedPost extends OmitType(PostRead, ['created_by_user_id']) {
  @ApiProperty() is_deleted!: boolean;
  @ApiProperty({ type: Date, nullable: true }) deleted_at!: string | null;
}

export class Creator {
  @ApiProperty({ type: 'integer', example: 1 }) id!: number;
  @ApiProperty({ example: 'Ada Lovelace' }) name!: string;
  @ApiProperty({ example: 'ada' }) username!: string;
  @ApiProperty({ example: 'https://example.com/ada.png' }) profile_image_url!: string;
}

export class PostWithCreator extends PostRead {
  @ApiProperty() creator!: Creator;
}

export class PostList extends ListQuery(Post, {
  sort: ['id', 'title'],
  search: { columns: ['title', 'text'] },
}) {}

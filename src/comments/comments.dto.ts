import { ApiProperty, OmitType, PickType } from '@nestjs/swagger';
import { ListQuery } from '../platform/http/lists/list-query.js';
import type { ParsedQuery } from '../platform/http/lists/pagination.js';
import { Nullable, Optional, Text } from '../platform/http/validation/fields.js';
import { Integer, IntegerInQuery } from '../platform/http/validation/numbers.js';
import { Comment } from './comment.entity.js';

const ANY_ID = Number.MAX_SAFE_INTEGER;
const OLDEST_FIRST = { column: 'id', isDescending: false };

export class CommentCreate {
  @Text(1, 10000, { example: 'I should like to see the engine.' })
  text!: string;

  @Nullable()
  @Integer(1, ANY_ID, {
    type: 'integer',
    required: false,
    nullable: true,
    example: 1,
    description: 'The comment that this one replies to; null for a comment on the post',
  })
  parent_id?: number | null;
}

export class CommentUpdate extends PickType(CommentCreate, ['text']) {}

export class Commenter {
  @ApiProperty({ type: 'integer', example: 1 }) id!: number;
  @ApiProperty({ example: 'Ada Lovelace' }) name!: string;
  @ApiProperty({ example: 'ada' }) username!: string;
  @ApiProperty({ example: 'https://example.com/ada.png' }) profile_image_url!: string;
}

export class CommentRead {
  @ApiProperty({ type: 'integer', example: 1 }) id!: number;
  @ApiProperty({ type: 'integer', example: 1 }) post_id!: number;
  @ApiProperty({ type: 'integer', nullable: true, example: null }) parent_id!: number | null;
  @ApiProperty({ type: 'integer', minimum: 1, maximum: 3, example: 1 }) depth!: number;
  @ApiProperty({
    type: String,
    nullable: true,
    example: 'I should like to see the engine.',
    description: 'Null when the comment is deleted or hidden',
  })
  text!: string | null;
  @ApiProperty({ type: 'integer', example: 0, description: 'How many replies `?parent_id=` lists' })
  reply_count!: number;
  @ApiProperty({ example: false }) is_deleted!: boolean;
  @ApiProperty({ example: false }) is_hidden!: boolean;
  @ApiProperty({ type: Date }) created_at!: string;
  @ApiProperty({ type: Date }) updated_at!: string;
  @ApiProperty({ type: Commenter, nullable: true, description: 'Null when the comment is deleted or hidden' })
  creator!: Commenter | null;
}

/** A comment as it is stored, which `shown` makes a tombstone of where it has to be one. */
export class StoredComment extends CommentRead {
  @ApiProperty() is_author_deleted!: boolean;
}

export class CommentReply extends CommentRead {
  @ApiProperty({ type: [CommentRead], description: 'The first replies, oldest first' }) replies!: CommentRead[];
}

export class CommentThread extends CommentRead {
  @ApiProperty({ type: [CommentReply], description: 'The first replies, oldest first' }) replies!: CommentReply[];
}

export class CommentList extends ListQuery(Comment, { sort: ['id'] }) {
  @Optional()
  @IntegerInQuery(1, ANY_ID, {
    required: false,
    description: 'Lists the replies to this comment, oldest first, in place of the comments on the post',
  })
  parent_id?: number;

  override parsed(): ParsedQuery {
    const isUnsorted = this.parent_id !== undefined && this.sort === undefined;
    return isUnsorted ? { ...super.parsed(), order: OLDEST_FIRST } : super.parsed();
  }
}

/** What is told of a comment that readers do not see any more. */
export class HiddenComment extends PickType(CommentRead, ['id', 'post_id', 'parent_id', 'depth']) {}

/** A comment in the export of its author. */
export class ExportedComment extends OmitType(CommentRead, ['creator', 'reply_count']) {
  @ApiProperty({ type: Date, nullable: true }) deleted_at!: string | null;
}

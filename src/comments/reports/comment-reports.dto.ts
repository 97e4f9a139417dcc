import { ApiProperty } from '@nestjs/swagger';
import { Text } from '../../platform/http/validation/fields.js';
import { Commenter } from '../comments.dto.js';

export class CommentReportCreate {
  @Text(1, 500, { example: 'It is an advertisement.' })
  reason!: string;
}

export class CommentReportRead {
  @ApiProperty({ type: 'integer', example: 1 }) id!: number;
  @ApiProperty({ type: 'integer', example: 1 }) comment_id!: number;
  @ApiProperty({ example: 'It is an advertisement.' }) reason!: string;
  @ApiProperty({ type: Date }) created_at!: string;
}

export class ReportedComment {
  @ApiProperty({ type: 'integer', example: 1 }) id!: number;
  @ApiProperty({ type: 'integer', example: 1 }) post_id!: number;
  @ApiProperty({ type: String, nullable: true, example: 'Buy an engine now.' }) text!: string | null;
  @ApiProperty({ example: false }) is_hidden!: boolean;
  @ApiProperty({ type: Commenter, nullable: true }) creator!: Commenter | null;
}

export class CommentReportInFull extends CommentReportRead {
  @ApiProperty({ description: 'The comment, also where it is hidden' }) comment!: ReportedComment;
  @ApiProperty({ description: 'Who has reported it' }) creator!: Commenter;
}

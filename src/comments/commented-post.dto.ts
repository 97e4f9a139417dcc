import { ApiProperty } from '@nestjs/swagger';

export class PostAuthor {
  @ApiProperty() id!: number;
  @ApiProperty() username!: string;
}

/** What comments have to know of the post that they are about. */
export class CommentedPost {
  @ApiProperty() id!: number;
  @ApiProperty() creator!: PostAuthor;
}

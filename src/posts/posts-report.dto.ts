import { ApiProperty } from '@nestjs/swagger';

export class WordCount {
  @ApiProperty({ example: 'engine' }) word!: string;
  @ApiProperty({ type: 'integer', example: 7 }) count!: number;
}

export class PostsReport {
  @ApiProperty({ type: 'integer', example: 2 }) posts!: number;
  @ApiProperty({ type: 'integer', example: 1_840 }) characters!: number;
  @ApiProperty({ type: 'integer', example: 310 }) words!: number;
  @ApiProperty({ type: 'integer', example: 142 }) distinct_words!: number;
  @ApiProperty({
    type: 'integer',
    example: 0,
    description: 'Words that are longer than 64 characters, or not among the first 100,000 different ones',
  })
  uncounted_words!: number;
  @ApiProperty({ type: 'integer', nullable: true, example: 1 }) longest_post_id!: number | null;
  @ApiProperty({ type: [WordCount] }) most_used_words!: WordCount[];
}

import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ExportSection, type ExportsRows } from '../users/account-export.task.js';
import { PostPages } from './post-pages.service.js';

/** The posts in the export of a user's data. */
@Injectable()
@ExportSection('posts')
export class PostsExport implements ExportsRows {
  constructor(
    private readonly dataSource: DataSource,
    private readonly posts: PostPages,
  ) {}

  async count(user_id: number): Promise<number> {
    const count = 'SELECT count(*)::int AS count FROM post WHERE created_by_user_id = $1 AND NOT is_deleted';
    const [row] = await this.dataSource.query<{ count: number }[]>(count, [user_id]);
    return row!.count;
  }

  pages(user_id: number): AsyncIterable<object[]> {
    return this.posts.of(user_id, ['id', 'title', 'text', 'media_url', 'created_at', 'updated_at']);
  }
}

import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Post } from './post.entity.js';

// A text has up to 63,206 characters: 12 MB in the worst case.
const PAGE = 100;

/** Walks all posts of a user, however many, oldest first. */
@Injectable()
export class PostPages {
  constructor(private readonly dataSource: DataSource) {}

  async *of<K extends keyof Post>(user_id: number, columns: K[]): AsyncGenerator<Pick<Post, K | 'id'>[]> {
    const names = [...new Set(['id', ...columns])].join(', ');
    const select = `SELECT ${names} FROM post
      WHERE created_by_user_id = $1 AND id > $2 AND NOT is_deleted ORDER BY id LIMIT ${PAGE}`;
    let last = 0;
    for (;;) {
      const page = await this.dataSource.query<Pick<Post, K | 'id'>[]>(select, [user_id, last]);
      if (page.length === 0) return;
      yield page;
      last = page.at(-1)!.id;
    }
  }
}

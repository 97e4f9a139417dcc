import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';
import { Sql } from '../platform/database/sql.js';
import { Probes } from '../platform/health/probes.js';
import type { PostUsage } from './post-usage.entity.js';
import { PostsConfig } from './posts.config.js';
import { PostQuotaExceeded } from './posts.errors.js';

const USAGE = { name: 'post_usage', text: 'SELECT posts, bytes FROM post_usage WHERE user_id = $1' };

/** Limits the number and the size of a user's posts. */
@Injectable()
export class PostQuota {
  private readonly refused: Counter;

  constructor(
    private readonly sql: Sql,
    private readonly config: PostsConfig,
    { registry }: Probes,
  ) {
    const [name, help] = ['posts_refused_total', 'Posts refused because their author has stored too much'];
    this.refused = new Counter({ name, help, registers: [registry] });
  }

  /**
   * Holds a user to the quota, in the transaction that has written: until it ends, others wait to write for that user.
   * Throws `PostQuotaExceeded`.
   */
  async require(userId: number): Promise<void> {
    const { POSTS_MAX_PER_OWNER: posts, POSTS_MAX_BYTES_PER_OWNER: bytes } = this.config;
    const { rows } = await this.sql.query<Pick<PostUsage, 'posts' | 'bytes'>>({ ...USAGE, values: [userId] });
    if (isWithin(rows[0]!.posts, posts) && isWithin(rows[0]!.bytes, bytes)) return;
    this.refused.inc();
    throw new PostQuotaExceeded();
  }
}

function isWithin(used: number, quota: number): boolean {
  return quota === 0 || used <= quota;
}

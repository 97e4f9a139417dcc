import { bytePages } from '../platform/database/crud/byte-bounded-pages.js';
import { Sql } from '../platform/database/sql.js';
import { NoPayload, type RunsTask, Task, type TaskContext } from '../platform/queue/task.js';
import { Threads } from '../platform/queue/threads.js';
import type { Post } from './post.entity.js';
import { PostsReport, type WordCount } from './posts-report.dto.js';
import type { WordCounts } from './word-count.thread.js';

const MOST_USED = 20;
// With their length this bounds the memory of a report: 25 MB.
const MOST_DISTINCT = 100_000;
const WORD_COUNT = new URL('./word-count.thread.js', import.meta.url);

/** Counts a user's posts and their words. Counting is CPU-bound, so threads do it. */
@Task('posts_report', NoPayload, { public: true, result: PostsReport, concurrency: 2, timeout: 600 })
export class PostsReportTask implements RunsTask {
  constructor(
    private readonly sql: Sql,
    private readonly threads: Threads,
  ) {}

  async run(_: NoPayload, { owner_user_id, signal }: TaskContext): Promise<PostsReport> {
    const report = { posts: 0, characters: 0, words: 0, longest_post_id: null as number | null };
    const counts = new Map<string, number>();
    let longest = 0;
    for await (const page of this.pagesOf(owner_user_id!)) {
      const texts = page.map(({ text }) => text);
      const counted = await this.threads.run<WordCounts>(WORD_COUNT, 'countWords', texts, signal);
      add(counts, counted.counts);
      report.posts += page.length;
      report.words += counted.words;
      for (const { id, text } of page) {
        report.characters += text.length;
        if (text.length > longest) [longest, report.longest_post_id] = [text.length, id];
      }
    }
    const uncounted_words = report.words - sum(counts.values());
    return { ...report, distinct_words: counts.size, uncounted_words, most_used_words: mostUsed(counts) };
  }

  private pagesOf(userId: number): AsyncIterable<Pick<Post, 'id' | 'text'>[]> {
    const rows = { table: 'post', owner: 'created_by_user_id', condition: 'NOT is_deleted' };
    return bytePages<Pick<Post, 'id' | 'text'>>(this.sql, { ...rows, columns: ['id', 'text'] }, userId);
  }
}

function add(counts: Map<string, number>, more: Map<string, number>): void {
  for (const [word, count] of more) {
    const known = counts.get(word) ?? 0;
    if (known > 0 || counts.size < MOST_DISTINCT) counts.set(word, known + count);
  }
}

function sum(numbers: Iterable<number>): number {
  let all = 0;
  for (const number of numbers) all += number;
  return all;
}

function mostUsed(counts: Map<string, number>): WordCount[] {
  const all = [...counts].map(([word, count]) => ({ word, count }));
  return all.toSorted((a, b) => b.count - a.count || (a.word < b.word ? -1 : 1)).slice(0, MOST_USED);
}

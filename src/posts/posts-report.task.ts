import { NoPayload, type RunsTask, Task, type TaskContext } from '../queue/task.js';
import { Threads } from '../queue/threads.js';
import { PostPages } from './post-pages.service.js';
import type { WordCounts } from './word-count.thread.js';

const MOST_USED = 20;
const WORD_COUNT = new URL('./word-count.thread.js', import.meta.url);

interface Report {
  posts: number;
  characters: number;
  words: number;
  distinct_words: number;
  longest_post_id: number | null;
  most_used_words: { word: string; count: number }[];
}

/** What a user's posts consist of. Counting words is work for the processor: threads do it. */
@Task('posts_report', NoPayload, { public: true, concurrency: 2, timeout: 600 })
export class PostsReportTask implements RunsTask {
  constructor(
    private readonly posts: PostPages,
    private readonly threads: Threads,
  ) {}

  async run(_: NoPayload, { owner_user_id, signal }: TaskContext): Promise<Report> {
    const report = { posts: 0, characters: 0, words: 0, longest_post_id: null as number | null };
    const counts = new Map<string, number>();
    let longest = 0;
    for await (const page of this.posts.of(owner_user_id!, ['text'])) {
      const texts = page.map(({ text }) => text);
      const counted = await this.threads.run<WordCounts>(WORD_COUNT, 'countWords', texts, signal);
      for (const [word, count] of counted.counts) counts.set(word, (counts.get(word) ?? 0) + count);
      report.posts += page.length;
      report.words += counted.words;
      for (const { id, text } of page) {
        report.characters += text.length;
        if (text.length > longest) [longest, report.longest_post_id] = [text.length, id];
      }
    }
    return { ...report, distinct_words: counts.size, most_used_words: mostUsed(counts) };
  }
}

function mostUsed(counts: Map<string, number>): Report['most_used_words'] {
  const all = [...counts].map(([word, count]) => ({ word, count }));
  return all.toSorted((a, b) => b.count - a.count || (a.word < b.word ? -1 : 1)).slice(0, MOST_USED);
}

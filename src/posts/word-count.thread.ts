/** Counts words, in a thread of its own. */
export interface WordCounts {
  words: number;
  /** How often each word of up to 64 characters occurs, in lower case. */
  counts: Map<string, number>;
}

const WORD = /[\p{L}\p{N}]+(?:['’][\p{L}\p{N}]+)*/gu;
const LONGEST = 64;

export function countWords(texts: string[]): WordCounts {
  const counts = new Map<string, number>();
  let words = 0;
  for (const text of texts) {
    for (const [word] of text.toLowerCase().matchAll(WORD)) {
      if (word.length <= LONGEST) counts.set(word, (counts.get(word) ?? 0) + 1);
      words++;
    }
  }
  return { words, counts };
}

/** Keeps its thread busy for so long. */
export function work(milliseconds: number): void {
  for (const end = Date.now() + milliseconds; Date.now() < end;);
}

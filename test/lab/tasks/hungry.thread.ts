/** Takes memory until there is none. */
export function eat(): never {
  const all: number[][] = [];
  for (;;) all.push(Array.from<number>({ length: 100_000 }).fill(all.length));
}

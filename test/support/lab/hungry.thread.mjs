/** Takes memory until there is none. */
export function eat() {
  const all = [];
  for (;;) all.push(Array.from({ length: 100_000 }).fill(all.length));
}

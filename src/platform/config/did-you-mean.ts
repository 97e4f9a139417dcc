const SHORT = 8;

/** Whether one name is the other with a slip of the finger or two, in whichever case. */
export function isCloseTo(name: string, other: string): boolean {
  const slips = Math.min(name.length, other.length) < SHORT ? 1 : 2;
  if (Math.abs(name.length - other.length) > slips) return false;
  return distance(name.toUpperCase(), other.toUpperCase()) <= slips;
}

/** How many characters have to be put in, taken out or replaced (Levenshtein). */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, character] of [...one].entries()) {
    const above = row;
    row = [index + 1];
    for (let at = 0; at < other.length; at++) {
      const replaced = above[at]! + (other[at] === character ? 0 : 1);
      row.push(Math.min(replaced, above[at + 1]! + 1, row[at]! + 1));
    }
  }
  return row.at(-1)!;
}

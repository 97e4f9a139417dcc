/** Puts rows together out of their values, in a function that is compiled once for each statement. */

/** Where the value of a property is in a row; what is nested has properties of its own. */
type Places = Map<string, number | Places>;

/** What separates the name of a relation from that of its column: no name of either has it. */
export const NESTED = '.';

/**
 * Compiles a function that makes an object of the values of a row. A name such as `creator.id` is that of a nested row;
 * `creator.` alone has a value that is null when there is no such row.
 * @param names of the values, in their order
 */
export function compileRow<T>(names: string[]): (values: unknown[]) => T {
  const places: Places = new Map();
  names.forEach((name, index) => put(places, name.split(NESTED), index));
  // The engine makes objects of one shape fastest of a literal. Names are those of columns, and quoted.
  // oxlint-disable-next-line typescript/no-implied-eval
  return new Function('row', `return ${literal(places)}`) as (values: unknown[]) => T;
}

function put(places: Places, [name, ...rest]: string[], index: number): void {
  if (rest.length === 0) return void places.set(name!, index);
  const nested = (places.get(name!) ?? new Map()) as Places;
  places.set(name!, nested);
  put(nested, rest, index);
}

function literal(places: Places): string {
  const { '': marker, ...fields } = Object.fromEntries(places);
  const values = Object.entries(fields).map(
    ([name, place]) => `${JSON.stringify(name)}: ${place instanceof Map ? literal(place) : `row[${place}]`}`,
  );
  const object = `{ ${values.join(', ')} }`;
  return marker === undefined ? object : `(row[${marker as number}] === null ? null : ${object})`;
}

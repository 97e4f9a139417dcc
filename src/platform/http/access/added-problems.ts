/** Errors by which domains refuse at routes of others, as far as the document tells of them. */
import type { ProblemClass } from '../responses/response-docs.js';

/** Where they are thrown: by routes that open sessions, or by those that are not open to restricted accounts. */
type Place = 'sign-in' | 'restriction';

interface Added {
  place: Place;
  problem: ProblemClass;
  isOn: () => boolean;
}

const known: Added[] = [];

/**
 * Marks what refuses so.
 * @param isOn whether it does with the settings there are
 */
export function AddsProblem(place: Place, problem: ProblemClass, isOn = () => true): ClassDecorator {
  return () => void known.push({ place, problem, isOn });
}

/** Those of every class that has been imported so far. */
export const addedProblems = (place: Place) =>
  known.filter((one) => one.place === place && one.isOn()).map(({ problem }) => problem);

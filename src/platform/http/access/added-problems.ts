/** Errors by which domains refuse at routes of others, as far as the document tells of them. */
import type { ProblemClass } from '../responses/response-docs.js';

/** Where they are thrown: by routes that open sessions, or by those that are not open to restricted accounts. */
type Place = 'sign-in' | 'restriction';

const known: [place: Place, problem: ProblemClass][] = [];

/** Marks what refuses so. */
export function AddsProblem(place: Place, problem: ProblemClass): ClassDecorator {
  return () => void known.push([place, problem]);
}

/** Those of every class that has been imported so far. */
export const addedProblems = (place: Place) => known.filter(([one]) => one === place).map(([, problem]) => problem);

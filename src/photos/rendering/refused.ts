import type { Refusal } from './rendering.js';

/** Why a file is no photo; the API answers with the error that it stands for. */
export class Refused extends Error {
  constructor(readonly reason: Refusal) {
    super(reason);
  }
}

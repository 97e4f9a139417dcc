/** The reason why this process does not start, as one line for the operator. */
export class StartRefused extends Error {}

/** Why this process does not start, said to whoever starts it in one line. */
export class StartRefused extends Error {}

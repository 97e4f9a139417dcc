/** What is wrong with a request, in one line for the person who made it. */
export class Refusal extends Error {}

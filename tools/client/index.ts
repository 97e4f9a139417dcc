export * from './generated/index.js';
export { type Client, createClient } from './generated/client/index.js';
export { connect, type Connection } from './connect.js';
export { pages, rows } from './pages.js';
export { isProblem, ProblemError } from './problems.js';
export type { RefreshTokens } from './sign-in.js';

/** Requests that are counted by where they come from, and what their answers tell of limits. */
import { PREFIX } from './api.js';
import { expectProblem, type Received, send, type Sent } from './raw.js';

export interface Asked extends Omit<Sent, 'headers'> {
  /** Under the prefix. */
  path: string;
  from: string;
}

export function askFrom(url: string, { from, path, ...sent }: Asked): Promise<Received> {
  return send(url, { ...sent, path: PREFIX + path, headers: { 'x-forwarded-for': from } });
}

export const statuses = (answers: Received[]) => answers.map(({ status }) => status);

/** The limit that applied, and how much of it is left. */
export const left = ({ headers }: Received) => [headers['ratelimit-limit'], headers['ratelimit-remaining']];

/** Holds an answer against the contract of refusals by a limit whose period is a minute and has just begun. */
export function expectLimited(answer: Received, limit: string): void {
  expectProblem(answer, 429, 'too_many_requests');
  expect(left(answer)).toEqual([limit, '0']);
  for (const header of ['retry-after', 'ratelimit-reset']) {
    const seconds = answer.headers[header] as string;
    expect(seconds).toMatch(/^\d+$/);
    expect(Number(seconds)).toBeGreaterThan(30);
    expect(Number(seconds)).toBeLessThanOrEqual(60);
  }
}

import { type HttpException, UnauthorizedException } from '@nestjs/common';
import { withFailure } from './redirects.js';

class StepRequired extends UnauthorizedException {
  constructor(readonly members?: object) {
    super('One more step.', { errorCode: 'step_required' });
  }
}

const CHALLENGE = { token: 'a&b=c#d', kinds: ['totp'] };

const CASES: [page: string, error: HttpException, expected: string][] = [
  ['https://app.example.com/', new StepRequired({}), 'https://app.example.com/?error=step_required'],
  ['https://app.example.com/?a=b#top', new StepRequired({}), 'https://app.example.com/?a=b&error=step_required#top'],
  ['https://app.example.com/?error=old', new StepRequired({}), 'https://app.example.com/?error=step_required'],
  [
    'https://app.example.com/#top',
    new StepRequired({ hint: 'one' }),
    'https://app.example.com/?error=step_required#hint=one',
  ],
];

test.each(CASES)('%s with a failure is another page', (page, error, expected) => {
  expect(withFailure(page, error)).toBe(expected);
});

test('what is no text is JSON, and servers see none of it', () => {
  const { hash, search } = new URL(withFailure('https://app.example.com/', new StepRequired({ challenge: CHALLENGE })));
  expect(search).toBe('?error=step_required');
  expect(JSON.parse(new URLSearchParams(hash.slice(1)).get('challenge')!)).toEqual(CHALLENGE);
});

import { Post, UseInterceptors } from '@nestjs/common';
import { Idempotent } from '../idempotency/idempotent.js';
import { isIdempotent } from './idempotent-requests.js';

class Around {}

class Notes {
  @Post()
  @Idempotent()
  @UseInterceptors(Around)
  right() {}

  @Post()
  @UseInterceptors(Around)
  @Idempotent()
  wrong() {}

  @Post()
  @UseInterceptors(Around)
  without() {}
}

const routeOf = (name: keyof Notes) => ({
  controller: Notes,
  handler: Notes.prototype[name],
});

test('what is around the handler of a request that happens once runs after the commit, or the application does not start', () => {
  expect(isIdempotent(routeOf('right'))).toBe(true);
  expect(isIdempotent(routeOf('without'))).toBe(false);
  expect(() => isIdempotent(routeOf('wrong'))).toThrow('Notes.wrong has to have @Idempotent() above');
});

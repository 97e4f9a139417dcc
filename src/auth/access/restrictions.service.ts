import { Injectable } from '@nestjs/common';
import type { ProblemClass } from '../../platform/http/responses/response-docs.js';
import type { UsersService } from '../../users/users.service.js';

type Account = NonNullable<Awaited<ReturnType<UsersService['account']>>>;

/** The error that restricts an account now; undefined if nothing does. */
export type Restriction = (account: Account) => Promise<ProblemClass | undefined> | ProblemClass | undefined;

/**
 * What keeps an account from all routes but those that are open to it, which sign-in itself does not know. The domain
 * marks its class with `@AddsProblem('restriction', …)` too. One restricts at a time, the first one: what its routes let
 * the owner do about it reveals the next.
 */
@Injectable()
export class Restrictions {
  private readonly restrictions: Restriction[] = [];

  subscribe(restriction: Restriction): void {
    this.restrictions.push(restriction);
  }

  async of(account: Account): Promise<ProblemClass | undefined> {
    for (const restriction of this.restrictions) {
      const problem = await restriction(account);
      if (problem) return problem;
    }
    return undefined;
  }
}

import { type HttpException, Injectable } from '@nestjs/common';
import type { Exchange } from '../../platform/http/access/exchange.js';
import type { Credentials } from '../../users/passwords/credentials.service.js';

/** What accounts may ask for at sign-in beyond a right password, or whatever else a domain takes instead. */
export interface SignInStep {
  /** Whether this account does. */
  isAsked(userId: number): Promise<boolean>;
  /** Begins it: the error to answer with, which says how to go on. `SessionHandover.open` is the end. */
  begin(owner: Credentials, exchange: Exchange): Promise<HttpException>;
  /** Whether a text proves it where nothing but a name and a password can be sent; counts wrong ones. */
  isDone(owner: Credentials, text: string, from: Pick<Exchange, 'client' | 'devices'>): Promise<boolean>;
}

/**
 * Where a further step comes from, which sign-in itself does not know. The domain marks its class with
 * `@AddsProblem('sign-in', …)` too. Without it, a password is enough.
 */
@Injectable()
export class SignInSteps {
  private step?: SignInStep;

  provide(step: SignInStep): void {
    this.step = step;
  }

  /** The step that an account asks for, if it does. */
  async of(userId: number): Promise<SignInStep | undefined> {
    return (await this.step?.isAsked(userId)) ? this.step : undefined;
  }
}

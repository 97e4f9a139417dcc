import { ConflictException, ForbiddenException, NotFoundException, UnauthorizedException } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Problem } from '../platform/http/problems/problem.js';
import { SignInChallenge } from './second-factors.dto.js';

declare module '../platform/http/problems/problem.js' {
  interface Problem {
    challenge?: SignInChallenge;
  }
}
ApiProperty({ type: SignInChallenge, required: false, description: 'Of `second_factor_required`: what to answer' })(
  Problem.prototype,
  'challenge',
);

const EXAMPLE: SignInChallenge = {
  token: 'q9y7W0m3v8sJ2kLx5TfRcUeN4hBzDgAo1iPwQlXyZaE',
  kinds: ['totp', 'recovery_code'],
  expires_in: 300,
  passkey_options: null,
};

/** The password was right, but the account asks for more. */
export class SecondFactorRequired extends UnauthorizedException {
  /** What the problem has besides. */
  readonly members: Pick<Problem, 'challenge'>;

  constructor(challenge = EXAMPLE) {
    super('This account has a second factor: answer the challenge.', { errorCode: 'second_factor_required' });
    this.members = { challenge };
  }
}

/** Of accounts that `REQUIRE_SECOND_FACTOR` names. */
export class SecondFactorMissing extends ForbiddenException {
  constructor() {
    super('Set up a second factor first.', { errorCode: 'second_factor_missing' });
  }
}

export class WrongSecondFactor extends UnauthorizedException {
  constructor() {
    super('The second factor is wrong, or has been used already.', { errorCode: 'wrong_second_factor' });
  }
}

/** The same where a session is there already. */
export class WrongProof extends ForbiddenException {
  constructor() {
    super('The second factor is wrong, or has been used already.', { errorCode: 'wrong_second_factor' });
  }
}

/** Unknown, of another client, for something else, answered, or over. */
export class ChallengeEnded extends UnauthorizedException {
  constructor() {
    super('There is no such challenge any more. Begin again.', { errorCode: 'challenge_ended' });
  }
}

/** The same where a session is there already. */
export class NoSuchChallenge extends ConflictException {
  constructor() {
    super('There is no such challenge any more. Begin again.', { errorCode: 'challenge_ended' });
  }
}

export class SecondFactorNotFound extends NotFoundException {
  constructor() {
    super('You have no second factor with this id.', { errorCode: 'second_factor_not_found' });
  }
}

export class SecondFactorConfirmed extends ConflictException {
  constructor() {
    super('This second factor has been confirmed already.', { errorCode: 'second_factor_confirmed' });
  }
}

export class TooManySecondFactors extends ConflictException {
  constructor() {
    super('You have as many second factors as you may have. Remove one first.', {
      errorCode: 'too_many_second_factors',
    });
  }
}

export class NoSecondFactor extends ConflictException {
  constructor() {
    super('You have no second factor yet.', { errorCode: 'no_second_factor' });
  }
}

export class PasskeyTaken extends ConflictException {
  constructor() {
    super('This passkey belongs to an account already.', { errorCode: 'passkey_taken' });
  }
}

export class PasskeyRefused extends ForbiddenException {
  constructor() {
    super('This passkey was not made for this, or its user was not verified.', { errorCode: 'passkey_refused' });
  }
}

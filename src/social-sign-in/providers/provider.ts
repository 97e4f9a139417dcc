/** Who signs people in for us, whatever it speaks. */

/** What binds the answer of a provider to one attempt of one browser. */
export interface Challenge {
  state: string;
  nonce: string;
  code_verifier: string;
  /** Where the provider sends the browser back to. */
  redirect_uri: string;
}

/** What a provider says of a person, as far as it does. */
export interface Person {
  email?: string;
  is_email_verified: boolean;
  name?: string;
  /** What they go by there. */
  nickname?: string;
}

/** Somebody whom a provider has signed in. */
export interface Identity {
  /** Whose subject it is. */
  issuer: string;
  subject: string;
  /** Asks the provider for what is needed of people who are new here. */
  person(): Promise<Person>;
}

export interface Provider {
  readonly name: string;
  /** Where a browser goes to sign in there. Throws `IssuerUnavailable`. */
  begin(challenge: Challenge): Promise<URL>;
  /**
   * Who has signed in, by the query that the browser came back with. Throws `IssuerUnavailable`, `SignInCancelled` and
   * `SignInRefused`.
   */
  finish(query: URLSearchParams, challenge: Challenge): Promise<Identity>;
}

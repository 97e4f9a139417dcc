import { Injectable } from '@nestjs/common';

/** What another domain does about an account: in the transaction of the change, which it undoes by throwing. */
export interface AccountListener {
  /** Its fields or rights have changed. */
  changed?(userId: number): Promise<void>;
  /** It has an address that nobody has verified: registered with, or given since. */
  emailGiven?(userId: number): Promise<void>;
  /** Its owner asks for an unverified address in place of a verified one. Throws `EmailNeedsConfirmation` to prevent it. */
  verifiedEmailLeaving?(userId: number): Promise<void>;
  /** Its owner has got back in with a new password, and not by the one before. */
  regained?(userId: number): Promise<void>;
  /** The same, and somebody else may have had it before: nothing that they made may let them in. */
  takenBack?(userId: number): Promise<void>;
  /** Its owner has deleted it. */
  deleted?(userId: number): Promise<void>;
  /** It is about to be deleted for good. */
  purged?(userId: number): Promise<void>;
  /** It is back after its deletion. */
  restored?(userId: number): Promise<void>;
  /** The rights of many have changed, too many to name. */
  manyChanged?(): Promise<void>;
}

/** Tells other domains of what happens to accounts, which themselves know no other domain. */
@Injectable()
export class AccountEvents {
  private readonly listeners: AccountListener[] = [];

  subscribe(listener: AccountListener): void {
    this.listeners.push(listener);
  }

  /** Throws where nobody would end the sessions of an account that changes: the program needs `AuthModule` for that. */
  async tell(event: Exclude<keyof AccountListener, 'manyChanged'>, userId: number): Promise<void> {
    if (event !== 'purged' && !this.listeners.some((listener) => listener.changed !== undefined)) {
      throw new Error('Accounts can be changed only by a program that imports AuthModule');
    }
    for (const listener of this.listeners) await listener[event]?.(userId);
  }

  async tellOfMany(): Promise<void> {
    for (const listener of this.listeners) await listener.manyChanged?.();
  }
}

import { Injectable } from '@nestjs/common';

/** Something about an account that its owner should know. Each domain declares what it tells of. */
export interface NoticeDefinition<D = never> {
  /** What it tells of, for those who choose what they are told: "Your password was changed". */
  about: string;
  /** Whether it is about the security of the account, so that nobody can do without it. */
  isRequired?: boolean;
  /** How often an owner is told of it in an hour at most; 5 times unless given. */
  perHour?: number;
  subject: string;
  /** Its paragraphs. */
  text(data: D): string[];
}

/** The notices of all domains, by name, each of which declares its own: see `defineNotices`. */
export interface Notices {}

export type NoticeName = keyof Notices;

type DataOf<N extends NoticeName> = Notices[N] extends { text: (...data: infer D) => unknown } ? D : never;

/** A notice to one owner, as whoever delivers it gets it. */
export interface Notice extends Pick<NoticeDefinition, 'subject' | 'isRequired' | 'perHour'> {
  name: string;
  paragraphs: string[];
}

export type NoticeListener = (userId: number, notice: Notice) => Promise<void>;

const definitions = new Map<string, NoticeDefinition>();

/**
 * Declares what a domain tells owners of accounts, by names that no other domain has. Declare the types of what it returns
 * in `Notices` as well, as src/auth/auth.notices.ts does.
 */
export function defineNotices<const N extends Record<string, NoticeDefinition>>(notices: N): N {
  for (const [name, definition] of Object.entries(notices)) definitions.set(name, definition);
  return notices;
}

/** What domains have declared so far, by name. */
export function noticeDefinitions(): ReadonlyMap<string, NoticeDefinition> {
  return definitions;
}

/** Tells owners of accounts what has happened to them. Without a domain that delivers it, nobody is told. */
@Injectable()
export class AccountNotices {
  private readonly listeners: NoticeListener[] = [];

  subscribe(listener: NoticeListener): void {
    this.listeners.push(listener);
  }

  /** Whether anybody is told anything, so that what nobody would hear need not be found out. */
  get areHeard(): boolean {
    return this.listeners.length > 0;
  }

  /** Tells the owner when the open transaction commits, at once if none is open. */
  async tell<N extends NoticeName>(userId: number, name: N, ...data: DataOf<N>): Promise<void> {
    if (!this.areHeard) return;
    const definition = definitions.get(name) as NoticeDefinition<unknown>;
    const { subject, isRequired, perHour } = definition;
    const paragraphs = definition.text(data[0]);
    for (const listener of this.listeners) await listener(userId, { name, subject, isRequired, perHour, paragraphs });
  }
}

import { Injectable } from '@nestjs/common';
import { WaysIn } from '../../auth/sign-in/ways-in.service.js';
import type { Crud } from '../../platform/database/crud/crud.js';
import { InjectCrud } from '../../platform/database/database.module.js';
import { type NumberedPage, numberedPage } from '../../platform/database/crud/pages.js';
import { Transactions } from '../../platform/database/transactions.js';
import type { Precondition } from '../../platform/http/caching/preconditions.js';
import type { PageQuery } from '../../platform/http/lists/pagination.js';
import type { Client } from '../../platform/http/requests/client-info.js';
import { audit } from '../../platform/runtime/log/audit.js';
import { AccountNotices } from '../../users/notices/account-notices.service.js';
import type { Identity } from '../providers/provider.js';
import { Providers } from '../providers/providers.service.js';
import { SignInRefused } from '../social-sign-in.errors.js';
import { LinkRead } from '../social-sign-in.dto.js';
import { SocialLink } from './social-link.entity.js';

// A subject has at most 255 characters of ASCII (OpenID Connect Core 1.0, 2).
const NAME = /^[\x20-\x7e]{1,255}$/;

/** Which accounts of providers sign in to which accounts here. */
@Injectable()
export class LinksService {
  constructor(
    @InjectCrud(SocialLink) private readonly links: Crud<SocialLink>,
    private readonly transactions: Transactions,
    private readonly notices: AccountNotices,
    private readonly providers: Providers,
    private readonly waysIn: WaysIn,
  ) {
    waysIn.subscribe((user_id) => this.links.exists({ user_id, provider: { in: this.providers.names } }));
  }

  /** Whose account here somebody signs in to; undefined for somebody new. Throws `SignInRefused` for what no link can be. */
  async ownerOf({ issuer, subject }: Identity): Promise<number | undefined> {
    if (!NAME.test(issuer) || !NAME.test(subject)) throw new SignInRefused('unusual issuer or subject');
    return (await this.links.get({ issuer, subject }, ['user_id'] as const, { deleted: 'include' }))?.user_id;
  }

  /** Tells the owner of it. Throws `LinkedElsewhere`, `AlreadyLinked`. */
  async add(user_id: number, provider: string, { issuer, subject }: Identity, client: Client): Promise<void> {
    await this.transactions.run(async () => {
      await this.insert(user_id, provider, { issuer, subject }, client);
      await this.notices.tell(user_id, 'social_link_added', { provider });
    });
  }

  /** The same of an account that is new. */
  async insert(
    user_id: number,
    provider: string,
    { issuer, subject }: Pick<Identity, 'issuer' | 'subject'>,
    client: Client,
  ): Promise<void> {
    await this.links.create({ user_id, provider, issuer, subject }, ['id']);
    this.transactions.afterCommit(() => audit('social_link_added', { user_id, provider, ...client }));
  }

  list(user_id: number, query: PageQuery): Promise<NumberedPage<LinkRead>> {
    return numberedPage(this.links, { user_id }, LinkRead, query);
  }

  /** Throws `LinkNotFound`, and `LastWayIn` for one without which nobody could sign in to the account. */
  async remove(user_id: number, id: number, ifMatch?: Precondition): Promise<void> {
    await this.waysIn.keepOne(user_id, async () => {
      const { provider } = await this.links.getOrThrow({ id, user_id }, LinkRead, { lock: true });
      ifMatch?.(undefined);
      await this.links.deleteOrThrow({ id, user_id });
      await this.notices.tell(user_id, 'social_link_removed', { provider });
    });
  }
}

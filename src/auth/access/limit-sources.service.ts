import { Injectable } from '@nestjs/common';
import type { RouteLimits } from '../../platform/limits/rates/route-limits.js';

/** What a user may ask for now, where that is not what all may. */
export type LimitSource = (userId: number) => Promise<RouteLimits | undefined>;

/** Where users have limits of their own from, which sign-in itself does not know. Without it, all have the same. */
@Injectable()
export class LimitSources {
  private source?: LimitSource;

  provide(source: LimitSource): void {
    this.source = source;
  }

  of(userId: number): Promise<RouteLimits | undefined> | undefined {
    return this.source?.(userId);
  }
}

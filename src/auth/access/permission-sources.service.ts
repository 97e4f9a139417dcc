import { Injectable } from '@nestjs/common';
import { isPermission, type Permission } from '../../platform/http/access/permissions.js';

/** The names of what a user holds now. Those of permissions that no domain declares any more grant nothing. */
export type PermissionSource = (userId: number) => Promise<string[]>;

const NONE: ReadonlySet<Permission> = new Set();

/** Where users have permissions from, which sign-in itself does not know. Without a source, only superusers hold any. */
@Injectable()
export class PermissionSources {
  private readonly sources: PermissionSource[] = [];

  subscribe(source: PermissionSource): void {
    this.sources.push(source);
  }

  /** What a user holds besides what superusers hold by themselves, as the database has it. */
  async of(userId: number): Promise<ReadonlySet<Permission>> {
    const names = await Promise.all(this.sources.map((source) => source(userId)));
    const held = names.flat().filter(isPermission);
    return held.length > 0 ? new Set(held) : NONE;
  }
}

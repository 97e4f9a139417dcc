import { Column, Entity, Unique } from 'typeorm';
import { BaseEntity } from '../platform/database/base.entity.js';
import type { RouteLimit } from '../platform/limits/rates/route-limits.js';

/** What the setting and clients may call a tier. */
export const TIER_NAME = /^[a-z0-9][a-z0-9_-]{0,29}$/;

/** How often the accounts that have it may ask for what. */
@Entity('tier')
@Unique(['name'])
export class Tier extends BaseEntity {
  @Column('varchar', { length: 30 })
  name!: string;

  @Column('jsonb')
  limits!: RouteLimit[];
}

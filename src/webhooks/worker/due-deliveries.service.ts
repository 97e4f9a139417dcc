import { Injectable } from '@nestjs/common';
import { Sql } from '../../platform/database/sql.js';
import { WebhooksConfig } from '../webhooks.config.js';

// What is found out by then is written down before the lease ends.
const LEASE_SLACK_SECONDS = 15;

/** How many may be sent now, of each half of the lanes. */
export interface Room {
  proven: number;
  others: number;
}

/** A delivery that is this worker's for a while. */
export interface DueDelivery {
  id: number;
  webhook_id: number;
  /** What it is known by until it is settled, or somebody else has it. */
  lease: string;
  attempt_count: number;
  /** Seconds that it has waited since it was due. */
  lag: number;
  /** Why it is not sent at all. */
  reason: 'webhook_disabled' | 'owner_deleted' | 'not_permitted' | null;
  is_proven: boolean;
  url: string;
  secrets: string[];
  message_id: string;
  type: string;
  /** JSON. */
  payload: string;
  created_at: Date;
}

// Webhooks are found one after the other in an index, however much each of them has waiting: a lane each. Those that have
// lately answered at once have one half of the places, and several of them each. All others share the other half, one
// place each, and whoever has failed longest ago comes first. Whether an owner may hear of an event is asked again.
const CLAIM = `
  WITH RECURSIVE lane(id, first_at) AS (
    (SELECT webhook_id, next_attempt_at FROM webhook_delivery WHERE status = 'pending'
      ORDER BY webhook_id, next_attempt_at, id LIMIT 1)
    UNION ALL
    SELECT next.* FROM lane CROSS JOIN LATERAL (
      SELECT webhook_id, next_attempt_at FROM webhook_delivery WHERE status = 'pending' AND webhook_id > lane.id
      ORDER BY webhook_id, next_attempt_at, id LIMIT 1
    ) AS next
  ), candidate AS (
    SELECT due.id, due.next_attempt_at, is_proven, last_failed_at,
      row_number() OVER (PARTITION BY webhook.id ORDER BY due.next_attempt_at, due.id) + sending.n AS nth
    FROM lane JOIN webhook ON webhook.id = lane.id AND first_at <= now()
    CROSS JOIN LATERAL (SELECT proven_at IS NOT NULL AND first_failed_at IS NULL AS is_proven) AS state
    CROSS JOIN LATERAL (
      SELECT count(*) AS n FROM webhook_delivery WHERE webhook_id = webhook.id AND lease_ends_at > now()
    ) AS sending
    CROSS JOIN LATERAL (
      SELECT id, next_attempt_at FROM webhook_delivery
      WHERE webhook_id = webhook.id AND status = 'pending' AND next_attempt_at <= now()
        AND (lease_ends_at IS NULL OR lease_ends_at <= now())
      ORDER BY next_attempt_at, id LIMIT greatest(0, CASE WHEN is_proven THEN $3 ELSE 1 END - sending.n)
    ) AS due
  ), chosen AS (
    (SELECT id FROM candidate WHERE is_proven ORDER BY nth, next_attempt_at LIMIT $1)
    UNION ALL
    (SELECT id FROM candidate WHERE NOT is_proven ORDER BY last_failed_at NULLS FIRST, next_attempt_at LIMIT $2)
  ), leased AS (
    UPDATE webhook_delivery SET lease_ends_at = clock_timestamp() + make_interval(secs => $4)
    WHERE id IN (
      SELECT id FROM webhook_delivery WHERE id IN (SELECT id FROM chosen) AND status = 'pending'
        AND (lease_ends_at IS NULL OR lease_ends_at <= now()) FOR UPDATE SKIP LOCKED
    )
    RETURNING *
  )
  SELECT leased.id, webhook_id, lease_ends_at::text AS lease, attempt_count, url, message_id, type,
    payload::text AS payload, event.created_at, proven_at IS NOT NULL AND first_failed_at IS NULL AS is_proven,
    extract(epoch FROM now() - next_attempt_at)::float8 AS lag,
    array_remove(ARRAY[secret, CASE WHEN previous_secret_ends_at > now() THEN previous_secret END], NULL) AS secrets,
    CASE WHEN is_disabled THEN 'webhook_disabled' WHEN owner.is_deleted THEN 'owner_deleted'
      WHEN NOT owner.is_superuser AND event.user_id IS DISTINCT FROM owner.id THEN 'not_permitted' END AS reason
  FROM leased JOIN webhook ON webhook.id = webhook_id JOIN webhook_event AS event ON event.id = event_id
  JOIN "user" AS owner ON owner.id = webhook.created_by_user_id`;

const RELEASE = 'UPDATE webhook_delivery SET lease_ends_at = NULL WHERE id = $1 AND lease_ends_at = $2::timestamptz';

/** Hands deliveries that are due to one worker at a time, for as long as an attempt may take. */
@Injectable()
export class DueDeliveries {
  constructor(
    private readonly sql: Sql,
    private readonly config: WebhooksConfig,
  ) {}

  async claim({ proven, others }: Room): Promise<DueDelivery[]> {
    const { WEBHOOK_CONCURRENCY_PER_ENDPOINT: each, WEBHOOK_TIMEOUT_SECONDS: seconds } = this.config;
    const values = [proven, others, each, seconds + LEASE_SLACK_SECONDS];
    return (await this.sql.apart<DueDelivery>({ name: 'webhook_claim', text: CLAIM, values })).rows;
  }

  /** Gives it back as if it had never been claimed. */
  async release({ id, lease }: DueDelivery): Promise<void> {
    await this.sql.apart({ name: 'webhook_release', text: RELEASE, values: [id, lease] });
  }
}

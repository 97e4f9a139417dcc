import type { DomainFacts } from '../support/route-facts.js';

const EXPORTED = `
  WITH exported AS (UPDATE task SET name = 'account_export', status = 'completed' WHERE id = {task_id})
  INSERT INTO user_export_part (task_id, place, text) VALUES ({task_id}, 0, '{}')`;

// Tasks are what every user has.
const LONG_TASKS = `
  INSERT INTO task (name, owner_user_id, status, relayed_at, finished_at, payload)
  SELECT 'sample', $1, 'completed', now(), now(), jsonb_build_object('message', repeat('🔑', 16000))
  FROM generate_series(1, 160)`;

export const facts: DomainFacts = {
  names: /\/exports?\b|account_export|user_export_part|export_not_found/,
  exported: { user_export_part: { none: 'is the export itself' } },
  heavyTasks: { account_export: { fill: LONG_TASKS, atOnce: 8 } },
  routes: { 'GET /users/me/exports/{task_id}': { statements: 3, before: EXPORTED } },
};

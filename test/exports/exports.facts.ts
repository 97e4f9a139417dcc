import type { DomainFacts } from '../support/route-facts.js';

const EXPORTED = `
  WITH exported AS (UPDATE task SET name = 'account_export', status = 'completed' WHERE id = {task_id})
  INSERT INTO user_export_part (task_id, place, text) VALUES ({task_id}, 0, '{}')`;

export const facts: DomainFacts = {
  exported: { user_export_part: { none: 'is the export itself' } },
  routes: { 'GET /users/me/exports/{task_id}': { statements: 3, before: EXPORTED } },
};

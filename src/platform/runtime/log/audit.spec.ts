import { pino } from 'pino';
import { audit, keepAuditTrail } from './audit.js';

test.each(['trace', 'error', 'silent'])('the trail does not depend on the level of other lines: %s', (level) => {
  const lines: object[] = [];
  keepAuditTrail(pino({ level }, { write: (line: string) => lines.push(JSON.parse(line) as object) }));
  audit('access_denied', { user_id: 7 });
  expect(lines).toEqual([expect.objectContaining({ audit: 'access_denied', user_id: 7 })]);
});

/** Statements of a client that is traced. */
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { TracerProvider } from '@opentelemetry/sdk-trace';
import pg from 'pg';
import { Client } from '../../../src/platform/database/pg-client.js';
import { traceStatements } from '../../../src/platform/database/statement-spans.js';

const client = new Client(process.env.TEST_SERVER_URL);
beforeAll(async () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(new TracerProvider({}));
  traceStatements();
  await client.connect();
});
afterAll(() => client.end());

test('a cursor, which brings its own way to answer, is passed on', async () => {
  const rows = await trace.getTracer('test').startActiveSpan('request', (span) => {
    expect(span.isRecording()).toBe(true);
    const found: unknown[] = [];
    return new Promise((done, fail) => {
      const query = new pg.Query<{ one: number }>('SELECT 1 AS one');
      query.on('row', (row) => found.push(row));
      query.on('error', fail);
      query.on('end', () => done(found));
      expect(client.query(query)).toBe(query);
    });
  });
  expect(rows).toEqual([{ one: 1 }]);
});

import type { ClientBase, Pool } from 'pg';
import type { NamedStatement, SqlResult } from './named-statement.js';
import { isStalePlan } from './sqlstates.js';

/** Runs statements, and has all of them prepared anew when one turns out to be from before a migration. */
export class PreparedStatements {
  private generation = 0;

  async run<Row>(
    connection: Pool | ClientBase,
    statement: string | NamedStatement,
    values?: unknown[],
  ): Promise<SqlResult<Row>> {
    const { generation } = this;
    const asked = generation === 0 || typeof statement === 'string' ? statement : renewed(statement, generation);
    try {
      return (await (connection.query(asked as string, values) as unknown)) as SqlResult<Row>;
    } catch (error) {
      if (isStalePlan(error) && generation === this.generation) this.generation++;
      throw error;
    }
  }
}

/** Runs `work` once more if a statement in it was prepared before a migration. */
export async function againIfStale<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isStalePlan(error)) throw error;
    return work();
  }
}

function renewed(statement: NamedStatement, generation: number): NamedStatement {
  // A pooler keeps statements by their text.
  const name = statement.name && `${statement.name}.${generation}`;
  return { ...statement, name, text: `${statement.text} -- ${generation}` };
}

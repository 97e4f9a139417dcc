import { Injectable } from '@nestjs/common';
import { Transactions } from '../database/transactions.js';

/** Effects of tasks that happen exactly once, as a unique key is written along with them. */
@Injectable()
export class Effects {
  constructor(private readonly transactions: Transactions) {}

  /** Of two that try at once, the second waits until the first has committed. */
  once<T>(task_id: number, effect: () => Promise<T>, name = ''): Promise<T | undefined> {
    return this.transactions.run(async () => {
      const insert = 'INSERT INTO task_effect (task_id, name) VALUES ($1, $2) ON CONFLICT DO NOTHING';
      const { rowCount } = await this.transactions.client!.query(insert, [task_id, name]);
      return rowCount === 1 ? effect() : undefined;
    });
  }
}

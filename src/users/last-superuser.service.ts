import { Injectable } from '@nestjs/common';
import type { Crud } from '../platform/database/crud/crud.js';
import type { Filter } from '../platform/database/crud/filter.js';
import { InjectCrud } from '../platform/database/database.module.js';
import { Sql } from '../platform/database/sql.js';
import { Transactions } from '../platform/database/transactions.js';
import { User } from './user.entity.js';
import { LastSuperuser } from './users.errors.js';

// Any number works, as long as nothing else uses it.
const SUPERUSERS_LOCK = 7_401_884_022;

/** Sees to it that somebody is left who may do everything. */
@Injectable()
export class LastSuperuserService {
  constructor(
    @InjectCrud(User) private readonly users: Crud<User>,
    private readonly transactions: Transactions,
    private readonly sql: Sql,
  ) {}

  /** Makes one change of such an account at a time, in a transaction. Throws `LastSuperuser` if no superuser is left. */
  keep<T>(where: Filter<User>, change: () => Promise<T>): Promise<T> {
    return this.transactions.run(async () => {
      await this.sql.query('SELECT pg_advisory_xact_lock($1)', [SUPERUSERS_LOCK]);
      if (!(await this.users.exists({ ...where, is_superuser: true }))) return change();
      const result = await change();
      if (!(await this.users.exists({ is_superuser: true }))) throw new LastSuperuser();
      return result;
    });
  }
}

import { callbackify } from 'node:util';
import pg from 'pg';

type Connected = ((error: Error) => void) & ((error: null, client: pg.Client) => void);

/**
 * What the program relies on, whatever server, database or role have of their own: how values are written, when nothing
 * waits, and how statements are planned.
 */
const SESSION = {
  datestyle: 'ISO',
  intervalstyle: 'postgres',
  timezone: 'UTC',
  bytea_output: 'hex',
  extra_float_digits: '1',
  standard_conforming_strings: 'on',
  client_encoding: 'UTF8',
  transform_null_equals: 'off',
  default_transaction_isolation: 'read committed',
  lock_timeout: '0',
  idle_session_timeout: '0',
  plan_cache_mode: 'auto',
};

/**
 * A connection with session settings of its own (`SET`, as poolers pass on few parameters of a start, and a URL may have
 * `options` of its own), and with the `statement_timeout` of its configuration, in milliseconds; 0 or none for no limit.
 * It may be ended by the server the moment that it is made. Pools, TypeORM and BullMQ begin to hear of errors a moment
 * after that, and an error that nobody hears ends the process: this one is told when they listen.
 */
export class Client extends pg.Client {
  private readonly session: string;

  constructor(config?: string | pg.ClientConfig) {
    const {
      statement_timeout,
      options = '',
      ...rest
    }: pg.ClientConfig = typeof config === 'string' ? { connectionString: config } : (config ?? {});
    super(rest);
    const settings = { ...SESSION, statement_timeout: statement_timeout || 0 };
    const own = Object.entries(settings).map(([name, value]) => `SET ${name} = '${value}'`);
    // BullMQ names its schema there, and the data source its one plan.
    const more = [...options.matchAll(/-c (\w+)=(\S+)/g)].map(([, name, value]) => `SET ${name} = ${value}`);
    this.session = [...own, ...more].join(';');
    this.once('error', (error) => {
      if (this.listenerCount('error') > 0) return;
      setImmediate(() => this.listenerCount('error') > 0 && this.emit('error', error));
    });
  }

  override connect(): Promise<pg.Client>;
  override connect(done: Connected): void;
  override connect(done?: Connected): Promise<pg.Client> | void {
    if (!done) return this.begin();
    callbackify(() => this.begin())(done);
  }

  private async begin(): Promise<this> {
    await super.connect();
    try {
      // Unchanged: a connection belongs to no trace.
      await super.query(this.session);
      return this;
    } catch (error) {
      this.end().catch(() => undefined);
      throw error;
    }
  }
}

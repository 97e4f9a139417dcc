import pg from 'pg';

/**
 * A connection that may be ended by the server the moment that it is made. Pools, TypeORM and BullMQ begin to hear of
 * errors a moment after that, and an error that nobody hears ends the process: this one is told when they listen.
 */
export class Client extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    this.once('error', (error) => {
      if (this.listenerCount('error') > 0) return;
      setImmediate(() => this.listenerCount('error') > 0 && this.emit('error', error));
    });
  }
}

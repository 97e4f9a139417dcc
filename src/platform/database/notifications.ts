import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import type pg from 'pg';
import { AppConfig } from '../config/app.config.js';
import { Client } from './pg-client.js';
import { DatabaseConfig } from './database.config.js';
import { Sql } from './sql.js';

const RETRY_MILLISECONDS = 250;
const HEARTBEAT_MILLISECONDS = 2_000;

export interface Subscriber {
  heard(payload: string): void;
  /** Messages may have been missed since the last call: whatever was learned before may be out of date. */
  missed(): void;
}

/**
 * Messages to every process on the same database, through PostgreSQL's LISTEN and NOTIFY. Listening takes one direct
 * connection a process (a pooler in transaction mode does not pass messages on), made when `isListening` is first asked.
 */
@Injectable()
export class Notifications implements OnModuleDestroy {
  private readonly logger = new Logger(Notifications.name);
  private readonly subscribers = new Map<string, Subscriber>();
  private client?: pg.Client;
  private timer?: NodeJS.Timeout;
  private state: 'idle' | 'connecting' | 'listening' | 'closed' = 'idle';

  constructor(
    private readonly sql: Sql,
    private readonly app: AppConfig,
    private readonly database: DatabaseConfig,
  ) {}

  subscribe(channel: string, subscriber: Subscriber): void {
    this.subscribers.set(channel, subscriber);
  }

  /** Whether every message sent from now on will be heard. While it is false, do not trust what was heard before. */
  get isListening(): boolean {
    if (this.state === 'idle') void this.connect();
    return this.state === 'listening';
  }

  /** Tells every process, this one included, when the open transaction commits. */
  async notify(channel: string, payload: string): Promise<void> {
    await this.sql.query('SELECT pg_notify($1, $2)', [channel, payload]);
  }

  async onModuleDestroy(): Promise<void> {
    this.state = 'closed';
    clearTimeout(this.timer);
    await this.client?.end();
  }

  private async connect(): Promise<void> {
    this.state = 'connecting';
    const client = new Client({
      connectionString: this.database.url,
      application_name: `${this.app.APP_NAME} (notifications)`,
      connectionTimeoutMillis: 5_000,
      query_timeout: HEARTBEAT_MILLISECONDS,
      keepAlive: true,
    });
    this.client = client;
    client.on('notification', ({ channel, payload = '' }) => this.subscribers.get(channel)?.heard(payload));
    client.on('error', (error) => this.lose(client, error));
    client.on('end', () => this.lose(client));
    try {
      await client.connect();
      for (const channel of this.subscribers.keys()) await client.query(`LISTEN ${client.escapeIdentifier(channel)}`);
      if (this.client !== client || this.isClosed) return void client.end();
      this.state = 'listening';
      this.tellMissed();
      this.beat(client);
    } catch (error) {
      this.lose(client, error as Error);
    }
  }

  /** A connection can die without a word: an answer shows that it lives. */
  private beat(client: pg.Client): void {
    this.timer = setTimeout(() => {
      client.query('SELECT 1').then(
        () => this.client === client && this.beat(client),
        (error: Error) => this.lose(client, error),
      );
    }, HEARTBEAT_MILLISECONDS).unref();
  }

  private lose(client: pg.Client, error?: Error): void {
    if (this.client !== client || this.isClosed) return;
    if (this.state === 'listening') this.logger.warn(`lost the connection for notifications: ${error?.message ?? ''}`);
    this.client = undefined;
    this.state = 'connecting';
    this.tellMissed();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.connect(), RETRY_MILLISECONDS).unref();
    client.end().catch(() => undefined);
  }

  private tellMissed(): void {
    for (const subscriber of this.subscribers.values()) subscriber.missed();
  }

  private get isClosed(): boolean {
    return this.state === 'closed';
  }
}

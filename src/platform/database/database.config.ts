import { IsInt, IsOptional, IsString, Matches, Max, Min, ValidateBy } from 'class-validator';
import { isDeployed } from '../config/app.config.js';
import { type Checked, Settings } from '../config/settings.js';

const FORM = 'postgres://user:password@host:5432/database, with special characters percent-encoded';
const SERVER = /^([\w.-]+|[\da-f:]+|\/[^\0]+)$/i;
const DATABASE = /^postgres(ql)?:\/\/([^/?#]*@)?(\[[\da-f:.]+\]|[\w.-]+|%2F[\w.%-]+)(:\d+)?\/[^?#]+/i;

@Settings()
export class DatabaseConfig implements Checked {
  @IsOptional() @IsString() POSTGRES_USER?: string;
  @IsOptional() @IsString() POSTGRES_PASSWORD?: string;
  @IsOptional()
  @Matches(SERVER, { message: 'POSTGRES_SERVER must be a host name, an address, or the folder of a socket' })
  POSTGRES_SERVER?: string;
  @IsOptional() @IsInt() @Min(1) @Max(65535) POSTGRES_PORT?: number;
  @IsOptional()
  @Matches(/^[^?#]+$/, { message: 'POSTGRES_DB must be a name without ? and #' })
  POSTGRES_DB?: string;

  @IsOptional()
  @ValidateBy({ name: 'database', validator: { validate: isDatabase, defaultMessage: () => `must be ${FORM}` } })
  POSTGRES_URL?: string;

  /** Separated by commas. */
  @IsOptional() @IsString() POSTGRES_REPLICA_URLS?: string;

  @IsInt() @Min(1) @Max(1000) POSTGRES_POOL_SIZE = 10;

  /** How long a process that starts waits for a database that is not there yet. */
  @IsInt() @Min(0) @Max(3600) START_WAIT_SECONDS = 30;

  /** Where to connect: the URL if there is one, else the single variables with PostgreSQL's usual defaults. */
  get url(): string {
    if (this.POSTGRES_URL) return this.POSTGRES_URL;
    const { POSTGRES_USER = 'postgres', POSTGRES_PASSWORD = '', POSTGRES_SERVER = 'localhost' } = this;
    const { POSTGRES_PORT = 5432, POSTGRES_DB = 'postgres' } = this;
    const [user, password] = [POSTGRES_USER, POSTGRES_PASSWORD].map(encodeURIComponent);
    // The folder of a socket is percent-encoded, as libpq has it.
    const isFolder = POSTGRES_SERVER.startsWith('/');
    const address = POSTGRES_SERVER.includes(':') ? `[${POSTGRES_SERVER}]` : POSTGRES_SERVER;
    const host = isFolder ? encodeURIComponent(POSTGRES_SERVER) : address;
    return `postgres://${user}:${password}@${host}:${POSTGRES_PORT}/${encodeURI(POSTGRES_DB)}`;
  }

  /** Where reads may go instead. */
  get replicaUrls(): string[] {
    const urls = (this.POSTGRES_REPLICA_URLS ?? '').split(',').map((url) => url.trim());
    return urls.filter(Boolean);
  }

  problems(): string[] {
    if (!this.replicaUrls.every(isDatabase)) {
      return [`POSTGRES_REPLICA_URLS: must each be ${FORM}, separated by commas`];
    }
    if (!this.isConfigured) {
      return [
        'POSTGRES_SERVER: set the POSTGRES_* variables or POSTGRES_URL (only `npm start` in local runs a database of its own)',
      ];
    }
    if (!isDeployed()) return [];
    const isOpen = (url: string) => new URL(url).password === '';
    if (isOpen(this.url)) return ['POSTGRES_PASSWORD: must not be empty in staging and production'];
    if (this.replicaUrls.some(isOpen)) {
      return ['POSTGRES_REPLICA_URLS: must have passwords in staging and production'];
    }
    return [];
  }

  private get isConfigured(): boolean {
    return [this.POSTGRES_URL, this.POSTGRES_SERVER, this.POSTGRES_USER, this.POSTGRES_DB, this.POSTGRES_PORT].some(
      (value) => value !== undefined,
    );
  }
}

/** Whether all that reads the URL takes it for the same: pg leaves `%2F` in the name of a database as it is. */
function isDatabase(url: unknown): boolean {
  if (typeof url !== 'string' || !DATABASE.test(url)) return false;
  try {
    const { username, password, pathname } = new URL(url);
    decodeURIComponent(username + password);
    return decodeURI(pathname) === decodeURIComponent(pathname);
  } catch {
    return false;
  }
}

import { closeSync, openSync } from 'node:fs';
import { IsInt, IsString, Max, Min } from 'class-validator';
import { type Checked, Settings } from '../../config/settings.js';

@Settings()
export class LogConfig implements Checked {
  /** Where the audit trail goes: `stdout`, `stderr` or the path of a file. */
  @IsString() AUDIT_LOG = 'stdout';

  /** How many lines a second a process writes of requests that it has refused; the others are counted. */
  @IsInt() @Min(1) @Max(1_000_000) LOG_REFUSED_PER_SECOND = 50;

  /** Undefined for a stream. */
  get auditFile(): string | undefined {
    return ['stdout', 'stderr'].includes(this.AUDIT_LOG) ? undefined : this.AUDIT_LOG;
  }

  problems(): string[] {
    if (this.auditFile === undefined) return [];
    try {
      closeSync(openSync(this.auditFile, 'a', 0o600));
      return [];
    } catch (error) {
      return [`AUDIT_LOG: must be stdout, stderr or a file that can be written to: ${(error as Error).message}`];
    }
  }
}

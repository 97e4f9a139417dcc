/** Keeps what Node (>= 22.8) compiles, so that the next start takes it from there. Programs import it before all else. */
import module from 'node:module';
import { join } from 'node:path';

// Beside the build that it belongs to, which takes it along when it goes; one that cannot be written is none.
const FOLDER = join(import.meta.dirname, '../../../.compiled');

(module as { enableCompileCache?: (folder: string) => unknown }).enableCompileCache?.(FOLDER);

/** Migrations, with those of the lab. */
import './extend.js';

await import('../../src/migrate.js');

import setUp from '../support/global-setup.mjs';

/** The usual PostgreSQL, without APIs that suites share: these break their own. */
export default () => setUp({ maxWorkers: 0 });

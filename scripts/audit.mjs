/**
 * `npm run audit`: reads the report of `npm audit --json` and fails on every advisory of high or critical severity that
 * .github/audit-exceptions.json does not list as `{ "advisory": "GHSA-…", "reason": "…", "expires": "2030-01-31" }`.
 */
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';

const EXCEPTIONS = new URL('../.github/audit-exceptions.json', import.meta.url);
const GRAVE = new Set(['high', 'critical']);

const today = new Date().toISOString().slice(0, 10);
const report = parse(await text(process.stdin));
const exceptions = JSON.parse(readFileSync(process.argv[2] ?? EXCEPTIONS, 'utf8'));
const problems = [...exceptions.flatMap(wrongWith), ...grave(report).flatMap(unlisted)];
for (const problem of problems) process.stderr.write(`${problem}\n`);
if (problems.length > 0) process.exit(1);
process.stdout.write('No advisory of high or critical severity that is not listed\n');

/** Where there is no service that answers, npm tells of it in JSON as well. */
function parse(json) {
  try {
    const { vulnerabilities, message } = JSON.parse(json);
    if (vulnerabilities) return vulnerabilities;
    throw new Error(message ?? 'no vulnerabilities in it');
  } catch (error) {
    process.stderr.write(`npm audit gave no report: ${error.message}\n`);
    return process.exit(1);
  }
}

/** Each advisory once: packages that depend on one with an advisory only name it. */
function grave(vulnerabilities) {
  const advisories = Object.values(vulnerabilities).flatMap(({ via }) => via.filter((one) => typeof one === 'object'));
  const byUrl = new Map(advisories.filter(({ severity }) => GRAVE.has(severity)).map((one) => [one.url, one]));
  return [...byUrl.values()];
}

function unlisted({ url, name, severity, title }) {
  const isListed = exceptions.some(({ advisory }) => url.endsWith(`/${advisory}`));
  return isListed ? [] : [`${name}: ${severity}: ${title} (${url})`];
}

function wrongWith({ advisory, reason, expires }) {
  if (!advisory || !reason || !/^\d{4}-\d\d-\d\d$/.test(expires)) return [`${advisory}: needs a reason and a date`];
  return expires < today ? [`${advisory}: was listed until ${expires}`] : [];
}

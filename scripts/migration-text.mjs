/** What a migration looks like. */

/**
 * @param {string} slug such as `add-note-tags`, of which its class is named
 * @param {number} time in milliseconds, by which migrations are ordered
 * @param {string[]} up statements, in their order
 * @param {string[]} down the way back, in its order
 */
export const migrationText = (slug, time, up, down) => `import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ${classOf(slug)}${time} implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    ${statements(up)}
  }

  async down(runner: QueryRunner): Promise<void> {
    ${statements(down)}
  }
}
`;

const classOf = (slug) => slug.replaceAll(/(?:^|-)(.)/g, (_, letter) => letter.toUpperCase());

const statements = (queries) => queries.map((query) => `await runner.query(${quote(query)});`).join('\n');

function quote(sql) {
  return `\`${sql.replace(/[\\`]|\$\{/g, '\\$&')}\``;
}

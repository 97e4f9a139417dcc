/** Takes what names a domain out of the files that all domains share. Each function is given a text, and answers another. */

/** A root module without the modules of domains. */
export function withoutModules(source, { domains }) {
  const line = new RegExp(`^import \\{([^}]*)\\} from '\\./(?:${domains.join('|')})/[^']*';\\n`, 'gm');
  const names = [...source.matchAll(line)].flatMap(([, list]) => list.split(',').map((name) => name.trim()));
  return names
    .filter(Boolean)
    .reduce(
      (text, name) => text.replace(new RegExp(`\\b${name}\\b(?:\\.\\w+\\([^)]*\\))?,?\\s*`, 'g'), ''),
      source.replace(line, ''),
    );
}

/**
 * A page without the rows, and lines of lists, about a domain's routes, settings, files, suites, tables, tasks and metrics.
 * A table that is left without rows goes with its heading.
 */
export function withoutRows(source, { domains, routes, settings, tables, tasks, terms, rooms = [], packages = [] }) {
  const folder = anyOf(domains);
  const about = [
    `^\\|.*(?:src|test|test/operations|bench)/${folder}/`,
    `^(?:\\|.*| *- )\`(?:operations/)?${folder}/[\\w-]+\``,
    `^\\| \`${anyOf(routes)}[?\`]`,
    `^\\|.*\`${anyOf(settings)}\``,
    `^\\| (?:\`${anyOf(packages)}\` ?)+ *\\|`,
    `^ {4}${anyOf(rooms)}/ `,
    // Where personal data is listed. Elsewhere, another thing may have the name of a table.
    `^\\| [^|\`]*\\| \`"?${anyOf(tables)}"?\` +\\|`,
    `^\\| \`${anyOf([...terms, ...tasks])}(?:\\{[\\w,]+\\})?\` +\\|`,
  ];
  const isAbout = new RegExp(about.join('|'));
  const kept = source.split('\n').filter((line) => !isAbout.test(line));
  return kept.join('\n').replace(/^#+ .*\n\n\|.*\n\| *-[-| ]*\n(?!\|)\n*/gm, '');
}

/** What names domains in a row of others: lists of domains, and the words of links to their pages. */
export const withoutMention = (source, { domains, rooms = [] }) =>
  domains.reduce(
    (text, domain) =>
      text
        .replace(
          new RegExp(`^(  (?:[\\w-]+/ )*)(${domain}/ )(.*?)( +the domains)$`, 'm'),
          (_, before, gone, after, end) => before + after + ' '.repeat(gone.length) + end,
        )
        .replace(new RegExp(`("src/(?:[\\w-]+, )*[\\w-]+), ${domain}\\b(.*: the domains)`), '$1$2')
        .replace(new RegExp(`, \\[[^\\]]*\\]\\(docs/${domain}\\.md\\)`), '')
        .replace(new RegExp(`\\[([^\\]]*)\\]\\((?:\\.\\./)?${domain}\\.md(?:#[\\w-]*)?\\)`, 'g'), '$1'),
    // The rooms of the platform in a row, in a drawing.
    rooms.reduce((text, room) => text.replace(` --> ${room} -->`, ' -->'), source),
  );

/** .env.example without settings, what is said above them, and headings that nothing is left of. */
export function withoutSettings(source, { settings }) {
  const about = new RegExp(`(?:^# .*\\n)*^(?:# )?${anyOf(settings)}=.*\\n`, 'gm');
  const left = source.replace(about, keepEarlier);
  // One that is kept may be another of them.
  if (left !== source) return withoutSettings(left, { settings });
  return left.replace(/^## .*\n\n+(?=## |$(?![\s\S]))/gm, '');
}

/** A setting that is commented out ends what is said of the next one. */
function keepEarlier(block) {
  const lines = block.split('\n');
  const earlier = lines.slice(0, -2).findLastIndex((line) => /^# [A-Z][A-Z0-9_]*=/.test(line));
  return earlier < 0 ? '' : `${lines.slice(0, earlier + 1).join('\n')}\n`;
}

/** A pattern of these texts; of none, what nothing matches. */
function anyOf(texts) {
  return texts.length > 0 ? `(?:${texts.map(escaped).join('|')})` : '(?!)';
}

function escaped(text) {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

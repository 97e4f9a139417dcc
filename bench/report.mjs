/** Prints the figures, and writes them to bench/results/ as JSON and as a picture of the ratios. */
import { mkdirSync, writeFileSync } from 'node:fs';

const FOLDER = 'bench/results';
const COLUMNS = {
  requests_per_second: 'requests/s',
  p50: 'p50 ms',
  p99: 'p99 ms',
  node_us: 'Node µs',
  postgres_us: 'PostgreSQL µs',
  megabytes: 'MB',
  start_seconds: 'start s',
};

export function report(mode, { machine, options, results }) {
  const { rounds, seconds, connections } = options;
  const ratios = results.ratios.map((one) => rated(one, results.medians));
  const head = `${connections} connections, ${rounds} rounds of ${seconds} s, medians`;
  print([[head, ...Object.values(COLUMNS)]], Object.entries(results.medians).map(figuresOf));
  print(
    [['', 'of', 'ratio', 'bound', '']],
    ratios.map(({ name, of, ratio, bound, isMet }) => [name, of, ratio.toFixed(2), bound, isMet ? '' : 'not met']),
  );
  if (options.only) return;
  mkdirSync(FOLDER, { recursive: true });
  const result = { machine, options, ...results, ratios };
  writeFileSync(`${FOLDER}/${mode}.json`, `${JSON.stringify(result, null, 2)}\n`);
  writeFileSync(`${FOLDER}/${mode}.svg`, pictureOf(ratios, `${head}, ${machine.cores} cores, Node ${machine.node}`));
}

/** A ratio of two medians, or, against nothing, the median itself. */
function rated({ read, against, atLeast, atMost, figure = 'requests_per_second' }, medians) {
  const ratio = medians[read][figure] / (against === undefined ? 1 : medians[against][figure]);
  const bound = atLeast ? `>= ${atLeast}` : atMost ? `<= ${atMost}` : '';
  const name = against === undefined ? read : `${read} / ${against}`;
  const of = COLUMNS[figure].replace(' µs', ' time');
  return { read, against, name, of, ratio, bound, isMet: !(ratio < atLeast) && !(ratio > atMost) };
}

function figuresOf([name, figures]) {
  return [name, ...Object.keys(COLUMNS).map((figure) => String(figures[figure] ?? ''))];
}

function print(head, rows) {
  const all = [...head, ...rows];
  const widths = all[0].map((_, column) => Math.max(...all.map((row) => row[column].length)));
  const line = (row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join('  ');
  process.stdout.write(`${all.map(line).join('\n')}\n\n`);
}

/** Bars of the ratios, at most twice the line of 1, in orange where a bound is not met. */
function pictureOf(ratios, caption) {
  const [left, full, height] = [390, 250, 26];
  const rows = ratios.map(({ name, of, ratio, bound, isMet }, index) => {
    const y = 40 + index * height;
    const width = Math.min(ratio, 2) * full;
    return `<text x="${left - 8}" y="${y + 14}" text-anchor="end">${name}, ${of}</text>
<rect x="${left}" y="${y + 2}" width="${width.toFixed(0)}" height="16" rx="2" fill="${isMet ? '#2a78b8' : '#b8562a'}"/>
<text x="${(left + width + 6).toFixed(0)}" y="${y + 14}">${ratio.toFixed(2)} <tspan fill="#666">${bound.replace('<=', '≤').replace('>=', '≥')}</tspan></text>`;
  });
  const bottom = 40 + ratios.length * height;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${left + full * 2 + 90}" height="${bottom + 16}" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="#fff"/>
<text x="10" y="20">${caption}</text>
<line x1="${left + full}" y1="34" x2="${left + full}" y2="${bottom}" stroke="#999" stroke-dasharray="3"/>
${rows.join('\n')}
</svg>
`;
}

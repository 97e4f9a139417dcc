/**
 * Every place outside package.json, README, LICENSE and CHANGELOG that bears the project's name, title or description. A
 * name may be a common word ("api"), so each place is told by what stands around it.
 */
const settings = (variable, key) => [
  { file: '.env.example', around: [`^${variable}=`, '$'], key },
  { file: 'src/platform/config/app.config.ts', around: [`${variable} = '`, `'`], key },
  { file: 'docs/settings.md', around: [`^\\| \`${variable}\` +\\| `, ' +\\|'], key },
];
const image = ['image: ', '$'];
const partOf = ['app\\.kubernetes\\.io/part-of: ', '$'];
const BASE = 'deploy/kubernetes/base';
const OVERLAY = 'deploy/kubernetes/overlays/example';
const SUPERUSER = 'deploy/kubernetes/components/create-superuser';

export const PLACES = [
  ...settings('APP_NAME', 'title'),
  ...settings('APP_DESCRIPTION', 'description'),
  { file: 'docker-compose.yml', around: ['\\$\\{IMAGE:-', '\\}'], key: 'name' },
  { file: 'docs/kubernetes.md', around: ['registry\\.example\\.com/', ':'], key: 'name' },
  { file: 'deploy/grafana/dashboard.json', around: ['^  "title": "', '"'], key: 'title' },
  { file: 'deploy/grafana/dashboard.json', around: ['^  "uid": "', '"'], key: 'name' },
  ...['api', 'migrate', 'worker'].map((one) => ({ file: `${BASE}/${one}.yaml`, around: image, key: 'name' })),
  { file: `${SUPERUSER}/create-superuser.yaml`, around: image, key: 'name' },
  { file: `${BASE}/kustomization.yaml`, around: partOf, key: 'name' },
  { file: `${BASE}/network-policies.yaml`, around: partOf, key: 'name' },
  { file: `${SUPERUSER}/kustomization.yaml`, around: partOf, key: 'name' },
  { file: `${OVERLAY}/kustomization.yaml`, around: ['namespace: ', '$'], key: 'name' },
  { file: `${OVERLAY}/kustomization.yaml`, around: ['  - name: ', '$'], key: 'name' },
  { file: `${OVERLAY}/kustomization.yaml`, around: ['newName: registry\\.example\\.com/', '$'], key: 'name' },
  { file: `${OVERLAY}/namespace.yaml`, around: ['^  name: ', '$'], key: 'name' },
];

/** The text with the new name in a place, or undefined if the place has gone. */
export function renamed(source, { around: [before, after], key }, old, next) {
  const place = new RegExp(`(${before})${escaped(old[key])}(?=${after})`, 'gm');
  return place.test(source) ? source.replace(place, (_, start) => start + next[key]) : undefined;
}

function escaped(text) {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

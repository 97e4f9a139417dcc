/** `npm run check:kubernetes`: renders each overlay of deploy/kubernetes and holds it against the schemas of Kubernetes. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const RENDERERS = [
  ['kubectl', 'kustomize'],
  ['kustomize', 'build'],
];

const renderer = RENDERERS.find(([command, verb]) => isThere(command, [verb, '--help']));
if (!renderer) stop('The manifests are rendered by kubectl or kustomize: install one of them.');
if (!isThere('kubernetes-validate', ['--version'])) {
  stop('The schemas come with a Python package: pip install --requirement .github/requirements.txt');
}

const folder = mkdtempSync(join(tmpdir(), 'api-kubernetes-'));
process.once('exit', () => rmSync(folder, { recursive: true }));
cpSync('deploy/kubernetes', folder, { recursive: true });
for (const overlay of readdirSync(join(folder, 'overlays'))) check(join(folder, 'overlays', overlay));

/** With the examples in the place of the secrets, which are in no repository. */
function check(overlay) {
  const examples = readdirSync(overlay).filter((name) => name.endsWith('.example'));
  for (const name of examples) copyFileSync(join(overlay, name), join(overlay, name.replace('.example', '')));
  const [command, verb] = renderer;
  const rendered = spawnSync(command, [verb, overlay], { encoding: 'utf8' });
  if (rendered.status !== 0) stop(rendered.stderr);
  const { status } = spawnSync('kubernetes-validate', ['--strict', '-'], {
    input: rendered.stdout,
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  if (status !== 0) process.exit(1);
}

function isThere(command, args) {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

function stop(message) {
  process.stderr.write(`${message.trim()}\n`);
  process.exit(1);
}

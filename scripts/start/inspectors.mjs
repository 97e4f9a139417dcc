const OPTION = /^--inspect(?:=(?:([\w.:[\]-]+):)?(\d+))?$/;

/**
 * Where debuggers find API and worker, the worker on the next port.
 * @param {string[]} args of which one may be `--inspect`, `--inspect=9300` or `--inspect=0.0.0.0:9300`
 */
export function inspectors(args) {
  const found = args.map((arg) => OPTION.exec(arg)).find(Boolean);
  if (!found) return { flags: { api: [], worker: [] }, env: {}, lines: [] };
  const [, host = '127.0.0.1', port = '9229'] = found;
  const [api, worker] = [0, 1].map((offset) => `${host}:${Number(port) + offset}`);
  return {
    flags: { api: [`--inspect=${api}`], worker: [`--inspect=${worker}`] },
    // The processes of a cluster would take the ports that follow.
    env: { WEB_CONCURRENCY: '1' },
    lines: [`Debuggers  API ${api}, worker ${worker}`],
  };
}

/** What a program tells of itself on the port of its metrics. */
import { send } from './raw.js';

/** The value of one metric, with its labels as Prometheus writes them; not a number if there is none. */
export async function metricAt(url: string, name: string): Promise<number> {
  const { text } = await send(url, { path: '/metrics' });
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  return Number(line?.slice(name.length + 1) ?? Number.NaN);
}

/** The text of a file as `npm run format` leaves it. */
import { format, getFileInfo, resolveConfig } from 'prettier';

export async function pretty(file, source) {
  const { inferredParser, ignored } = await getFileInfo(file, { ignorePath: '.prettierignore' });
  if (!inferredParser || ignored) return source;
  return format(source, { ...(await resolveConfig(file)), filepath: file });
}

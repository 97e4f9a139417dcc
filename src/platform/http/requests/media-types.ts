export const JSON_TYPE = 'application/json';
export const FORM = 'application/x-www-form-urlencoded';
export const MULTIPART = 'multipart/form-data';

/** Whether a body may be a file of that type: many clients send it without one, or call it a stream of octets. */
export function isFileType(mediaType: string, wanted: string): boolean {
  const [group] = wanted.split('/', 1) as [string];
  return ['', MULTIPART, 'application/octet-stream'].includes(mediaType) || mediaType.startsWith(`${group}/`);
}

/** The server that mail is handed to, as `SMTP_URL` names it. */

const PORTS: Record<string, number> = { 'smtp:': 587, 'smtps:': 465 };

/** What becomes of a connection that begins without TLS (RFC 8314): it is refused where it stays so, or may, or has to. */
export const STARTTLS = ['required', 'optional', 'never'] as const;
export type StartTls = (typeof STARTTLS)[number];

export interface SmtpServer {
  host: string;
  port: number;
  /** Whether the connection begins with TLS. */
  isSecure: boolean;
  /** What the URL says of connections that do not; undefined where it says nothing. */
  starttls: StartTls | undefined;
  auth: { user: string; pass: string } | undefined;
}

/** Undefined for what is no such URL. */
export function smtpServerOf(text: string): SmtpServer | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const [user, pass] = [decoded(url.username), decoded(url.password)];
  const starttls = startTlsOf(url);
  const isPlain =
    PORTS[url.protocol] !== undefined && url.hostname !== '' && /^\/?$/.test(url.pathname) && url.hash === '';
  if (!isPlain || user === undefined || pass === undefined || starttls === 'unknown') return undefined;
  return {
    host: decoded(url.hostname)!.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port) || PORTS[url.protocol]!,
    isSecure: url.protocol === 'smtps:',
    starttls,
    auth: user === '' ? undefined : { user, pass },
  };
}

function startTlsOf({ protocol, searchParams }: URL): StartTls | undefined | 'unknown' {
  const given = [...searchParams];
  if (given.length === 0) return undefined;
  const [name, value] = given[0]!;
  const isKnown = given.length === 1 && name === 'starttls' && protocol === 'smtp:';
  return (isKnown && STARTTLS.find((one) => one === value)) || 'unknown';
}

/** Undefined for what is not percent-encoded UTF-8. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

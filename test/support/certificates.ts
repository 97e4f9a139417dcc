/** Certificates of suites, made with openssl. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** Files in a folder: a made-up authority, and the certificate of this machine that it vouches for, with its key. */
export interface Certificates {
  ca: string;
  cert: string;
  key: string;
}

export function certify(folder: string): Certificates {
  const openssl = (args: string) => execFileSync('openssl', args.split(' '), { cwd: folder, stdio: 'ignore' });
  const fresh = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2';
  openssl(`${fresh} -subj /CN=ca -keyout ca.key -out ca.crt`);
  openssl(
    `${fresh} -subj /CN=here -keyout here.key -out here.crt -CA ca.crt -CAkey ca.key -addext subjectAltName=IP:127.0.0.1 -addext basicConstraints=critical,CA:false`,
  );
  return { ca: join(folder, 'ca.crt'), cert: join(folder, 'here.crt'), key: join(folder, 'here.key') };
}

import { Injectable } from '@nestjs/common';
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server';
import { AppConfig } from '../../platform/config/app.config.js';
import { FrontendConfig } from '../../platform/frontend/frontend.config.js';
import { HttpConfig } from '../../platform/http/http.config.js';
import { LIFETIME_SECONDS } from '../sign-in/challenges.service.js';

// A tenth of all modules, so they are loaded by whoever needs them first.
const webAuthn = () => import('@simplewebauthn/server');

const TIMEOUT_MILLISECONDS = LIFETIME_SECONDS * 1000;
const LONGEST_ID = 1400;

/** A passkey as it is stored. */
export interface Passkey {
  credential_id: string;
  public_key: Buffer;
  counter: number;
  transports: string[];
}

interface Owner {
  id: number;
  username: string;
  name: string;
}

type Listed = Pick<Passkey, 'credential_id' | 'transports'>;

/**
 * This site, as authenticators know it (WebAuthn level 3): the host of `FRONTEND_URL`, whose pages may use its passkeys,
 * as may those of `CORS_ORIGINS` on the same host or below. The user is always verified: a passkey is two factors.
 */
@Injectable()
export class RelyingParty {
  private readonly id: string;
  private readonly origins: string[];

  constructor(
    private readonly app: AppConfig,
    frontend: FrontendConfig,
    http: HttpConfig,
  ) {
    const { hostname, origin } = new URL(frontend.pageAt('/'));
    this.id = hostname;
    this.origins = [origin, ...http.origins.filter((one) => isBelow(new URL(one).hostname, hostname))];
  }

  async creationOptions(
    owner: Owner,
    signed: string,
    present: Listed[],
  ): Promise<PublicKeyCredentialCreationOptionsJSON> {
    const { generateRegistrationOptions } = await webAuthn();
    return generateRegistrationOptions({
      rpName: this.app.APP_NAME,
      rpID: this.id,
      userID: handleOf(owner.id),
      userName: owner.username,
      userDisplayName: owner.name,
      challenge: bytesOf(signed),
      timeout: TIMEOUT_MILLISECONDS,
      excludeCredentials: present.map(listed),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    });
  }

  /** @param allowed undefined for whichever the user has for this site */
  async requestOptions(signed: string, allowed?: Listed[]): Promise<PublicKeyCredentialRequestOptionsJSON> {
    const { generateAuthenticationOptions } = await webAuthn();
    return generateAuthenticationOptions({
      rpID: this.id,
      challenge: bytesOf(signed),
      timeout: TIMEOUT_MILLISECONDS,
      allowCredentials: allowed?.map(listed),
      userVerification: 'required',
    });
  }

  /** The passkey that a browser has made; undefined if it was not for this site, this text and a verified user. */
  async created(response: object, signed: string): Promise<Passkey | undefined> {
    const { verifyRegistrationResponse } = await webAuthn();
    try {
      const { registrationInfo } = await verifyRegistrationResponse({
        response: response as RegistrationResponseJSON,
        ...this.expected(signed),
      });
      const { id, publicKey, counter, transports = [] } = registrationInfo!.credential;
      if (id.length > LONGEST_ID) return undefined;
      return { credential_id: id, public_key: Buffer.from(publicKey), counter, transports: known(transports) };
    } catch {
      return undefined;
    }
  }

  /** What its counter says now; undefined if it has not signed this text here, or has been copied. */
  async counterOf(passkey: Passkey, response: object, signed: string): Promise<number | undefined> {
    const { verifyAuthenticationResponse } = await webAuthn();
    const { credential_id: id, public_key, counter } = passkey;
    try {
      const { verified, authenticationInfo } = await verifyAuthenticationResponse({
        response: response as AuthenticationResponseJSON,
        credential: { id, publicKey: new Uint8Array(public_key), counter },
        ...this.expected(signed),
      });
      return verified ? authenticationInfo.newCounter : undefined;
    } catch {
      return undefined;
    }
  }

  private expected(signed: string) {
    return {
      expectedChallenge: bytesOf(signed).toString('base64url'),
      expectedOrigin: this.origins,
      expectedRPID: this.id,
      requireUserVerification: true,
    };
  }
}

const TRANSPORTS = ['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb'];
const known = (transports: string[]) => TRANSPORTS.filter((one) => transports.includes(one));

const listed = ({ credential_id: id, transports }: Listed) => ({ id, transports });

const bytesOf = (text: string) => Buffer.from(text, 'base64url');

/** What authenticators keep of the user: an id, and no name. */
export const handleOf = (userId: number) => new Uint8Array(Buffer.from(`user ${userId}`));

function isBelow(host: string, domain: string): boolean {
  return host === domain || host.endsWith(`.${domain}`);
}

/** What a browser and its authenticator do for a passkey (WebAuthn level 3), right or as wrong as a test wants it. */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isoCBOR } from '@simplewebauthn/server/helpers';

/** Of `FRONTEND_URL` in the settings of tests. */
export const ORIGIN = 'https://app.example.com';

const [PRESENT, VERIFIED, ATTESTED] = [0x01, 0x04, 0x40];
const ID_BYTES = 32;

export interface Options {
  challenge: string;
  user?: { id: string };
  rp?: { id: string };
  rpId?: string;
  allowCredentials?: { id: string }[];
  excludeCredentials?: { id: string }[];
}

interface Lies {
  origin?: string;
  challenge?: string;
  rpId?: string;
  type?: string;
  counter?: number;
  isVerified?: boolean;
  userHandle?: string;
  /** A key that the site does not know. */
  key?: KeyObject;
}

const sha256 = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest();
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');

export class Passkey {
  readonly id = text(randomBytes(ID_BYTES));
  private readonly keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  private counter = 0;
  private userHandle = '';

  /** `RegistrationResponseJSON`. */
  create({ challenge, user, rp }: Options, lies: Lies = {}) {
    this.userHandle = user?.id ?? '';
    const data = this.authenticatorData({ rpId: rp?.id, ...lies }, true);
    const attestation = new Map<string, unknown>([
      ['fmt', 'none'],
      ['attStmt', new Map()],
      ['authData', new Uint8Array(data)],
    ]);
    const clientDataJSON = clientData('webauthn.create', { challenge, ...lies });
    const attestationObject = text(isoCBOR.encode(attestation as never));
    return {
      ...this.named,
      response: { clientDataJSON: text(clientDataJSON), attestationObject, transports: ['internal', 'carrier pigeon'] },
    };
  }

  /** `AuthenticationResponseJSON`. Its counter goes up with each, unless a test says what it is. */
  get({ challenge, rpId }: Options, lies: Lies = {}) {
    const counter = lies.counter ?? ++this.counter;
    const data = this.authenticatorData({ rpId, ...lies, counter }, false);
    const clientDataJSON = clientData('webauthn.get', { challenge, ...lies });
    const signed = Buffer.concat([data, sha256(clientDataJSON)]);
    const signature = text(sign('sha256', signed, lies.key ?? this.keys.privateKey));
    const userHandle = lies.userHandle ?? this.userHandle;
    return {
      ...this.named,
      response: { clientDataJSON: text(clientDataJSON), authenticatorData: text(data), signature, userHandle },
    };
  }

  /** The public key, as it is stored (RFC 9052, 7). */
  get publicKey(): Buffer {
    const { x, y } = this.keys.publicKey.export({ format: 'jwk' });
    const entries: [number, unknown][] = [
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, new Uint8Array(Buffer.from(x!, 'base64url'))],
      [-3, new Uint8Array(Buffer.from(y!, 'base64url'))],
    ];
    return Buffer.from(isoCBOR.encode(new Map(entries) as never));
  }

  private get named() {
    return { id: this.id, rawId: this.id, type: 'public-key', clientExtensionResults: {} };
  }

  private authenticatorData(
    { rpId = 'app.example.com', counter = 0, isVerified = true }: Lies,
    isNew: boolean,
  ): Buffer {
    const flags = PRESENT | (isVerified ? VERIFIED : 0) | (isNew ? ATTESTED : 0);
    const head = Buffer.alloc(5);
    head.writeUInt8(flags);
    head.writeUInt32BE(counter, 1);
    const id = Buffer.from(this.id, 'base64url');
    const length = Buffer.alloc(2);
    length.writeUInt16BE(id.length);
    const attested = isNew ? [Buffer.alloc(16), length, id, this.publicKey] : [];
    return Buffer.concat([sha256(rpId), head, ...attested]);
  }
}

export const strangersKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

function clientData(type: string, { challenge, origin = ORIGIN, ...lies }: Lies): Buffer {
  return Buffer.from(JSON.stringify({ type: lies.type ?? type, challenge, origin, crossOrigin: false }));
}

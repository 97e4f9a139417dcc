/** Endpoints that speak https. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PREFIX, type User } from '../../support/api.js';
import { type Certificates, certify } from '../../support/certificates.js';
import { type Lab, startLab } from '../../support/lab.js';
import { makeProduct } from '../../support/products.js';
import { until } from '../../support/program.js';
import { describeWith, hasProgram } from '../../support/programs.js';
import { INWARD, Receiver, verify } from './receiver.js';

const WEBHOOKS = `${PREFIX}/webhooks`;

describeWith('openssl', hasProgram('openssl', 'version'), 'an endpoint that speaks https', () => {
  const folder = mkdtempSync(join(tmpdir(), 'api-https-'));
  let lab: Lab;
  let [known, stranger]: Receiver[] = [];
  beforeAll(async () => {
    const [ours, theirs] = ['ours', 'theirs'].map((name) => certifiedIn(join(folder, name)));
    [known, stranger] = [await receiverOf(ours!), await receiverOf(theirs!)];
    lab = await startLab(INWARD);
    await lab.startWorker({ NODE_EXTRA_CA_CERTS: ours!.ca });
  });
  afterAll(async () => {
    await lab.stop();
    await Promise.all([known, stranger].map((one) => one!.close()));
    rmSync(folder, { recursive: true });
  });

  function certifiedIn(path: string): Certificates {
    mkdirSync(path);
    return certify(path);
  }

  const receiverOf = ({ cert, key }: Certificates) =>
    Receiver.startSecure({ cert: readFileSync(cert), key: readFileSync(key) });

  /** The path and the secret of a webhook that leads there. */
  async function hook({ agent }: User, { port }: Receiver): Promise<{ path: string; secret: string }> {
    const sent = { url: `https://127.0.0.1:${port}/hook`, events: ['lab_product.created'] };
    const { body } = await agent.post(WEBHOOKS).send(sent).expect(201);
    return { path: `${WEBHOOKS}/${body.id}`, secret: body.secret as string };
  }

  test('is told of events if its certificate is good', async () => {
    const ada = await lab.api.signUp();
    const { secret } = await hook(ada, known!);
    const product = await makeProduct(ada);
    await until(() => known!.received.length === 1);
    expect(known!.received[0]!.data).toEqual(product);
    verify(secret, known!.received[0]!);
  });

  test('is told nothing if nobody vouches for it', async () => {
    const ada = await lab.api.signUp();
    const { path } = await hook(ada, stranger!);
    await makeProduct(ada);
    const attempts = async () => {
      const { body } = await ada.agent.get(`${path}/deliveries`).expect(200);
      return body.data[0].attempts as { response_status: number | null; error: string | null }[];
    };
    await until(async () => (await attempts()).length > 0);
    expect((await attempts())[0]).toMatchObject({ response_status: null, error: 'tls_failed' });
    expect(stranger!.received).toEqual([]);
  });
});

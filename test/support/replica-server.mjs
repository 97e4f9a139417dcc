/** Runs a streaming replica in the folder given, of a server given by its URL and folder, for suites that need one to break. */
import { startReplica } from './replica.mjs';

const [folder, url, original] = process.argv.slice(2);
const replica = await startReplica(folder, { url, folder: original }, ['fsync=off']);
process.once('SIGTERM', () => void replica.stop().then(() => process.exit(0)));
process.send({ listening: replica.url });

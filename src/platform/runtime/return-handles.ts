/** Sends each handle back that it is sent; see `accepting.ts`. */
process.on('message', (_, handle) => process.send!('', handle));

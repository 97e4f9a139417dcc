/** Sends each handle back that it is sent; see `accept-connections.ts`. */
process.on('message', (_, handle) => process.send!('', handle));

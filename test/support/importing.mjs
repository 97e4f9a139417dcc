/** A program (`LAB_PROGRAM`) in which a module imports the one of a file (`LAB_IMPORTED`), as somebody may write. */
const DIST = new URL('../../dist/src/', import.meta.url);
const { LAB_PROGRAM, LAB_IMPORTED } = process.env;

const modules = Object.values(await import(new URL(LAB_IMPORTED, DIST).href));
const { FoundationModule } = await import(new URL('foundation.module.js', DIST).href);
// Every program has it.
Reflect.defineMetadata('imports', modules, FoundationModule);
await import(new URL(`${LAB_PROGRAM}.js`, DIST).href);

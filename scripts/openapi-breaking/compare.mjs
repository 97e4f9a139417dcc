/** Compares two OpenAPI documents, operation by operation. */
import { broken, pairs } from './places.mjs';
import { compareSchemas } from './schemas.mjs';

const PROBLEM = 'application/problem+json';

/** Each thing that breaks clients, and the operations and events where it does: `{ what, operations }`. */
export function breakages(old, next) {
  const found = new Map();
  const note = (place, said) => {
    for (const what of new Set(said)) found.set(what, [...(found.get(what) ?? []), place]);
  };
  for (const [operation, was, is] of pairs(operationsOf(old), operationsOf(next)))
    note(operation, compareOperations(was, is));
  for (const [event, was, is] of pairs(linked(old).webhooks, linked(next).webhooks))
    note(event, compareEvents(was?.post, is?.post));
  return [...found].map(([what, operations]) => ({ what, operations }));
}

function operationsOf(document) {
  const operations = Object.entries(linked(document).paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation]),
  );
  return Object.fromEntries(operations);
}

/** A document in which each reference is the thing itself. */
function linked(document) {
  const whole = structuredClone(document);
  const target = (ref) =>
    ref
      .split('/')
      .slice(1)
      .reduce((at, name) => at[name], whole);
  const link = (node) => {
    for (const [key, value] of Object.entries(node)) {
      if (typeof value?.$ref === 'string') node[key] = target(value.$ref);
      else if (typeof value === 'object' && value !== null) link(value);
    }
  };
  link(whole);
  return whole;
}

function compareOperations(was, is) {
  const said = broken('operation', was, is, 'in', 'The operation');
  if (!was || !is) return said;
  return [...said, ...compareParameters(was, is), ...compareBodies(was, is), ...compareResponses(was, is)];
}

/** Clients get what the API sends of its own accord. */
function compareEvents(was, is) {
  const said = broken('event', was, is, 'out', 'The event');
  if (!was || !is) return said;
  return [...said, ...compareContents(was.requestBody, is.requestBody, { way: 'out', root: 'the message' })];
}

function compareParameters(was, is) {
  return pairs(parametersOf(was), parametersOf(is)).flatMap(([name, one, other]) => {
    const said = broken('parameter', one, other, 'in', name);
    return one && other ? [...said, ...compareSchemas(one.schema, other.schema, { way: 'in', root: name })] : said;
  });
}

function parametersOf({ parameters = [] }) {
  return Object.fromEntries(parameters.map((one) => [`${one.in} parameter ${one.name}`, one]));
}

function compareBodies({ requestBody: was }, { requestBody: is }) {
  if (!was && !is) return [];
  return [...broken('body', was, is, 'in', 'The body'), ...compareContents(was, is, { way: 'in', root: 'the body' })];
}

function compareResponses(was, is) {
  return pairs(was.responses, is.responses).flatMap(([status, one, other]) => {
    const place = { way: 'out', root: `the ${status}` };
    const said = broken(status.startsWith('2') ? 'success' : 'failure', one, other, 'out', `Status ${status}`);
    const headers = pairs(one?.headers, other?.headers);
    const lost = headers.flatMap(([name, ...both]) => broken('header', ...both, 'out', `${name} of ${place.root}`));
    return one && other ? [...said, ...lost, ...compareContents(one, other, place)] : said;
  });
}

function compareContents(was, is, place) {
  if (!was || !is) return [];
  return pairs(was.content, is.content).flatMap(([type, one, other]) => {
    const said = broken('media', one, other, place.way, `${type} of ${place.root}`);
    if (!one || !other) return said;
    const codes = type === PROBLEM ? pairs(one.examples, other.examples) : [];
    const lost = codes.flatMap(([code, ...both]) => broken('code', ...both, 'out', `Code ${code} of ${place.root}`));
    return [...said, ...lost, ...compareSchemas(one.schema, other.schema, place)];
  });
}

/** A file that is changed at places which its syntax names, and refused where it has none of them. */
import ts from 'typescript';
import { Refusal } from '../refusal.mjs';

const nameOf = (node) => node?.name?.text;

export class Source {
  #edits = [];

  constructor(path, text) {
    this.path = path;
    this.text = text;
    this.tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  }

  /** The text with all changes. */
  get changed() {
    const edits = this.#edits.toSorted((a, b) => a.from - b.from);
    return edits.reduceRight((text, { from, to, given }) => text.slice(0, from) + given + text.slice(to), this.text);
  }

  replace(from, to, given) {
    this.#edits.push({ from, to, given });
  }

  /** What is given for one place stands there in the order in which it is given. */
  insert(at, given) {
    this.replace(at, at, given);
  }

  refuse(what) {
    throw new Refusal(`${this.path} has no ${what}: change it by hand`);
  }

  class(name) {
    return this.classes().find((one) => nameOf(one) === name) ?? this.refuse(`class ${name}`);
  }

  /** The methods that take an instance of a class as a parameter. */
  methodsWith(type) {
    const methods = this.classes().flatMap(({ members }) => members.filter(ts.isMethodDeclaration));
    return methods.filter(({ parameters }) => parameters.some((one) => one.type?.getText() === type));
  }

  /** What a `const` or `let` at the top declares. */
  variable(name) {
    for (const statement of this.tree.statements.filter(ts.isVariableStatement)) {
      const found = statement.declarationList.declarations.find((one) => nameOf(one) === name);
      if (found) return { statement, value: found.initializer };
    }
    return undefined;
  }

  /** Adds members before the first that has one of these names, or at the end of the class. */
  addMembers(node, texts, names, gap = '\n\n') {
    const next = node.members.find((one) => names.includes(nameOf(one)));
    const at = next?.getStart(this.tree, true) ?? node.members.end;
    for (const text of texts) this.insert(at, next ? text + gap : gap + text);
  }

  /** Adds to an object or a list, at its end. */
  append(node, texts) {
    const { end, length, hasTrailingComma } = node.properties ?? node.elements;
    const comma = length > 0 && !hasTrailingComma ? ', ' : '';
    if (texts.length > 0) this.insert(end, comma + texts.join(', '));
  }

  /** Adds to the list or the object that a property of an object has, or makes that property. */
  appendTo(object, name, texts, [open, close]) {
    const value = propertyOf(object, name);
    if (value) this.append(value, texts);
    else if (texts.length > 0) this.append(object, [`${name}: ${open}${texts.join(', ')}${close}`]);
  }

  classes() {
    return this.tree.statements.filter(ts.isClassDeclaration);
  }
}

/** The value of a property of an object, where that has it. */
export const propertyOf = (object, name) => object.properties.find((one) => nameOf(one) === name)?.initializer;

export const decoratorsOf = (node) =>
  (ts.getDecorators(node) ?? []).map((one) => callOf(one.expression, one)).filter(Boolean);

/** What is called with what. */
export function callOf(expression, node = expression) {
  if (!ts.isCallExpression(expression)) return undefined;
  return { node, name: expression.expression.getText(), args: expression.arguments };
}

/** Every node within another for which the test holds, in their order. */
export function within(node, isFit) {
  const found = [];
  const visit = (one) => {
    if (isFit(one)) found.push(one);
    ts.forEachChild(one, visit);
  };
  visit(node);
  return found;
}

/** Babel's nodes, with the fields of all types. */
export interface Node {
  type: string;
  loc?: { start: { line: number } };
  [field: string]: unknown;
}

/** TypeScript nodes around an expression, without an effect at run time. */
export const wrappers = new Set([
  ...['TSAsExpression', 'TSSatisfiesExpression', 'TSNonNullExpression', 'TSTypeAssertion'],
  ...['TSInstantiationExpression', 'ParenthesizedExpression', 'AwaitExpression'],
]);

/** TypeScript nodes that contain code. The others are types. */
export const withCode = new Set([
  ...['TSModuleDeclaration', 'TSModuleBlock', 'TSExportAssignment', 'TSImportEqualsDeclaration'],
  ...['TSEnumDeclaration', 'TSEnumBody', 'TSEnumMember', 'TSParameterProperty', ...wrappers],
]);

export const asNode = (value: unknown): Node | undefined =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string'
    ? (value as Node)
    : undefined;

export const asNodes = (value: unknown): Node[] =>
  Array.isArray(value) ? value.flatMap((item) => asNode(item) ?? []) : [];

export const lineOf = (node: Node): number => node.loc?.start.line ?? 1;

export const isFunction = ({ type }: Node): boolean =>
  type.endsWith('FunctionExpression') ||
  /^(?:FunctionDeclaration|(?:Class|ClassPrivate|Object)Method)$/.test(type);

export const isExpression = ({ type }: Node): boolean =>
  /(?:Expression|Literal)$/.test(type) || type === 'Identifier';

export const functionName = (node: Node): string => String(asNode(node.id)?.name ?? keyOf(node) ?? '');

/** Whether a function's body consists of calls alone: `() => stop(0)`. */
export function isCallsOnly(node: Node): boolean {
  const body = asNode(node.body);
  if (body?.type !== 'BlockStatement') return body?.type === 'CallExpression';
  return asNodes(body.body).every(
    (statement) =>
      statement.type === 'ExpressionStatement' && asNode(statement.expression)?.type === 'CallExpression',
  );
}

/** `x`, or `this.x`. */
export function pathOf(raw: unknown): string | undefined {
  const node = asNode(raw);
  if (node?.type === 'Identifier') return String(node.name);
  const name = memberName(node);
  return name !== undefined && asNode(node?.object)?.type === 'ThisExpression' ? `this.${name}` : undefined;
}

/** The last name of `a.b`, `a["b"]` and `a.#b`. */
export function memberName(raw: unknown): string | undefined {
  const node = asNode(raw);
  if (!node || !/^(?:Optional)?MemberExpression$/.test(node.type)) return undefined;
  return keyOf({ type: node.type, key: node.property, computed: node.computed });
}

export function keyOf(node: Node): string | undefined {
  const key = asNode(node.key);
  if (!key) return undefined;
  if (key.type === 'StringLiteral') return String(key.value);
  if (key.type === 'PrivateName') return `#${String(asNode(key.id)?.name)}`;
  return key.type === 'Identifier' && node.computed !== true ? String(key.name) : undefined;
}

export function childrenOf(node: Node): Node[] {
  return Object.entries(node).flatMap(([field, value]) => {
    if (field === 'loc' || field === 'extra' || field === 'errors') return [];
    return Array.isArray(value) ? asNodes(value) : (asNode(value) ?? []);
  });
}

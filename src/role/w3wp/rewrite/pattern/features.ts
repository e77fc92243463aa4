import type { AST } from '@eslint-community/regexpp'

/** The capturing groups in a part of a pattern, the part itself included. */
export function groupsOf(node: AST.Element): readonly AST.CapturingGroup[] {
  if (node.type === 'Quantifier') return groupsOf(node.element)
  if (!('alternatives' in node)) return []
  const inner = node.alternatives.flatMap(({ elements }) => elements.flatMap(groupsOf))
  return node.type === 'CapturingGroup' ? [node, ...inner] : inner
}

/** Whether a part of a pattern can fit without taking a character. */
export function canBeEmpty(node: AST.Element): boolean {
  switch (node.type) {
    case 'Assertion':
    case 'Backreference':
      return true
    case 'Quantifier':
      return node.min === 0 || canBeEmpty(node.element)
    case 'Group':
    case 'CapturingGroup':
      return node.alternatives.some(({ elements }) => elements.every(canBeEmpty))
    case 'Character':
    case 'CharacterClass':
    case 'CharacterSet':
    case 'ExpressionCharacterClass':
      return false
  }
}

import { lastCode } from './batch/batch-commands.ts'
import { errorLevel } from './batch/fill-in.ts'
import type { Comparison } from './syntax.ts'

/** The operators of `test`, and their results for an order below, at and above 0. */
const operators: Readonly<Record<Comparison, readonly [test: string, holds: (order: number) => boolean]>> = {
  '==': ['=', (order) => order === 0],
  equ: ['-eq', (order) => order === 0],
  neq: ['-ne', (order) => order !== 0],
  lss: ['-lt', (order) => order < 0],
  leq: ['-le', (order) => order <= 0],
  gtr: ['-gt', (order) => order > 0],
  geq: ['-ge', (order) => order >= 0],
}

/** A comparison of two texts, quotes included, as `true`, `false`, or, in a batch file that asks what the last program has returned, as a test of the shell. */
export function compared(operator: Comparison, left: string, right: string, inBatch: boolean): string {
  const [test, holds] = operators[operator]
  const [bareLeft, bareRight] = [bare(left), bare(right)]
  if (inBatch && errorLevel.test(bareLeft) && isNumber(bareRight)) return `[ "${lastCode}" ${test} ${bareRight} ]`
  return String(holds(orderOf(operator, left, right)))
}

function bare(text: string): string {
  return text.replace(/^"([^]*)"$/, '$1')
}

function isNumber(text: string): boolean {
  return /^-?\d{1,10}$/.test(text)
}

/** Numbers by their size, where both are; texts by their letters. */
function orderOf(operator: Comparison, left: string, right: string): number {
  if (operator !== '==' && isNumber(left) && isNumber(right)) return Number(left) - Number(right)
  if (left === right) return 0
  return left < right ? -1 : 1
}

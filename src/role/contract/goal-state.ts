import type { Instant } from '../../kernel/instant.ts'
import { xml } from '../../kernel/xml.ts'
import { schemaNamespaces } from './discovery.ts'

/** What the role is to do: the goal state document of role-runtime.md 4. */
export interface RoleGoal {
  readonly incarnation: number
  readonly expected: 'Started' | 'Stopped'
  readonly roleEnvironmentPath: string
  /** When `Stopped`: the moment after which the process is killed. */
  readonly deadline?: Instant | undefined
}

/** Digits of an incarnation: the Node client compares it as text (role-runtime.md 4.2, rule 6). */
const incarnationDigits = 10

/** Deadline of a goal that has none: the maximal value of the type. */
const noDeadline = '9999-12-31T23:59:59.9999999Z'

/** The document, in ASCII and on one line: no client then meets a CR LF or counts bytes wrongly (4.2). */
export function writeRoleGoal(goal: RoleGoal, currentStateEndpoint: string): string {
  const deadline = goal.deadline === undefined ? noDeadline : new Date(goal.deadline).toISOString()
  const document = xml('GoalState', schemaNamespaces, [
    xml('Incarnation', {}, String(goal.incarnation).padStart(incarnationDigits, '0')),
    xml('ExpectedState', {}, goal.expected),
    xml('RoleEnvironmentPath', {}, goal.roleEnvironmentPath),
    xml('CurrentStateEndpoint', {}, currentStateEndpoint),
    xml('Deadline', {}, deadline),
  ])
  return `<?xml version="1.0" encoding="utf-8"?>${ascii(document.markup)}`
}

/** The document as one chunk of the goal state endpoint: length in hexadecimal, CR LF, document, CR LF (4.2). */
export function chunkOf(document: string): string {
  return `${document.length.toString(16)}\r\n${document}\r\n`
}

function ascii(text: string): string {
  return text.replace(/[^\x20-\x7e]/gu, (character) => `&#x${(character.codePointAt(0) as number).toString(16)};`)
}

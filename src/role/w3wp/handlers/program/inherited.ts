import { roleVariables } from '../../../contract/variables.ts'

/** The part of w3wp's environment for a program that it starts: with the preload, if that is a Node program (I-16). */
export function inherited(): Readonly<Record<string, string>> {
  const { [roleVariables.nodeOptions]: nodeOptions, ...own } = process.env
  const given = nodeOptions === undefined ? own : { ...own, NODE_OPTIONS: nodeOptions }
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  )
}

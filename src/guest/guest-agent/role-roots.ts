import { type RootLetter, rootLetter } from '../contract/guest-paths.ts'
import type { Drives, RoleRoot } from './drives.ts'
import type { Goal, GuestAgentState, Stack } from './state.ts'

/** A role root that should exist: what it is, where, and the unpacked software from which it is copied. */
export interface WantedRoot {
  readonly root: RoleRoot
  readonly letter: RootLetter
  readonly software: string
}

/** The role root that the role is to run from. */
export function goalRoot({ configuration }: Goal): WantedRoot {
  const { root, software, softwareSha256 } = configuration
  return { root: { number: root, softwareSha256 }, letter: rootLetter(root), software }
}

/** The one after it, which is unpacked while the role runs on (design.md 9.8); undefined when none is asked for. */
export function nextRoot({ configuration: { root, next } }: Goal): WantedRoot | undefined {
  if (!next) return undefined
  const number = root + 1
  const { software, softwareSha256 } = next
  return { root: { number, softwareSha256 }, letter: rootLetter(number), software }
}

export function sameRoot(one: RoleRoot, other: RoleRoot): boolean {
  return one.number === other.number && one.softwareSha256 === other.softwareSha256
}

/** True when it stands whole in its place. */
export function stands(drives: Drives, { root, letter }: WantedRoot): boolean {
  const held = drives[letter]
  return held !== undefined && held !== 'leftover' && sameRoot(held, root)
}

/** Why the last attempt to make it has failed. */
export function faultOf({ drives, rootFault }: GuestAgentState, wanted: WantedRoot): GuestAgentState['rootFault'] {
  return rootFault && sameRoot(rootFault.root, wanted.root) && !stands(drives, wanted) ? rootFault : undefined
}

/** True while processes of the role may run from the drive. */
export function isInUse(stack: Stack, letter: RootLetter): boolean {
  return stack.kind !== 'down' && rootLetter(stack.runs.root.number) === letter
}

/**
 * The state with every role root that is no longer wanted marked as a leftover. It is one from that moment on, before the drive
 * is written to: if it is wanted again meanwhile, it is made anew.
 */
export function withLeftovers(state: GuestAgentState): GuestAgentState {
  const { goal, drives } = state
  if (!goal) return state
  const left = (letter: RootLetter) => (isWanted(state, goal, letter) ? drives[letter] : 'leftover')
  const marked: Drives = { E: left('E'), F: left('F') }
  return marked.E === drives.E && marked.F === drives.F ? state : { ...state, drives: marked }
}

function isWanted({ drives, stack }: GuestAgentState, goal: Goal, letter: RootLetter): boolean {
  const held = drives[letter]
  if (held === undefined || held === 'leftover' || isInUse(stack, letter)) return true
  const [wanted, next] = [goalRoot(goal), nextRoot(goal)]
  if (letter === wanted.letter) return stands(drives, wanted)
  return next ? stands(drives, next) : goal.configuration.keepFormerRoot && held.number < wanted.root.number
}

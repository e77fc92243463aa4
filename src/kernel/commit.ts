import type { Unstored } from './store.ts'

/** Result of a commit: the state to go on with, or why there is none. Also `unknown` when only a part of it is stored. */
export type Commit<State> = { readonly outcome: 'committed'; readonly state: State } | Unstored

/** Makes a change of the state durable. `ended` is called once, before it returns or later; what it throws ends the process. */
export type Committer<State> = (state: State, ended: (commit: Commit<State>) => void) => void

/** For a commit that has ended when `store` returns; it answers with the state to go on with. */
export function atOnce<State>(store: (state: State) => State): Committer<State> {
  return (state, ended) => ended({ outcome: 'committed', state: store(state) })
}

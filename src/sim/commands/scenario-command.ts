import type { World } from '../world.ts'

/** A command of a transcript: its form, and what it does. Its answer is printed; the history comes after it. */
export interface ScenarioCommand {
  readonly form: RegExp
  run(world: World, words: readonly string[]): readonly string[] | void
}

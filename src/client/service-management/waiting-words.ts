import type { Progress } from './updates.ts'

/** What an update waits for, without the words of the guests: where each instance is shown with its details, they stand there. */
export function withoutDetails(words: string, instances: Progress['instances']): string {
  return instances.reduce((rest, { details }) => (details === '' ? rest : rest.replace(` (${details})`, '')), words)
}

/** Why an update is held, without what is between the fabric's own sentences about a role that recycles (U-37). */
export function withoutLastSeen(words: string): string {
  return words.replace(/ Last seen: .*?(?= The new version of the service )/s, '')
}

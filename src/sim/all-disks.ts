import { type StoreWeather, soundStore } from './memory-store.ts'
import type { World } from './world.ts'

const fullStore: StoreWeather = { answerMs: [0, 5], refused: 1, unanswered: 0 }

/**
 * One disk is overfull for all, as where a fabric has one machine: the controller's store refuses, packages find no room, Host Agents and guests can
 * write nothing. Or there is room again.
 */
export function setAllDisksFull(world: World, isFull: boolean): void {
  world.setStoreWeather(isFull ? fullStore : soundStore)
  for (const { disk } of world.hosts.values()) disk.setFull(isFull)
}

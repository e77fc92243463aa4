import { controllerName } from './controller/process.ts'
import type { World } from './world.ts'

/** After what time of calm a commit that was lost on its way to etcd has been sent again, and what waited for it is done, in milliseconds. */
const calmMs = 10_000

/** Whether something hinders the controller's work now, or has a moment ago: it is stopped, or its store is unwell or, on several machines, far away in bad weather. */
export function isHeldUp({ controller, network, several }: World): boolean {
  const isUnsteady = several !== undefined && network.steadyFor([controllerName]) < calmMs
  return isUnsteady || controller.isPaused() || network.isHampered(controllerName)
}

import type { MachineView } from '../../fabric/contract/machines.ts'

/** Text of `run/controllers.json`: the URLs at which whoever asks the controller looks for it. */
export function controllersFileText(machines: readonly Pick<MachineView, 'controllerUrl'>[]): string {
  return `${JSON.stringify(machines.flatMap(({ controllerUrl }) => controllerUrl ?? []))}\n`
}

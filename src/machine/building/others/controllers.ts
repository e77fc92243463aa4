import { readFileSync } from 'node:fs'
import type { MachineView } from '../../../fabric/contract/machines.ts'
import type { Places } from '../data-directory.ts'
import { keepText } from './keep-text.ts'

/** The controllers of the fabric, URLs, as last heard; this machine's parts look for the master among them. */
export function controllersOf({ controllers }: Pick<Places, 'controllers'>): readonly string[] {
  return JSON.parse(readFileSync(controllers, 'utf8')) as readonly string[]
}

/** Stores them when they are others than before. A list without any is never stored: nobody would be found by it. */
export function keepControllers(
  { controllers }: Pick<Places, 'controllers'>,
  machines: readonly Pick<MachineView, 'controllerUrl'>[],
): void {
  const urls = machines.flatMap(({ controllerUrl }) => controllerUrl ?? [])
  if (urls.length > 0) keepText(controllers, `${JSON.stringify(urls)}\n`)
}

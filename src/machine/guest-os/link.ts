import { rmSync, symlinkSync } from 'node:fs'
import { dirname, relative } from 'node:path'

/** Makes `alias` a link to `target`, which need not exist; relative, so that the tree can be moved. */
export function link(alias: string, target: string): void {
  rmSync(alias, { force: true })
  symlinkSync(relative(dirname(alias), target), alias)
}

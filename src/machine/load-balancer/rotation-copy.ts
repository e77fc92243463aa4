import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readRotation } from '../../fabric/contract/read-rotation.ts'
import type { RotationTable } from '../../fabric/contract/rotation.ts'
import type { Log } from '../../kernel/log.ts'
import { writeWhole } from '../building/write-whole.ts'

/** The rotation table on disk, served after a restart until the controller answers. */
export interface RotationCopy {
  /** Undefined when there is none that can be read. */
  read(): RotationTable | undefined
  /** Replaces it whole. A full disk is only logged: the table in force does not depend on the file. */
  readonly save: (table: RotationTable) => void
}

/** The copy in this directory, which is made when it is missing. */
export function openRotationCopy(directory: string, log: Log): RotationCopy {
  mkdirSync(directory, { recursive: true })
  const file = join(directory, 'rotation.json')
  return {
    read() {
      const tell = (what: string) =>
        log.warn(`${file} ${what}; the balancer serves nothing until the controller answers`)
      try {
        const table = readRotation(JSON.parse(readFileSync(file, 'utf8')))
        if (!table) tell('holds no rotation table')
        return table
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException
        if (code !== 'ENOENT') tell(`cannot be read (${message})`)
        return undefined
      }
    },
    save(table) {
      try {
        writeWhole(file, JSON.stringify(table))
      } catch (error) {
        log.error(`${file} cannot be written (${(error as Error).message}); a restart would serve an older table`)
      }
    },
  }
}
